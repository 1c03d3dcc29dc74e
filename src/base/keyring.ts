/**
 * The keyring as data: master epochs, the keys derived from them, and the sealed file (rules-language.md, Keyring).
 * Pure: random bytes and the clock are arguments, files are the caller's. Sealed by AES-256-GCM (NIST SP 800-38D) under
 * a wrapping secret stretched by scrypt (RFC 7914); derived by HKDF-SHA-256 (RFC 5869) with one label per use.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, scryptSync } from 'node:crypto'

/**
 * active: makes tokens. retired: makes none, still recognises and opens what it made. destroyed: its bytes are gone.
 * Several epochs may be active, since a bundle names the epoch of its pseudonyms; the newest one is the default.
 */
export type EpochState = 'active' | 'retired' | 'destroyed'

export interface Epoch {
  /** `e` and a number; never used twice */
  readonly id: string
  /** RFC 3339, UTC */
  readonly created: string
  readonly state: EpochState
  /** 32 bytes; null when destroyed */
  readonly key: Buffer | null
}

export interface Keyring {
  /** oldest first, at least one */
  readonly epochs: readonly Epoch[]
}

export const USES = [
  'pseudonym',
  'pseudonym-check',
  'random-id',
  'journal',
  'audit',
  'subject',
  'reveal',
  'key-name',
  'release',
  'hash',
  'date-shift',
  'noise',
  'totp',
] as const
export type Use = (typeof USES)[number]
/** Uses that make something new, refused on a retired epoch. */
const MAKING: ReadonlySet<Use> = new Set(['pseudonym', 'hash', 'date-shift', 'noise'])

export const KEYRING_CODES = [
  'KEYRING_SYNTAX',
  'KEYRING_VERSION',
  'KEYRING_SECRET',
  'KEYRING_WEAK_SECRET',
  'KEYRING_RANDOM',
  'KEYRING_EPOCH_UNKNOWN',
  'KEYRING_EPOCH_RETIRED',
  'KEYRING_EPOCH_DESTROYED',
  'KEYRING_LAST_ACTIVE',
] as const
export type KeyringCode = (typeof KEYRING_CODES)[number]

/** Every failure of this file: a code and nothing else. KEYRING_SECRET: wrong secret or altered file, not told apart. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError'
  readonly code: KeyringCode
  constructor(code: KeyringCode) {
    super(code)
    this.code = code
  }
}

const KEY_BYTES = 32
const SALT_BYTES = 16
const IV_BYTES = 12
const TAG_BYTES = 16
const MIN_SECRET_BYTES = 16

/** A ring of one active epoch. */
export const createRing = (random: Buffer, now: string): Keyring => ({ epochs: [newEpoch(1, random, now)] })

/** Adds an epoch, the default from now on. Older ones stay as they are: bundles go on naming them. */
export function rotate(ring: Keyring, random: Buffer, now: string): Keyring {
  const newest = ring.epochs.at(-1)
  const next = newest === undefined ? 1 : Number(newest.id.slice(1)) + 1
  return { epochs: [...ring.epochs, newEpoch(next, random, now)] }
}

/** @throws KeyringError KEYRING_EPOCH_UNKNOWN, KEYRING_EPOCH_DESTROYED, KEYRING_LAST_ACTIVE */
export function retire(ring: Keyring, id: string): Keyring {
  const epoch = find(ring, id)
  if (epoch.state === 'destroyed') throw new KeyringError('KEYRING_EPOCH_DESTROYED')
  return change(ring, epoch, { ...epoch, state: 'retired' })
}

/** Forgets the bytes for good; the id stays in the list. @throws KeyringError KEYRING_EPOCH_UNKNOWN, KEYRING_LAST_ACTIVE */
export function destroy(ring: Keyring, id: string): Keyring {
  const epoch = find(ring, id)
  return change(ring, epoch, { ...epoch, state: 'destroyed', key: null })
}

function change(ring: Keyring, from: Epoch, to: Epoch): Keyring {
  const epochs = ring.epochs.map((epoch) => (epoch === from ? to : epoch))
  if (!epochs.some((epoch) => epoch.state === 'active')) throw new KeyringError('KEYRING_LAST_ACTIVE')
  return { epochs }
}

