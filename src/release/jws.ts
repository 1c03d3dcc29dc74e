/**
 * Statements as compact JWS (RFC 7515) signed with ES256 (RFC 7518 3.4). The key is the enrolled one its `kid`
 * (RFC 7638 thumbprint) names, never one the statement brings along; no other header member than alg, kid and typ is admitted.
 */
import type { webcrypto } from 'node:crypto'
import { CompactSign, compactVerify, importJWK } from 'jose'
import { approverOf, keyId, type Roster } from './approvers.ts'
import { readClaims } from './claims.ts'
import { ReleaseError } from './codes.ts'
import type { Approver, Claims, Statement } from './model.ts'

export const STATEMENT_TYPE = 'veilgate-approval'
const MAX_JWS = 8192

/** The exact text to sign; members in the order they are read in. */
export const payloadOf = (claims: Claims): string => JSON.stringify(claims)

/**
 * Who signed what. Times, parents and classes are the book's to judge.
 * @throws ReleaseError APPROVAL_MALFORMED, APPROVAL_UNKNOWN_KEY, APPROVAL_SIGNATURE
 */
export async function verifyStatement(jws: string, roster: Roster): Promise<Statement> {
  const header = headerOf(jws)
  const approver = approverOf(roster, header.kid)
  if (approver === null) throw new ReleaseError('APPROVAL_UNKNOWN_KEY')
  const key = await importJWK({ kty: 'EC', crv: 'P-256', x: approver.x, y: approver.y }, 'ES256')
  let payload: Uint8Array
  try {
    ;({ payload } = await compactVerify(jws, key, { algorithms: ['ES256'] }))
  } catch {
    throw new ReleaseError('APPROVAL_SIGNATURE')
  }
  return { jws, by: approver.id, claims: readClaims(parse(new TextDecoder().decode(payload))) }
}

/** What a statement says, nobody vouching for it: to show it, or to find what it is about. Throws APPROVAL_MALFORMED. */
export function peekClaims(jws: string): Claims {
  headerOf(jws)
  return readClaims(parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString('utf8')))
}

/** Signs as this approver, on that person's own machine (`veilgate rules approve`); the console does it in the browser. */
export function signStatement(
  claims: Claims,
  approver: Pick<Approver, 'x' | 'y'>,
  key: webcrypto.CryptoKey,
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(payloadOf(claims)))
    .setProtectedHeader({ alg: 'ES256', kid: keyId(approver), typ: STATEMENT_TYPE })
    .sign(key)
}

function headerOf(jws: string): { readonly kid: string } {
  const parts = typeof jws === 'string' && jws.length <= MAX_JWS ? jws.split('.') : []
  if (parts.length !== 3 || !parts.every(isBase64url)) throw new ReleaseError('APPROVAL_MALFORMED')
  const header = parse(Buffer.from(parts[0]!, 'base64url').toString('utf8'))
  if (typeof header !== 'object' || header === null) throw new ReleaseError('APPROVAL_MALFORMED')
  const { alg, kid, typ, ...more } = header as Record<string, unknown>
  if (alg !== 'ES256' || typ !== STATEMENT_TYPE || typeof kid !== 'string' || Object.keys(more).length > 0)
    throw new ReleaseError('APPROVAL_MALFORMED')
  return { kid }
}

/** One spelling only: no padding, no stray bits behind the last byte. */
const isBase64url = (part: string): boolean =>
  /^[A-Za-z0-9_-]+$/.test(part) && Buffer.from(part, 'base64url').toString('base64url') === part

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ReleaseError('APPROVAL_MALFORMED')
  }
}
