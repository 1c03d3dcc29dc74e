/** Turns what the runtime, TLS or the HTTP parser says about an upstream into one of our codes; the sentence is dropped. */
import { type Code, GatewayError, isGatewayError } from '../../base/errors.ts'

const DOWN: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
])

const TIMEOUT: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** OpenSSL verification results are X509_V_ERR names without the prefix; the rest are Node's and OpenSSL's own. */
const TLS =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH|EPROTO$)/

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

export function upstreamCode(error: unknown): Code {
  const code = codeOf(error)
  if (DOWN.has(code)) return 'UPSTREAM_DOWN'
  if (TIMEOUT.has(code)) return 'UPSTREAM_TIMEOUT'
  if (TLS.test(code)) return 'UPSTREAM_TLS'
  return 'UPSTREAM_INVALID'
}

export function upstreamFailure(error: unknown): GatewayError {
  return isGatewayError(error) ? error : new GatewayError(upstreamCode(error))
}
