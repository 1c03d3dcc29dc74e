/**
 * The claims of a token whose signature is good. Everything that later travels (upstream headers, records, key scopes)
 * is held to printable ASCII here, so that no claim can break a header or a log line.
 */
import type { Principal, TokenCode } from './model.ts'

export interface Claims {
  readonly audience: readonly string[]
  /** seconds since the epoch */
  readonly expires: number
  /** the later of `nbf` and `iat` */
  readonly notBefore: number
  /** `cnf.x5t#S256`, null when the token is bound to no certificate */
  readonly thumbprint: string | null
  readonly principal: Principal
}

const MAX_LIST = 512
const WORD = /^[\x21-\x7e]{1,128}$/
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Claims: `iss aud sub inst iat exp` required; `nbf jti scope role|roles scn purpose project usr cnf` read. TOKEN_CLAIMS
 * for a missing or misshapen one, or a life over `maxLifetime` seconds; TOKEN_ISSUER when `iss` is not the key's.
 */
export function readClaims(payload: Uint8Array, issuer: string, maxLifetime: number): Claims | TokenCode {
  const c = parse(payload)
  if (c === null) return 'TOKEN_CLAIMS'
  if (c.iss !== issuer) return typeof c.iss === 'string' ? 'TOKEN_ISSUER' : 'TOKEN_CLAIMS'
  const audience = typeof c.aud === 'string' ? [c.aud] : c.aud
  const scopes = typeof c.scope === 'string' ? c.scope.split(' ').filter((s) => s !== '') : (c.scope ?? [])
  const roles = [...listed(c.role), ...listed(c.roles)]
  const nbf = c.nbf ?? c.iat
  if (!isTime(c.exp) || !isTime(c.iat) || !isTime(nbf) || c.exp <= c.iat || c.exp - c.iat > maxLifetime)
    return 'TOKEN_CLAIMS'
  if (!isTexts(audience, 16) || !isTexts(scopes, MAX_LIST) || !isTexts(roles, 64)) return 'TOKEN_CLAIMS'
  if (!isWord(c.sub) || !isWord(c.inst)) return 'TOKEN_CLAIMS'
  const optional = [c.scn, c.purpose, c.project, c.usr, c.jti]
  if (!optional.every((v) => v === undefined || isWord(v))) return 'TOKEN_CLAIMS'
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    audience,
    expires: c.exp,
    notBefore: Math.max(nbf, c.iat),
    thumbprint: thumbprintOf(c.cnf),
    principal: Object.freeze({
      subject: c.sub,
      institution: c.inst,
      scopes: Object.freeze(scopes),
      roles: Object.freeze([...new Set(roles)]),
      scenario: text(c.scn),
      purpose: text(c.purpose),
      project: text(c.project),
      user: text(c.usr),
      tokenId: text(c.jti),
      expires: c.exp,
    }),
  }
}

function parse(payload: Uint8Array): Record<string, unknown> | null {
  try {
    const claims: unknown = JSON.parse(decoder.decode(payload))
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? (claims as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** A claim that is one word or a list of them; anything else comes back as it is and fails the check. */
const listed = (claim: unknown): unknown[] =>
  claim === undefined ? [] : Array.isArray(claim) ? (claim as unknown[]) : [claim]

const isWord = (v: unknown): v is string => typeof v === 'string' && WORD.test(v)
const isTexts = (v: unknown, max: number): v is string[] => Array.isArray(v) && v.length <= max && v.every(isWord)

/** NumericDate below the year 2100: a string or a far future is a broken or hostile issuer. */
const isTime = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v) && v > 0 && v < 4_102_444_800

function thumbprintOf(cnf: unknown): string | null {
  const value = typeof cnf === 'object' && cnf !== null ? (cnf as Record<string, unknown>)['x5t#S256'] : undefined
  return typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null
}
