/**
 * A keyring sealed to two custodians, both of whom are needed to open it: the sealing key is the exclusive-or of two
 * halves, each half sealed to one of them. RSA keys by OAEP with SHA-256 (RFC 8017), P-256 keys by an ephemeral
 * Diffie-Hellman (SEC 1), HKDF (RFC 5869) and AES-256-GCM. Pure: random bytes are an argument.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto'

export const ESCROW_CODES = ['ESCROW_KEY', 'ESCROW_SAME_CUSTODIAN', 'ESCROW_SYNTAX', 'ESCROW_CUSTODIANS'] as const

export class EscrowError extends Error {
  override readonly name = 'EscrowError'
  readonly code: (typeof ESCROW_CODES)[number]
  constructor(code: EscrowError['code']) {
    super(code)
    this.code = code
  }
}

/** 32 + 32 + 12 + 2 x 12 fresh random bytes, and an ephemeral P-256 key pair for each custodian. */
export interface EscrowRandom {
  readonly bytes: Buffer
  readonly pairs: readonly [Pair, Pair]
}

export interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const HALF = 32
const NONCE = 12
const TAG = 16
export const ESCROW_RANDOM_BYTES = 2 * HALF + 3 * NONCE
const MIN_RSA_BITS = 3072
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const

/** The escrow file's text. Throws EscrowError ESCROW_KEY, ESCROW_SAME_CUSTODIAN. */
export function sealEscrow(
  plain: Buffer,
  custodians: readonly [KeyObject, KeyObject],
  about: { readonly fingerprint: string; readonly created: string },
  { bytes, pairs }: EscrowRandom,
): string {
  if (bytes.length !== ESCROW_RANDOM_BYTES || bytes.every((b) => b === 0)) throw new RangeError('fresh random bytes')
  const [first, second] = custodians.map(nameOf)
  if (first === second) throw new EscrowError('ESCROW_SAME_CUSTODIAN')
  const halves = [bytes.subarray(0, HALF), bytes.subarray(HALF, 2 * HALF)] as const
  const nonces = [0, 1, 2].map((n) => bytes.subarray(2 * HALF + n * NONCE, 2 * HALF + (n + 1) * NONCE))
  const head = { veilgate: 'escrow', version: 1, ...about, custodians: [first, second] }
  const data = encrypt(xor(...halves), nonces[2]!, plain, JSON.stringify(head))
  const sealed = custodians.map((key, i) => sealHalf(key, halves[i]!, nonces[i]!, pairs[i]!))
  return `${JSON.stringify({ ...head, halves: sealed, data: data.toString('base64') }, null, 2)}\n`
}

/** Both private keys, in either order. Throws EscrowError ESCROW_SYNTAX, ESCROW_CUSTODIANS. */
export function openEscrow(text: string, keys: readonly [KeyObject, KeyObject]): Buffer {
  const { head, halves, data } = readEscrow(text)
  try {
    const opened = head.custodians.map((name, i) => {
      const key = keys.find((each) => nameOf(createPublicKey(each)) === name)
      if (key === undefined) throw new EscrowError('ESCROW_CUSTODIANS')
      return openHalf(key, halves[i]!)
    })
    return decrypt(xor(opened[0]!, opened[1]!), data, JSON.stringify(head))
  } catch {
    throw new EscrowError('ESCROW_CUSTODIANS')
  }
}

interface Half {
  readonly ephemeral: string | null
  readonly sealed: string
}

function sealHalf(key: KeyObject, half: Buffer, nonce: Buffer, pair: Pair): Half {
  if (key.asymmetricKeyType === 'rsa') {
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) throw new EscrowError('ESCROW_KEY')
    return { ephemeral: null, sealed: publicEncrypt({ key, ...OAEP }, half).toString('base64') }
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new EscrowError('ESCROW_KEY')
  const ephemeral = derOf(pair.publicKey).toString('base64')
  const shared = agreed(pair.privateKey, key, ephemeral)
  return { ephemeral, sealed: encrypt(shared, nonce, half, nameOf(key)).toString('base64') }
}

function openHalf(key: KeyObject, { ephemeral, sealed }: Half): Buffer {
  const bytes = Buffer.from(sealed, 'base64')
  if (ephemeral === null) return privateDecrypt({ key, ...OAEP }, bytes)
  const other = createPublicKey({ key: Buffer.from(ephemeral, 'base64'), format: 'der', type: 'spki' })
  return decrypt(agreed(key, other, ephemeral), bytes, nameOf(createPublicKey(key)))
}

const agreed = (privateKey: KeyObject, publicKey: KeyObject, ephemeral: string): Buffer =>
  Buffer.from(
    hkdfSync('sha256', diffieHellman({ privateKey, publicKey }), '', `veilgate/v1/escrow\0${ephemeral}`, HALF),
  )

function encrypt(key: Buffer, nonce: Buffer, plain: Buffer, about: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer, about: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-TAG))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()])
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ b[i]!))
const derOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' })
/** SHA-256 of the public key, hex: which custodian */
const nameOf = (key: KeyObject): string => createHash('sha256').update(derOf(key)).digest('hex')

interface EscrowHead {
  readonly veilgate: 'escrow'
  readonly version: 1
  readonly fingerprint: string
  readonly created: string
  readonly custodians: readonly string[]
}

/** What the file says of itself. Throws EscrowError ESCROW_SYNTAX. */
export function readEscrow(text: string): { head: EscrowHead; halves: readonly Half[]; data: Buffer } {
  try {
    const { halves, data, ...head } = JSON.parse(text) as EscrowHead & { halves: Half[]; data: string }
    const { veilgate, version, custodians } = head
    if (veilgate !== 'escrow' || version !== 1 || custodians.length !== 2 || halves.length !== 2)
      throw new EscrowError('ESCROW_SYNTAX')
    return { head, halves, data: Buffer.from(data, 'base64') }
  } catch {
    throw new EscrowError('ESCROW_SYNTAX')
  }
}
