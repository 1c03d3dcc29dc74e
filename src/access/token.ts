/**
 * Access tokens: certificate-bound JWTs (RFC 7519, RFC 8725, RFC 8705). A signature is verified once; what is cached is
 * only "signature good, these claims", under SHA-256 of the whole token and the key set's version. Times, audience,
 * certificate binding and institution are judged on every call. Nothing is cached about tokens that failed.
 */
import { hash } from 'node:crypto'
import { compactVerify } from 'jose'
import { type Claims, readClaims } from './claims.ts'
import { type KeySet, TOKEN_ALGORITHMS, type TokenAlgorithm, type TokenKey } from './keys.ts'
import type { Principal, TokenCode } from './model.ts'

export type { TokenCode } from './model.ts'

/** characters of a compact token (X10) */
export const MAX_TOKEN = 8192

export interface TokenSettings {
  readonly audience: string
  /** clock tolerance; default 30 */
  readonly toleranceSeconds?: number
  /** longest `exp - iat`; default 3600 */
  readonly maxLifetimeSeconds?: number
  /** verified tokens kept; default 10,000 */
  readonly cacheSize?: number
}

/** The call a token is judged for. */
export interface TokenContext {
  /** milliseconds since the epoch */
  readonly now: number
  /** base64url SHA-256 of this connection's client certificate */
  readonly thumbprint: string
  /** institution of that certificate */
  readonly institution: string
  /** what the connection showed last, so that the same token again is not digested again */
  readonly last?: LastToken
}

/**
 * The token a connection showed last and its digest, kept only while it is good and as long as the connection. Start
 * with two empty texts.
 */
export interface LastToken {
  token: string
  digest: string
}

/**
 * Picks the token out of raw headers (name, value, name, value ...), where a second Authorization header is still to be
 * seen. TOKEN_MISSING: none, or another scheme. TOKEN_MALFORMED: two, too long, or not a single b64token.
 */
export function bearerToken(
  rawHeaders: readonly string[],
): { readonly ok: true; readonly value: string } | { readonly ok: false; readonly code: TokenCode } {
  let value: string | undefined
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue
    if (value !== undefined) return { ok: false, code: 'TOKEN_MALFORMED' }
    value = rawHeaders[i + 1]!
  }
  if (value === undefined || !/^bearer(?: |$)/i.test(value)) return { ok: false, code: 'TOKEN_MISSING' }
  const token = value.slice(7).trim()
  if (token === '') return { ok: false, code: 'TOKEN_MISSING' }
  if (token.length > MAX_TOKEN || token.includes(' ')) return { ok: false, code: 'TOKEN_MALFORMED' }
  return { ok: true, value: token }
}

export class TokenJudge {
  readonly #audience: string
  readonly #tolerance: number
  readonly #maxLifetime: number
  readonly #half: number
  readonly #keys: () => KeySet
  #version = ''
  // two generations: when the young one is full it becomes the old one, so the bound needs no bookkeeping per hit
  #young = new Map<string, Claims>()
  #old = new Map<string, Claims>()
  readonly #running = new Map<string, Promise<Claims | TokenCode>>()

  /** `keys` is asked on every call: a swapped set takes effect at once. */
  constructor(settings: TokenSettings, keys: () => KeySet) {
    this.#audience = settings.audience
    this.#tolerance = settings.toleranceSeconds ?? 30
    this.#maxLifetime = settings.maxLifetimeSeconds ?? 3600
    this.#half = Math.max(1, Math.ceil((settings.cacheSize ?? 10_000) / 2))
    this.#keys = keys
  }

  /** Synchronous: the principal, the exact code of a refusal, or `verify` when the signature was not seen yet. */
  judge(token: string, context: TokenContext): Principal | TokenCode | 'verify' {
    if (token.length > MAX_TOKEN) return 'TOKEN_MALFORMED'
    const { last } = context
    const digest = last?.token === token ? last.digest : hash('sha256', token, 'base64')
    const claims = this.#cached(digest)
    if (claims === undefined) return 'verify'
    if (last !== undefined && last.digest !== digest) {
      last.token = token
      last.digest = digest
    }
    return this.#check(claims, context)
  }

