/** A call as its lines in the journal. No payload value, path value, query or token has a place in them. */
import type { Code } from '../base/errors.ts'
import type { CallRecord, OpeningLine } from '../ports/record.ts'
import type { Furthest } from './call.ts'

export interface Recorder {
  /** name of this node */
  readonly node: string
}

export interface Ending {
  readonly decision: CallRecord['decision']
  readonly code: Code | null
  readonly status: number
  readonly outcome: CallRecord['outcome']
  /** milliseconds */
  readonly totalMs: number
}

export function openingLine(recorder: Recorder, call: Furthest, decision: CallRecord['decision']): OpeningLine {
  const { match, permit, principal } = call
  const entry = match?.kind === 'entry' ? match.entry : null
  return {
    v: 1,
    id: call.id,
    start: isoTime(call.start),
    node: recorder.node,
    institution: call.institution?.id ?? null,
    certificate: call.peer.certificate.sha256.slice(0, 8),
    sourceIp: call.peer.address,
    region: call.institution?.region ?? null,
    interface: entry?.id ?? null,
    interfaceVersion: entry?.version ?? null,
    provider: entry?.provider ?? (match?.kind === 'miss' ? match.provider : null),
    method: call.method,
    route: entry?.path ?? null,
    user: principal?.user ?? null,
    role: permit?.role ?? null,
    scenario: permit?.scenario ?? null,
    decision,
    masking: call.reply?.masking ?? null,
    requestMasking: call.sealed?.masking ?? null,
    bundle: call.snapshot.bundle,
    slo: entry?.slo ?? null,
    uncontrolled: isUncontrolled(call),
  }
}

export function closingLine(recorder: Recorder, call: Furthest, ending: Ending): CallRecord {
  const { watch } = call
  return {
    ...openingLine(recorder, call, ending.decision),
    code: ending.code,
    status: ending.status,
    upstreamStatus: watch.upstreamStatus,
    outcome: ending.outcome,
    times: { total: round(ending.totalMs), upstream: round(watch.upstreamMs), mask: round(watch.maskMs) },
    bytesIn: watch.bytesIn,
    bytesOut: watch.bytesOut,
    rows: ending.decision === 'allow' ? (call.reply === undefined ? watch.rows : call.reply.rows) : null,
  }
}

/** Exactly: observe, masking: none, unknown: keep (rules-language.md, Bundles). */
function isUncontrolled({ permit, plans }: Furthest): boolean {
  if (permit === undefined) return false
  const { masking, mode } = permit.entry
  return masking === 'none' || mode === 'observe' || (plans !== undefined && plans.response?.uncontrolled === true)
}

function round(ms: number): number
function round(ms: number | null): number | null
function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000
}

let second = -1
let prefix = ''

/** RFC 3339 UTC with milliseconds; the text of a second is made once. */
function isoTime(ms: number): string {
  const now = Math.floor(ms / 1000)
  if (now !== second) {
    second = now
    prefix = new Date(now * 1000).toISOString().slice(0, 20)
  }
  return `${prefix}${String(ms - now * 1000).padStart(3, '0')}Z`
}
