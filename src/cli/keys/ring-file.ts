/** The keyring file: opened with its secret, and replaced whole. */
import { randomBytes } from 'node:crypto'
import { open, readFile, rename, unlink } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SecretRef } from '../../access/model.ts'
import { readKeyring, readSecret } from '../../adapters/secret/files.ts'
import { EscrowError, readEscrow } from '../../base/escrow.ts'
import { fingerprint, type Keyring, seal } from '../../base/keyring.ts'
import { RefusedError } from '../authority/refused.ts'
import { type Io, UsageError } from '../command.ts'

export const RING_OPTIONS = {
  file: { type: 'string', default: 'keys/ring.json' },
  'secret-file': { type: 'string' },
  'secret-env': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export interface RingValues {
  readonly file: string
  readonly 'secret-file'?: string | undefined
  readonly 'secret-env'?: string | undefined
}

export interface OpenRing {
  readonly path: string
  readonly secret: string
  readonly ring: Keyring
}

export function secretOf(values: RingValues, io: Io): Promise<string> {
  const { 'secret-file': file, 'secret-env': env } = values
  if ((file === undefined) === (env === undefined))
    throw new UsageError(
      `${file === undefined ? 'nothing says' : 'two options say'} where the secret of the ring is: give --secret-file FILE, or --secret-env NAME with the name of the environment variable that holds it, such as --secret-env RING_SECRET`,
    )
  const ref: SecretRef = file === undefined ? { env: env! } : { file }
  return readSecret(ref, io.env, (path) => resolve(io.cwd, path))
}

/** Throws SecretError, KeyringError. */
export async function openRing(values: RingValues, io: Io): Promise<OpenRing> {
  const path = resolve(io.cwd, values.file)
  const secret = await secretOf(values, io)
  return { path, secret, ring: await readKeyring(path, secret) }
}

/** Makes a new file, readable by its owner only. Throws RefusedError when there is one. */
export async function writeNew(path: string, text: string, what: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600).catch(() => {
    throw new RefusedError(`the ${what} exists already or cannot be written; nothing was changed`)
  })
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** In one step: whoever reads it finds the old ring or the new one, whole, and it survives a loss of power. */
export async function replaceRing({ path, secret }: OpenRing, ring: Keyring): Promise<void> {
  const fresh = `${path}.new`
  await writeNew(fresh, seal(ring, Buffer.from(secret, 'utf8'), { random: randomBytes(28) }), 'new keyring file')
  try {
    await rename(fresh, path)
  } catch {
    await unlink(fresh).catch(() => {})
    throw new RefusedError('the keyring file cannot be replaced; nothing was changed')
  }
}

export function showRing(path: string, ring: Keyring, json: boolean, io: Io): void {
  const epochs = ring.epochs.map(({ id, created, state }) => ({ id, created, state }))
  if (json) {
    io.out(`${JSON.stringify({ file: path, fingerprint: fingerprint(ring), epochs })}\n`)
    return
  }
  io.out(`${path}\nfingerprint ${fingerprint(ring)}\n`)
  for (const { id, created, state } of epochs) io.out(`${id.padEnd(6)} ${state.padEnd(10)} ${created}\n`)
}

/** Is there an escrow beside the ring that holds its newest epoch? */
export async function isEscrowed(path: string, ring: Keyring): Promise<boolean> {
  const text = await readFile(`${path}.escrow.json`, 'utf8').catch(() => '')
  try {
    return readEscrow(text).head.created >= (ring.epochs.at(-1)?.created ?? '')
  } catch (error) {
    if (error instanceof EscrowError) return false
    throw error
  }
}
