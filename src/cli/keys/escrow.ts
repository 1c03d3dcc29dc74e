/** `veilgate keys escrow` and `recover`: the ring sealed to two custodians, both of whom are needed to open it again. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readPrivateFile } from '../../adapters/secret/files.ts'
import { ESCROW_RANDOM_BYTES, EscrowError, openEscrow, sealEscrow } from '../../base/escrow.ts'
import { exportEpochs, fingerprint, importEpochs, seal } from '../../base/keyring.ts'
import { RefusedError } from '../authority/refused.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { openRing, RING_OPTIONS, secretOf, showRing, writeNew } from './ring-file.ts'

const ESCROW = { ...RING_OPTIONS, to: { type: 'string' }, out: { type: 'string' } } as const
const RECOVER = { ...RING_OPTIONS, from: { type: 'string' }, with: { type: 'string' } } as const

const SENTENCES: Readonly<Record<EscrowError['code'], string>> = {
  ESCROW_KEY: 'a custodian has a P-256 key, or RSA of 3072 bits or more',
  ESCROW_SAME_CUSTODIAN: 'these are two files of one key; two custodians are needed',
  ESCROW_SYNTAX: 'this file is no escrow',
  ESCROW_CUSTODIANS: 'these keys do not open this escrow, or the file was altered; both custodians are needed',
}

/** `--to A.pem B.pem`: certificates or public keys. */
export function escrowRing(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, ESCROW, 'any')
  const paths = [values.to, ...positionals]
  if (paths.length !== 2 || values.to === undefined) throw new UsageError('--to A.pem B.pem: two custodians')
  return telling(async () => {
    const opened = await openRing(values, io)
    const custodians = await Promise.all(paths.map((path) => publicKey(resolve(io.cwd, path!))))
    const plain = exportEpochs(opened.ring)
    const created = new Date().toISOString()
    const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const text = sealEscrow(
      plain,
      [custodians[0]!, custodians[1]!],
      { fingerprint: fingerprint(opened.ring), created },
      { bytes: randomBytes(ESCROW_RANDOM_BYTES), pairs: [pair(), pair()] },
    )
    plain.fill(0)
    const out = values.out === undefined ? `${opened.path}.escrow.json` : resolve(io.cwd, values.out)
    await writeNew(out, text, 'escrow file')
    io.out(`${out}\nfingerprint ${fingerprint(opened.ring)}\n`)
    return EXIT.done
  })
}

/** `--with A.key.pem B.key.pem`: the custodians' private keys; writes a new ring under a new secret. */
export function recoverRing(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, RECOVER, 'any')
  const paths = [values.with, ...positionals]
  if (values.from === undefined || values.with === undefined || paths.length !== 2)
    throw new UsageError('--from ESCROW.json --with A.key.pem B.key.pem')
  const { from } = values
  return telling(async () => {
    const text = await readFile(resolve(io.cwd, from), 'utf8').catch(() => {
      throw new RefusedError(`${from} cannot be read`)
    })
    const keys = await Promise.all(paths.map((path) => privateKey(resolve(io.cwd, path!))))
    const plain = openEscrow(text, [keys[0]!, keys[1]!])
    const ring = importEpochs(plain)
    plain.fill(0)
    const path = resolve(io.cwd, values.file)
    const secret = Buffer.from(await secretOf(values, io), 'utf8')
    await writeNew(path, seal(ring, secret, { random: randomBytes(28) }), 'keyring file')
    showRing(path, ring, values.json, io)
    return EXIT.done
  })
}

async function telling(run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof EscrowError) throw new RefusedError(SENTENCES[error.code])
    throw error
  }
}

async function publicKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path).catch(() => null)
  try {
    return createPublicKey(pem!)
  } catch {
    throw new RefusedError(`${path}: no certificate and no public key`)
  }
}

async function privateKey(path: string): Promise<KeyObject> {
  const pem = await readPrivateFile(path)
  try {
    return createPrivateKey(pem)
  } catch {
    throw new RefusedError(`${path}: no private key`)
  }
}
