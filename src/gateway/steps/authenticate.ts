/** 3: a bearer token, bound to this connection's certificate and to its institution. Synchronous once a token was seen. */
import type { Principal } from '../../access/model.ts'
import { bearerToken, type TokenCode } from '../../access/token.ts'
import { GatewayError } from '../../base/errors.ts'
import type { AuthenticatedCall, MatchedCall } from '../call.ts'
import type { Road } from '../road.ts'

/** Refuses with TOKEN_*: the wire knows TOKEN_MISSING and TOKEN_INVALID only. */
export function authenticate(road: Road, call: MatchedCall): AuthenticatedCall | Promise<AuthenticatedCall> {
  const token = bearerToken(call.incoming.rawHeaders)
  if (!token.ok) throw new GatewayError(token.code)
  const { certificate, last } = call.peer
  const context = { now: call.start, thumbprint: certificate.thumbprint, institution: call.institution.id, last }
  const judged = road.tokens.judge(token.value, context)
  return judged === 'verify'
    ? road.tokens.verify(token.value, context).then((verified) => admit(call, verified))
    : admit(call, judged)
}

function admit(call: MatchedCall, judged: Principal | TokenCode): AuthenticatedCall {
  if (typeof judged === 'string') throw new GatewayError(judged)
  return { ...call, principal: judged }
}
