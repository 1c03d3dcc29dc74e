/** `veilgate keys`: the keyring file that pseudonyms, journal and audit keys are derived from. Keys are never printed. */
import { randomBytes } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { SecretRef } from '../access/model.ts'
import { readKeyring, readSecret, SecretError } from '../adapters/secret/files.ts'
import { createRing, fingerprint, type Keyring, KeyringError, seal } from '../base/keyring.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'

const USAGE = `veilgate keys init [--file keys/ring.json] --secret-file FILE | --secret-env NAME
veilgate keys list [--file keys/ring.json] --secret-file FILE | --secret-env NAME [--json]

init makes a keyring with one epoch, sealed under the secret (at least 16 bytes); it replaces none. list shows ids,
dates and states of the epochs and the fingerprint nodes attest. Files that group or others may read are refused.
`

export const command: Command = {
  name: 'keys',
  summary: 'make and show the keyring',
  usage: USAGE,
  run: (args, io) =>
    refusing('keys', io, async () => {
      const [action, ...rest] = args
      if (action !== 'init' && action !== 'list') throw new UsageError('one of init, list')
      try {
        return await (action === 'init' ? init(rest, io) : list(rest, io))
      } catch (error) {
        if (error instanceof SecretError) throw new RefusedError(error.message)
        if (error instanceof KeyringError) throw new RefusedError(SENTENCES[error.code] ?? error.code)
        throw error
      }
    }),
}

const SENTENCES: Readonly<Partial<Record<KeyringError['code'], string>>> = {
  KEYRING_SECRET: 'the secret does not open this keyring, or the file was altered',
  KEYRING_WEAK_SECRET: 'the secret is too short; at least 16 bytes',
  KEYRING_SYNTAX: 'this file is no keyring',
  KEYRING_VERSION: 'this keyring is of another version',
}

const OPTIONS = {
  file: { type: 'string', default: 'keys/ring.json' },
  'secret-file': { type: 'string' },
  'secret-env': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

interface Source {
  readonly 'secret-file'?: string | undefined
  readonly 'secret-env'?: string | undefined
}

function secretOf(values: Source, io: Io): Promise<string> {
  const { 'secret-file': file, 'secret-env': env } = values
  if ((file === undefined) === (env === undefined)) throw new UsageError('one of --secret-file and --secret-env')
  const ref: SecretRef = file === undefined ? { env: env! } : { file }
  return readSecret(ref, io.env, (path) => resolve(io.cwd, path))
}

async function init(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, OPTIONS)
  const secret = Buffer.from(await secretOf(values, io), 'utf8')
  const ring = createRing(randomBytes(32), new Date().toISOString())
  const text = seal(ring, secret, { random: randomBytes(28) })
  const path = resolve(io.cwd, values.file)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const handle = await open(path, 'wx', 0o600).catch(() => {
    throw new RefusedError('the keyring file exists already or cannot be written; nothing was changed')
  })
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  show(path, ring, values.json, io)
  return EXIT.done
}

async function list(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, OPTIONS)
  const path = resolve(io.cwd, values.file)
  show(path, await readKeyring(path, await secretOf(values, io)), values.json, io)
  return EXIT.done
}

function show(path: string, ring: Keyring, json: boolean, io: Io): void {
  const epochs = ring.epochs.map(({ id, created, state }) => ({ id, created, state }))
  if (json) {
    io.out(`${JSON.stringify({ file: path, fingerprint: fingerprint(ring), epochs })}\n`)
    return
  }
  io.out(`${path}\nfingerprint ${fingerprint(ring)}\n`)
  for (const { id, created, state } of epochs) io.out(`${id.padEnd(6)} ${state.padEnd(10)} ${created}\n`)
}