function newEpoch(number: number, random: Buffer, now: string): Epoch {
  // All-zero bytes are what a forgotten fill looks like.
  if (random.length !== KEY_BYTES || random.every((b) => b === 0)) throw new KeyringError('KEYRING_RANDOM')
  return { id: `e${number}`, created: now, state: 'active', key: Buffer.from(random) }
}

function find(ring: Keyring, id: string): Epoch {
  const epoch = ring.epochs.find((e) => e.id === id)
  if (epoch === undefined) throw new KeyringError('KEYRING_EPOCH_UNKNOWN')
  return epoch
}

/** The newest active epoch: the default of everything that makes something. @throws KeyringError KEYRING_LAST_ACTIVE */
export function activeEpoch(ring: Keyring): Epoch {
  const epoch = ring.epochs.findLast((e) => e.state === 'active')
  if (epoch === undefined) throw new KeyringError('KEYRING_LAST_ACTIVE')
  return epoch
}

/** Epochs whose bytes are still there, newest first: what a token's check is tried over. */
export const livingEpochs = (ring: Keyring): readonly Epoch[] => ring.epochs.filter((e) => e.key !== null).toReversed()

/**
 * A key for one use. `info` separates keys within it (a scope, a dataset); `epoch` is an id, default the newest active.
 * @throws KeyringError KEYRING_EPOCH_UNKNOWN, KEYRING_EPOCH_RETIRED, KEYRING_EPOCH_DESTROYED, KEYRING_LAST_ACTIVE
 */
export function derive(ring: Keyring, use: Use, info: string, length: number, epoch?: string): Buffer {
  const from = epoch === undefined ? activeEpoch(ring) : find(ring, epoch)
  if (from.key === null) throw new KeyringError('KEYRING_EPOCH_DESTROYED')
  if (from.state === 'retired' && MAKING.has(use)) throw new KeyringError('KEYRING_EPOCH_RETIRED')
  return Buffer.from(hkdfSync('sha256', from.key, '', label(use, info), length))
}

/** No use is a prefix of another label: the separator cannot stand in one. */
const label = (use: Use | 'fingerprint', info: string): string => `veilgate/v1/${use}\0${info}`

/** What nodes attest: 32 hex digits over ids, states and a derived value of each key, telling nothing of the keys. */
export function fingerprint(ring: Keyring): string {
  const hash = createHash('sha256')
  for (const { id, state, key } of ring.epochs) {
    hash.update(`${id}\0${state}\0`)
    hash.update(
      key === null
        ? Buffer.alloc(KEY_BYTES)
        : Buffer.from(hkdfSync('sha256', key, '', label('fingerprint', id), KEY_BYTES)),
    )
  }
  return hash.digest('hex').slice(0, 32)
}

/** scrypt cost; N must be a power of two. The file states it, so it may be raised later. */
export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

export const DEFAULT_COST: ScryptCost = { N: 1 << 16, r: 8, p: 1 }
const MAX_COST: ScryptCost = { N: 1 << 20, r: 16, p: 4 }

export interface SealOptions {
  /** 28 fresh random bytes: salt and nonce */
  readonly random: Buffer
  readonly cost?: ScryptCost
}

/** The file's text (JSON, version 1, ends with a line break). @throws KeyringError KEYRING_WEAK_SECRET, KEYRING_RANDOM */
export function seal(ring: Keyring, secret: Buffer, options: SealOptions): string {
  const { random } = options
  const cost = options.cost ?? DEFAULT_COST
  if (random.length !== SALT_BYTES + IV_BYTES || random.every((b) => b === 0)) throw new KeyringError('KEYRING_RANDOM')
  if (secret.length < MIN_SECRET_BYTES) throw new KeyringError('KEYRING_WEAK_SECRET')
  const salt = random.subarray(0, SALT_BYTES)
  const iv = random.subarray(SALT_BYTES)
  const head = headOf(cost, salt)
  const cipher = createCipheriv('aes-256-gcm', stretch(secret, salt, cost), iv)
  cipher.setAAD(Buffer.from(JSON.stringify(head)))
  const plain = exportEpochs(ring)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  plain.fill(0)
  const body = {
    nonce: iv.toString('base64'),
    data: sealed.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  }
  return `${JSON.stringify({ ...head, ...body }, null, 2)}\n`
}

