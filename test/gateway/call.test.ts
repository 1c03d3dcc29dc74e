/** The order of the road is held by types: what is written here must not compile, and tsc fails when it does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Permit } from '../../src/access/model.ts'
import type {
  AnsweredCall,
  AuthenticatedCall,
  IdentifiedCall,
  MaskedCall,
  MatchedCall,
  OpenedCall,
  PermittedCall,
  ReceivedCall,
  SealedCall,
} from '../../src/gateway/call.ts'
import type { Road } from '../../src/gateway/road.ts'
import { authenticate } from '../../src/gateway/steps/authenticate.ts'
import { authorize } from '../../src/gateway/steps/authorize.ts'
import { forward } from '../../src/gateway/steps/forward.ts'
import { maskRequest } from '../../src/gateway/steps/mask-request.ts'
import { maskResponse } from '../../src/gateway/steps/mask-response.ts'
import { match } from '../../src/gateway/steps/match.ts'
import { openRecord } from '../../src/gateway/steps/open-record.ts'
import { reply } from '../../src/gateway/steps/reply.ts'

/** Never called: only its types are looked at. */
export function wrongOrders(
  road: Road,
  received: ReceivedCall,
  identified: IdentifiedCall,
  matched: MatchedCall,
  authenticated: AuthenticatedCall,
  permitted: PermittedCall,
  sealed: SealedCall,
  answered: AnsweredCall,
  masked: MaskedCall,
  opened: OpenedCall,
): void {
  // @ts-expect-error matching comes after identifying
  match(received)
  // @ts-expect-error a token is judged after matching
  void authenticate(road, identified)
  // @ts-expect-error nobody is authorized before he is authenticated
  authorize(road, matched)
  // @ts-expect-error nothing is read for a call that is not permitted
  void maskRequest(authenticated)
  // @ts-expect-error nothing is forwarded before it is authorized
  void forward(road.reading, authenticated)
  // @ts-expect-error nothing is forwarded before the request was masked
  void forward(road.reading, permitted)
  // @ts-expect-error there is nothing to mask before an answer
  void maskResponse(sealed)
  // @ts-expect-error an answer is masked before it is recorded
  void openRecord(road.journal, road, answered)
  // @ts-expect-error an unmasked answer is no reply
  reply(answered, false)
  // @ts-expect-error nothing is sent before the record is open
  reply(masked, false)
  // @ts-expect-error a permit is made by authorize alone
  const forged: Permit = {
    entry: permitted.permit.entry,
    principal: permitted.principal,
    role: 'doctor',
    scenario: null,
  }
  // @ts-expect-error a call does not change
  opened.permit = forged
  reply(opened, false)
}

test('the wrong orders are refused by the compiler', () => assert.equal(typeof wrongOrders, 'function'))
