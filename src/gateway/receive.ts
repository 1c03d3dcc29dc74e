/** 0: what must hold for any request on this connection before anybody asks who it is. */
import { GatewayError } from '../base/errors.ts'
import type { ReceivedCall } from './call.ts'
import { checkHead } from './headers.ts'
import type { Road } from './road.ts'

/** Offered on some path or other; told for every path alike, so that it tells nothing. */
export const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Refuses with AUDIT_UNAVAILABLE, MALFORMED_REQUEST, AMBIGUOUS_FRAMING, BAD_HOST, UPGRADE_REFUSED, HEADERS_TOO_LARGE, URI_TOO_LONG, METHOD_NOT_ALLOWED. */
export function receive(road: Road, call: ReceivedCall): ReceivedCall {
  // without a record there is no call, not even a refused one
  if (!road.journal.writable) throw new GatewayError('AUDIT_UNAVAILABLE')
  checkHead(call.incoming)
  if (!road.trust().names(call.incoming.headers.host ?? '')) throw new GatewayError('BAD_HOST')
  if (!METHODS.includes(call.method)) throw new GatewayError('METHOD_NOT_ALLOWED', { allow: METHODS })
  return call
}
