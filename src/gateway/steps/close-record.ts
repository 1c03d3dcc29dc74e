/** 10, always: the closing line is the whole record, written when the answer is over or the caller gone. */
import { CODES, type Code } from '../../base/errors.ts'
import type { Journal } from '../../ports/journal.ts'
import type { CallRecord } from '../../ports/record.ts'
import type { Furthest } from '../call.ts'
import { closingLine, type Recorder } from '../record.ts'

/** How the road ended for a call; null code = allowed and answered. */
export interface End {
  readonly code: Code | null
  readonly status: number
}

export type Closed = (record: CallRecord) => void

/** Never throws: by now there is nobody to tell. */
export function closeRecord(journal: Journal, recorder: Recorder, call: Furthest, end: End, closed: Closed): void {
  const { watch } = call
  const write = () => {
    const outcome = outcomeOf(call, end)
    const code = end.code ?? (outcome === 'delivered' ? null : outcome === 'cut' ? 'UPSTREAM_INVALID' : 'CLIENT_GONE')
    const record = closingLine(recorder, call, {
      decision: decisionOf(end.code),
      code,
      status: end.status,
      outcome,
      totalMs: performance.now() - watch.began,
    })
    journal.close(record)
    closed(record)
  }
  if (watch.over) write()
  else watch.onOver = write
}

/** A refusal of the caller's call is a denial; what the gateway, the upstream or the line failed at is a failure. */
export function decisionOf(code: Code | null): CallRecord['decision'] {
  if (code === null) return 'allow'
  if (code === 'INTERFACE_SUSPENDED') return 'deny'
  return CODES[code].status >= 500 || code === 'CLIENT_GONE' ? 'fail' : 'deny'
}

function outcomeOf({ watch }: Furthest, end: End): CallRecord['outcome'] {
  if (watch.cut) return 'cut'
  if (end.code !== null) return end.code === 'CLIENT_GONE' ? 'client-gone' : 'refused'
  return watch.left ? 'client-gone' : 'delivered'
}
