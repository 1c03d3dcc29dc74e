/** Passwords at rest: scrypt (RFC 7914) with the cost written beside each hash, so that it can be raised later. */
import { scrypt, timingSafeEqual } from 'node:crypto'

export interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** N=2^17, r=8, p=1 (OWASP Password Storage Cheat Sheet): 128 MiB and about a third of a second for each guess. */
export const COST: Cost = { N: 1 << 17, r: 8, p: 1 }
const BYTES = 32
export const SALT_BYTES = 16

/** `scrypt$N$r$p$salt$hash`, the last two base64url. The password is taken in NFKC, so that keyboards agree. */
export async function hashPassword(password: string, salt: Uint8Array, cost: Cost = COST): Promise<string> {
  const hash = await stretch(password, salt, cost, BYTES)
  return ['scrypt', cost.N, cost.r, cost.p, text(salt), text(hash)].join('$')
}

/** False for a hash that cannot be read, too; the time it takes depends on the stored cost only. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [kind, N, r, p, salt, hash, ...more] = stored.split('$')
  if (kind !== 'scrypt' || hash === undefined || more.length > 0) return false
  const expected = Buffer.from(hash, 'base64url')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  if (expected.length !== BYTES || !isCost(cost)) return false
  return timingSafeEqual(await stretch(password, Buffer.from(salt!, 'base64url'), cost, BYTES), expected)
}

function isCost({ N, r, p }: Cost): boolean {
  const powerOfTwo = Number.isInteger(N) && N >= 1 << 10 && N <= 1 << 20 && (N & (N - 1)) === 0
  return powerOfTwo && Number.isInteger(r) && r >= 1 && r <= 16 && Number.isInteger(p) && p >= 1 && p <= 4
}

function stretch(password: string, salt: Uint8Array, { N, r, p }: Cost, bytes: number): Promise<Buffer> {
  const maxmem = 256 * N * r
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, bytes, { N, r, p, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  )
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

export const MIN_LENGTH = 12
const MAX_LENGTH = 256
/** of the lists of leaked passwords, those of 12 characters and more that people still think of */
const COMMON =
  /^(?:password\d*|passw0rd\d*|qwertyuiop\d*|1q2w3e4r5t6y|1qaz2wsx3edc|administrator|(?:0?123456789)+0*|woaini\d+|zhongguo\d+|abc123456\d*)[!.@#]*$/i

/** May this be a password of the account? Length decides (NIST SP 800-63B); no rules of composition. */
export function isWeak(password: string, name: string): boolean {
  const plain = password.normalize('NFKC')
  const length = [...plain].length
  if (length < MIN_LENGTH || length > MAX_LENGTH) return true
  if (new Set(plain).size < 5) return true
  return plain.toLowerCase().includes(name.toLowerCase()) || COMMON.test(plain)
}

/** base32 in lower case without look-alikes of digits: 5 bits a character. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A first password from 20 random bytes: 100 bits, in groups that can be read aloud. */
export function firstPassword(random: Uint8Array): string {
  const letters = Array.from(random.subarray(0, 20), (byte) => ALPHABET[byte & 31])
  return (letters.join('').match(/.{5}/g) ?? []).join('-')
}
