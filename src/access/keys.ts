/**
 * Public keys that may sign tokens. A key set is a value: it is made once from JWKs, swapped whole, and its version
 * changes whenever anything in it does. Only asymmetric keys get in, each under exactly one algorithm (X08).
 */
import { createHash, type webcrypto } from 'node:crypto'

export const TOKEN_ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'] as const
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number]

export interface TokenKey {
  readonly kid: string | null
  readonly alg: TokenAlgorithm
  /** the only issuer whose tokens it may sign */
  readonly issuer: string
  readonly key: webcrypto.CryptoKey
}

export interface KeySet {
  /** changes with any change of the content */
  readonly version: string
  readonly keys: readonly TokenKey[]
}

export const EMPTY_KEY_SET: KeySet = { version: 'empty', keys: [] }

/** One issuer's keys as its file gave them. */
export interface IssuerKeys {
  readonly issuer: string
  readonly jwks: readonly webcrypto.JsonWebKey[]
}

export type KeyProblem =
  | 'not-a-key'
  | 'symmetric'
  | 'private'
  | 'algorithm'
  | 'too-short'
  | 'weak'
  | 'not-for-signatures'
  | 'kid-twice'

/** Why a key set was refused: the issuer's place in the list, the key's place in its set. Nothing is imported then. */
export class KeySetError extends Error {
  override readonly name = 'KeySetError'
  readonly problem: KeyProblem
  readonly issuer: number
  readonly index: number
  constructor(problem: KeyProblem, issuer: number, index: number) {
    super(`key ${index + 1} of issuer ${issuer + 1} is refused: ${problem}`)
    this.problem = problem
    this.issuer = issuer
    this.index = index
  }
}

const IMPORT: Readonly<Record<TokenAlgorithm, Parameters<webcrypto.SubtleCrypto['importKey']>[2]>> = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}
const CURVES: Readonly<Record<string, TokenAlgorithm>> = { 'P-256': 'ES256', 'P-384': 'ES384', Ed25519: 'EdDSA' }
const MIN_RSA_BITS = 2048

/** Imports public JWKs. RSA keys need 2048 bits and count as RS256 unless `alg` says PS256. Throws KeySetError. */
export async function importKeySet(issuers: readonly IssuerKeys[], crypto: webcrypto.Crypto): Promise<KeySet> {
  const keys: TokenKey[] = []
  const digest = createHash('sha256')
  for (const [i, { issuer, jwks }] of issuers.entries()) {
    for (const [j, jwk] of jwks.entries()) {
      const refuse = (problem: KeyProblem): never => {
        throw new KeySetError(problem, i, j)
      }
      const alg = algorithmOf(jwk)
      if (!isAlgorithm(alg)) return refuse(alg)
      const kid = typeof (jwk as { kid?: unknown }).kid === 'string' ? (jwk as { kid: string }).kid : null
      if (kid !== null && keys.some((k) => k.kid === kid)) return refuse('kid-twice')
      const members = publicMembers(jwk)
      const key = await crypto.subtle
        .importKey('jwk', members, IMPORT[alg], true, ['verify'])
        .catch(() => refuse('not-a-key'))
      const bits = (key.algorithm as { modulusLength?: number }).modulusLength
      if (bits !== undefined && bits < MIN_RSA_BITS) return refuse('too-short')
      if (bits !== undefined && hasRocaShape(jwk.n ?? '')) return refuse('weak')
      keys.push({ kid, alg, issuer, key })
      digest.update(JSON.stringify([issuer, kid, alg, members]))
    }
  }
  return { version: digest.digest('base64url'), keys }
}

const isAlgorithm = (a: TokenAlgorithm | KeyProblem): a is TokenAlgorithm =>
  (TOKEN_ALGORITHMS as readonly string[]).includes(a)

function algorithmOf(jwk: webcrypto.JsonWebKey): TokenAlgorithm | KeyProblem {
  if (typeof jwk !== 'object' || jwk === null) return 'not-a-key'
  if (jwk.kty === 'oct' || jwk.k !== undefined) return 'symmetric'
  if (jwk.d !== undefined) return 'private'
  if (jwk.use !== undefined && jwk.use !== 'sig') return 'not-for-signatures'
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify')))
    return 'not-for-signatures'
  const alg = jwk.kty === 'RSA' ? (jwk.alg === 'PS256' ? 'PS256' : 'RS256') : CURVES[jwk.crv ?? '']
  if (alg === undefined) return 'algorithm'
  if (jwk.alg !== undefined && jwk.alg !== alg && !(alg === 'EdDSA' && jwk.alg === 'Ed25519')) return 'algorithm'
  return alg
}

/** Only the members that make the key: `ext`, `key_ops` and unknown ones must not change how it is imported. */
function publicMembers(jwk: webcrypto.JsonWebKey): webcrypto.JsonWebKey {
  if (jwk.kty === 'RSA') return { kty: 'RSA', n: jwk.n!, e: jwk.e! }
  return jwk.kty === 'EC'
    ? { kty: 'EC', crv: jwk.crv!, x: jwk.x!, y: jwk.y! }
    : { kty: 'OKP', crv: jwk.crv!, x: jwk.x! }
}

/** Primes at which a modulus of the flawed generator is always a power of 65537 (ROCA, CVE-2017-15361). */
const ROCA_PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157]

/** Whether an RSA modulus (base64url) has the shape smart cards of 2012 to 2017 gave it: factors can be found. */
function hasRocaShape(modulus: string): boolean {
  const n = BigInt(`0x${Buffer.from(modulus, 'base64url').toString('hex') || '0'}`)
  return ROCA_PRIMES.every((p) => {
    const rest = Number(n % BigInt(p))
    let power = 1
    for (let i = 0; i < p; i++) {
      if (power === rest) return true
      power = (power * 65537) % p
    }
    return false
  })
}
