/** The one catch of the road: whatever went wrong becomes an answer in the caller's own format, or a reset. */
import { type Code, GatewayError, isGatewayError } from '../base/errors.ts'
import type { Furthest } from './call.ts'
import { openingLine } from './record.ts'
import { type Dialect, echoedControlId, type Refusal, renderRefusal } from './refusal.ts'
import { Refused } from './refused.ts'
import type { Road } from './road.ts'
import { decisionOf, type End } from './steps/close-record.ts'

export interface RefusedCall {
  readonly call: Furthest
  readonly end: End
}

/** Never rejects. */
export async function refuse(road: Road, known: Furthest, error: unknown): Promise<RefusedCall> {
  const call = error instanceof Refused ? (error.call ?? known) : known
  const failure = isGatewayError(error) ? error : new GatewayError('INTERNAL')
  if (!isGatewayError(error)) logFault(road, call, error)
  const { outgoing, watch } = call
  if (outgoing.headersSent) {
    // part of an answer is out: the connection must not end cleanly
    watch.cut = !watch.left
    outgoing.destroy()
    return { call, end: { code: watch.left ? 'CLIENT_GONE' : failure.code, status: outgoing.statusCode } }
  }
  if (watch.left || outgoing.destroyed) return { call, end: { code: 'CLIENT_GONE', status: 499 } }
  const code = await opened(road, call, failure.code)
  const refusal = refusalOf(road, call, failure, code)
  const { status, headers, body } = renderRefusal(refusal)
  if (code === 'MASK_FAILED' || code === 'MASK_FAILED_REQUEST')
    road.log.error('mask.failed', { code, callId: call.id, ...interfaceOf(call) })
  // a request that was refused before anybody was identified is not one to go on reading behind
  const close = road.closing() || call.institution === undefined
  outgoing.writeHead(status, close ? { ...headers, connection: 'close' } : headers)
  outgoing.end(body)
  watch.bytesOut = call.method === 'HEAD' ? 0 : body.length
  if (!call.incoming.complete) linger(call)
  return { call, end: { code, status } }
}

/** The opening line of a refused call, unless it has one. A journal that fails here decides the answer. */
async function opened(road: Road, call: Furthest, code: Code): Promise<Code> {
  if (call.watch.opened || !road.journal.writable) return code
  try {
    await road.journal.open(openingLine(road, call, decisionOf(code)), false)
    call.watch.opened = true
    return code
  } catch {
    return 'AUDIT_UNAVAILABLE'
  }
}

function refusalOf(road: Road, call: Furthest, failure: GatewayError, code: Code): Refusal {
  const shown = code === failure.code ? (failure.hints.shown ?? code) : code
  const dialect = dialectOf(call, shown)
  const entry = call.match?.kind === 'entry' ? call.match.entry : null
  return {
    code: shown,
    callId: call.id,
    dialect,
    hints: failure.hints,
    hl7Status: entry?.hl7Status ?? 'code',
    controlId: dialect === 'hl7' ? echoedControlId(call.watch.received, road.looksLikeIdentifier) : '',
    now: call.start,
  }
}

/**
 * The entry's own format, once the caller may know that the entry exists; before that, problem+json for every path
 * alike (no oracle).
 */
function dialectOf(call: Furthest, shown: Code): Dialect {
  if (call.match?.kind !== 'entry' || call.principal === undefined || shown === 'TOKEN_PERMISSION') return 'problem'
  const { format } = call.match.entry
  return format === 'hl7v2' ? 'hl7' : format === 'fhir' ? 'fhir' : 'problem'
}

const LINGER_MS = 2000

/**
 * A body that nobody will read: what is on its way is taken and dropped for a moment, so that the answer is not lost
 * to a reset; a sender that goes on is cut off.
 */
function linger({ incoming }: Furthest): void {
  incoming.on('error', () => {})
  incoming.resume()
  const timer = setTimeout(() => incoming.complete || incoming.socket?.destroy(), LINGER_MS)
  timer.unref()
  incoming.once('close', () => clearTimeout(timer))
}

/** A fault of ours: its class and place, never its sentence, which may quote the payload. */
function logFault(road: Road, call: Furthest, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frame = /\/((?:src|dist|node_modules)\/[\w@./-]+):(\d+):(\d+)/.exec(stack.slice(stack.indexOf('\n    at ')))
  road.log.error('call.fault', {
    code: 'INTERNAL',
    callId: call.id,
    ...interfaceOf(call),
    problem: error instanceof Error ? error.name : typeof error,
    ...(frame !== null && { file: frame[1]!, line: Number(frame[2]), col: Number(frame[3]) }),
  })
}

const interfaceOf = ({ match }: Furthest): { readonly interface?: string } =>
  match?.kind === 'entry' ? { interface: match.entry.id } : {}
