/** PURE CORE anomaly: call records -> counts -> signals. Time is the records' own (event time), never a clock's. */
import type { CallRecord } from '../base/call-record.ts'
import type { Position } from '../base/problem.ts'

export type Severity = 'info' | 'warning' | 'critical'
/** What is counted for itself: `subject` is the system or person the token names. */
export type Per = 'institution' | 'interface' | 'subject' | 'role'

/** One entry of anomalies.yaml, compiled. */
export interface Anomaly {
  readonly id: string
  readonly zh: string
  readonly detector: string
  readonly per: readonly Per[]
  readonly windowMs: number
  readonly threshold: number
  /** after a signal the same subject is quiet for so long */
  readonly cooldownMs: number
  readonly severity: Severity
  readonly enabled: boolean
  /** exact codes that count; null = the detector's own choice */
  readonly codes: readonly string[] | null
  readonly at: Position
}

/** An anomaly that fired. Like the record it holds no payload value, path value, query or token. */
export interface Signal {
  readonly v: 1
  /** anomaly and the record that made it fire: the same input gives the same id */
  readonly id: string
  readonly anomaly: string
  readonly zh: string
  readonly detector: string
  readonly severity: Severity
  /** RFC 3339 UTC, start of the call that made it fire */
  readonly at: string
  readonly institution: string | null
  readonly interface: string | null
  readonly subject: string | null
  readonly role: string | null
  /** how many fell into the window, and how many make a signal */
  readonly count: number
  readonly threshold: number
  readonly windowMs: number
  /** record id of the call that made it fire */
  readonly sample: string
}

/** What is remembered per anomaly and subject. */
export interface Count {
  /** ms since 1970, ascending */
  readonly times: readonly number[]
  /** event time of the last signal */
  readonly firedAt: number | null
}

/** What a detector is: which records count. Window, threshold and cool-down are the same for all. */
export interface Detector {
  readonly name: string
  /** for docs */
  readonly summary: string
  counts(anomaly: Anomaly, record: CallRecord): boolean
}
