/**
 * Signs access tokens as the development issuer does (`veilgate tokens issue`, the demo, tests). A consortium's real
 * tokens come from its own issuer; the claims are the ones token.ts reads (RFC 7519, RFC 8705 3.1).
 */
import type { webcrypto } from 'node:crypto'
import { SignJWT } from 'jose'

export interface MintKey {
  /** ES256 private key */
  readonly privateKey: webcrypto.CryptoKey
  readonly kid: string
  readonly issuer: string
}

export interface TokenRequest {
  readonly audience: string
  /** the calling system */
  readonly subject: string
  readonly institution: string
  /** `x5t#S256` of the client certificate; null leaves `cnf` out (such a token is refused) */
  readonly thumbprint: string | null
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly scenario?: string
  readonly purpose?: string
  readonly project?: string
  /** hashed staff number */
  readonly user?: string
  readonly tokenId: string
  /** seconds since the epoch */
  readonly issuedAt: number
  readonly lifetimeSeconds: number
  readonly notBefore?: number
}

export function mintToken(key: MintKey, request: TokenRequest): Promise<string> {
  const claims: Record<string, unknown> = {
    iss: key.issuer,
    aud: request.audience,
    sub: request.subject,
    inst: request.institution,
    iat: request.issuedAt,
    nbf: request.notBefore ?? request.issuedAt,
    exp: request.issuedAt + request.lifetimeSeconds,
    jti: request.tokenId,
    scope: request.scopes.join(' '),
    roles: request.roles,
  }
  if (request.thumbprint !== null) claims.cnf = { 'x5t#S256': request.thumbprint }
  if (request.scenario !== undefined) claims.scn = request.scenario
  if (request.purpose !== undefined) claims.purpose = request.purpose
  if (request.project !== undefined) claims.project = request.project
  if (request.user !== undefined) claims.usr = request.user
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' }).sign(key.privateKey)
}
