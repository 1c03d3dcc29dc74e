/**
 * The road of a call, on one screen. Every step takes the call as the step before left it, adds one fact or throws a
 * coded refusal; the types hold the order. `call` is the furthest state reached: what the record is written from.
 */

import { answerOptions } from './answer-options.ts'
import type { Furthest, ReceivedCall } from './call.ts'
import { pass } from './pass.ts'
import { receive } from './receive.ts'
import { refuse } from './refuse.ts'
import type { Road } from './road.ts'
import { authenticate } from './steps/authenticate.ts'
import { authorize } from './steps/authorize.ts'
import { closeRecord, type End } from './steps/close-record.ts'
import { forward } from './steps/forward.ts'
import { identify } from './steps/identify.ts'
import { maskRequest } from './steps/mask-request.ts'
import { maskResponse } from './steps/mask-response.ts'
import { match } from './steps/match.ts'
import { openRecord } from './steps/open-record.ts'
import { reply } from './steps/reply.ts'

/** Carries one call to its end. Never rejects: every failure is an answer and a record. */
export async function carry(road: Road, received: ReceivedCall): Promise<void> {
  let call: Furthest = received
  let end: End = { code: 'INTERNAL', status: 500 }
  try {
    const accepted = receive(road, received)
    const identified = (call = identify(road, accepted))
    if (identified.method === 'OPTIONS') {
      end = { code: null, status: await answerOptions(road, identified) }
      return
    }
    const matched = (call = match(identified))
    // a step that did not have to wait gives its value: no turn of the event loop for it
    const authenticating = authenticate(road, matched)
    const authenticated = (call = authenticating instanceof Promise ? await authenticating : authenticating)
    const permitted = (call = authorize(road, authenticated))
    if (permitted.plans.passes) {
      end = { code: null, status: await pass(road.passing, road.journal, road, permitted, road.closing) }
      return
    }
    const sealing = maskRequest(permitted)
    const sealed = (call = sealing instanceof Promise ? await sealing : sealing)
    const answered = (call = await forward(road.reading, sealed))
    const masking = maskResponse(answered)
    const masked = (call = masking instanceof Promise ? await masking : masking)
    const opened = (call = await openRecord(road.journal, road, masked))
    reply(opened, road.closing())
    end = { code: null, status: opened.reply.status }
  } catch (error) {
    ;({ call, end } = await refuse(road, call, error))
  } finally {
    closeRecord(road.journal, road, call, end, road.closed)
  }
}