/** The ring's plain content, for sealing it: whoever gets it wipes it afterwards. */
export const exportEpochs = (ring: Keyring): Buffer =>
  Buffer.from(JSON.stringify(ring.epochs.map((e) => ({ ...e, key: e.key?.toString('base64') ?? null }))))

/** @throws KeyringError KEYRING_SYNTAX */
export const importEpochs = (plain: Buffer): Keyring => ({ epochs: readEpochs(plain.toString()) })

const headOf = (cost: ScryptCost, salt: Buffer) => ({
  veilgate: 'keyring',
  version: 1,
  cipher: 'aes-256-gcm',
  kdf: { name: 'scrypt', N: cost.N, r: cost.r, p: cost.p, salt: salt.toString('base64') },
})

function stretch(secret: Buffer, salt: Buffer, { N, r, p }: ScryptCost): Buffer {
  return scryptSync(secret, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r })
}

/** @throws KeyringError KEYRING_SYNTAX, KEYRING_VERSION, KEYRING_SECRET */
export function open(text: string, secret: Buffer): Keyring {
  const file = parseFile(text)
  const decipher = createDecipheriv('aes-256-gcm', stretch(secret, file.salt, file.cost), file.nonce, {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(JSON.stringify(headOf(file.cost, file.salt))))
  decipher.setAuthTag(file.tag)
  let plain: Buffer
  try {
    plain = Buffer.concat([decipher.update(file.data), decipher.final()])
  } catch {
    throw new KeyringError('KEYRING_SECRET')
  }
  const ring = importEpochs(plain)
  plain.fill(0)
  return ring
}

interface SealedFile {
  readonly cost: ScryptCost
  readonly salt: Buffer
  readonly nonce: Buffer
  readonly data: Buffer
  readonly tag: Buffer
}

function parseFile(text: string): SealedFile {
  const file = record(parse(text))
  if (file['veilgate'] !== 'keyring') throw new KeyringError('KEYRING_SYNTAX')
  if (file['version'] !== 1 || file['cipher'] !== 'aes-256-gcm') throw new KeyringError('KEYRING_VERSION')
  const kdf = record(file['kdf'])
  if (kdf['name'] !== 'scrypt') throw new KeyringError('KEYRING_VERSION')
  const cost = { N: within(kdf['N'], MAX_COST.N), r: within(kdf['r'], MAX_COST.r), p: within(kdf['p'], MAX_COST.p) }
  if (cost.N < 2 || (cost.N & (cost.N - 1)) !== 0) throw new KeyringError('KEYRING_SYNTAX')
  return {
    cost,
    salt: bytes(kdf['salt'], SALT_BYTES),
    nonce: bytes(file['nonce'], IV_BYTES),
    data: bytes(file['data']),
    tag: bytes(file['tag'], TAG_BYTES),
  }
}

function readEpochs(text: string): Epoch[] {
  const list = parse(text)
  if (!Array.isArray(list) || list.length === 0) throw new KeyringError('KEYRING_SYNTAX')
  return list.map((item: unknown): Epoch => {
    const { id, created, state, key } = record(item)
    const known = state === 'active' || state === 'retired' || state === 'destroyed' ? state : null
    if (typeof id !== 'string' || !/^e[1-9]\d{0,5}$/.test(id) || typeof created !== 'string' || known === null)
      throw new KeyringError('KEYRING_SYNTAX')
    return { id, created, state: known, key: known === 'destroyed' ? null : bytes(key, KEY_BYTES) }
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new KeyringError('KEYRING_SYNTAX')
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new KeyringError('KEYRING_SYNTAX')
  return value as Record<string, unknown>
}

function within(value: unknown, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max)
    throw new KeyringError('KEYRING_SYNTAX')
  return value
}

function bytes(value: unknown, length?: number): Buffer {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw new KeyringError('KEYRING_SYNTAX')
  const out = Buffer.from(value, 'base64')
  if (out.length === 0 || (length !== undefined && out.length !== length)) throw new KeyringError('KEYRING_SYNTAX')
  return out
}