  /** Verifies the signature, remembers it when good, and judges. Equal tokens in flight share one verification. */
  async verify(token: string, context: TokenContext): Promise<Principal | TokenCode> {
    if (token.length > MAX_TOKEN) return 'TOKEN_MALFORMED'
    const keys = this.#keys()
    const id = hash('sha256', token, 'base64')
    const flight = `${keys.version} ${id}`
    let running = this.#running.get(flight)
    if (running === undefined) {
      running = this.#verified(token, keys).finally(() => this.#running.delete(flight))
      this.#running.set(flight, running)
    }
    const claims = await running
    if (typeof claims === 'string') return claims
    // a set swapped meanwhile may no longer hold the key
    if (this.#keys().version !== keys.version) return this.verify(token, context)
    this.#follow(keys.version)
    this.#remember(id, claims)
    return this.#check(claims, context)
  }

  /** Verified tokens held, for the metrics. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  async #verified(token: string, keys: KeySet): Promise<Claims | TokenCode> {
    const signed = await verifySignature(token, keys)
    return typeof signed === 'string' ? signed : readClaims(signed.payload, signed.key.issuer, this.#maxLifetime)
  }

  #check(claims: Claims, context: TokenContext): Principal | TokenCode {
    const now = context.now / 1000
    if (!claims.audience.includes(this.#audience)) return 'TOKEN_AUDIENCE'
    if (now >= claims.expires + this.#tolerance) return 'TOKEN_EXPIRED'
    if (now < claims.notBefore - this.#tolerance) return 'TOKEN_NOT_YET_VALID'
    if (claims.thumbprint === null || claims.thumbprint !== context.thumbprint) return 'TOKEN_CERT_MISMATCH'
    if (claims.principal.institution !== context.institution) return 'TOKEN_INSTITUTION_MISMATCH'
    return claims.principal
  }

  #cached(id: string): Claims | undefined {
    this.#follow(this.#keys().version)
    const young = this.#young.get(id)
    if (young !== undefined) return young
    const old = this.#old.get(id)
    if (old !== undefined) this.#remember(id, old)
    return old
  }

  /** What another key set vouched for is forgotten. */
  #follow(version: string): void {
    if (version === this.#version) return
    this.#version = version
    this.#young = new Map()
    this.#old = new Map()
  }

  #remember(id: string, claims: Claims): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(id, claims)
  }
}

/**
 * The JWS layer alone: header, key choice, signature. The algorithm must be on the list and the one its key is for; the
 * key comes from the set by `kid`, never from the token (`jwk`, `jku`, `x5u`, `x5c` refuse it); `crit` is not understood.
 */
export async function verifySignature(
  token: string,
  keys: KeySet,
): Promise<{ readonly payload: Uint8Array; readonly key: TokenKey } | TokenCode> {
  const parts = token.split('.')
  if (parts.length !== 3) return 'TOKEN_MALFORMED'
  const header = readHeader(parts[0]!)
  if (header === null) return 'TOKEN_MALFORMED'
  if (!isAllowed(header.alg)) return 'TOKEN_ALG_REJECTED'
  if (!parts.every(isBase64url)) return 'TOKEN_MALFORMED'
  if (Object.keys(header).some((name) => !HEADER.has(name)) || !isType(header.typ)) return 'TOKEN_MALFORMED'
  const key = choose(header.kid, header.alg, keys)
  if (typeof key === 'string') return key
  try {
    const { payload } = await compactVerify(token, key.key, { algorithms: [key.alg] })
    return { payload, key }
  } catch {
    return 'TOKEN_SIGNATURE_INVALID'
  }
}

/** thumbprints of the signer's certificate are common and harmless: keys are never looked up by them */
const HEADER: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'cty', 'x5t', 'x5t#S256'])

function readHeader(part: string): Record<string, unknown> | null {
  try {
    const header: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof header === 'object' && header !== null && !Array.isArray(header)
      ? (header as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** One spelling only: alphabet of RFC 4648 section 5, no padding, no stray bits behind the last byte. */
const isBase64url = (part: string): boolean =>
  /^[A-Za-z0-9_-]+$/.test(part) && Buffer.from(part, 'base64url').toString('base64url') === part

const isAllowed = (alg: unknown): alg is TokenAlgorithm => (TOKEN_ALGORITHMS as readonly unknown[]).includes(alg)

/** RFC 9068 2.1; absent with issuers older than it */
const isType = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === 'string' && /^(?:application\/)?(?:at\+)?jwt$/i.test(typ))

function choose(kid: unknown, alg: TokenAlgorithm, keys: KeySet): TokenKey | TokenCode {
  if (kid === undefined) {
    const fitting = keys.keys.filter((k) => k.alg === alg)
    // several would mean trying: a token that names no key may only mean the single one there is
    return fitting.length === 1 ? fitting[0]! : 'TOKEN_SIGNATURE_INVALID'
  }
  if (typeof kid !== 'string') return 'TOKEN_MALFORMED'
  const named = keys.keys.find((k) => k.kid === kid)
  if (named === undefined) return 'TOKEN_SIGNATURE_INVALID'
  return named.alg === alg ? named : 'TOKEN_ALG_REJECTED'
}
