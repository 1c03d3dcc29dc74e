/** One record against the compiled anomalies and what was counted so far: what to count now, and what fires. */
import type { CallRecord } from '../base/call-record.ts'
import { detectorOf } from './detectors/index.ts'
import type { Anomaly, Count, Per, Signal } from './model.ts'
import { arrive, expiresAt, NOTHING } from './window.ts'

export interface Observation {
  /** counts to store, by key */
  readonly counts: readonly { readonly key: string; readonly count: Count; readonly expiresAt: number }[]
  readonly signals: readonly Signal[]
}

const SILENCE: Observation = { counts: [], signals: [] }

/** Pure: the caller looks counts up, stores what comes back, and hands each record in once. */
export function observe(
  anomalies: readonly Anomaly[],
  record: CallRecord,
  countOf: (key: string) => Count | undefined,
): Observation {
  let counts: Observation['counts'][number][] | undefined
  const signals: Signal[] = []
  for (const anomaly of anomalies) {
    if (!anomaly.enabled || detectorOf(anomaly.detector)?.counts(anomaly, record) !== true) continue
    const key = countKey(anomaly, record)
    const { count, crowd, fires } = arrive(countOf(key) ?? NOTHING, Date.parse(record.start), anomaly)
    if (crowd === 0) continue
    counts ??= []
    counts.push({ key, count, expiresAt: expiresAt(count, anomaly) })
    if (fires) signals.push(signalOf(anomaly, record, crowd))
  }
  return counts === undefined ? SILENCE : { counts, signals }
}

const READ: Readonly<Record<Per, (record: CallRecord) => string | null>> = {
  institution: (record) => record.institution,
  interface: (record) => record.interface,
  subject: (record) => record.user,
  role: (record) => record.role,
}

const countKey = (anomaly: Anomaly, record: CallRecord): string =>
  `${anomaly.id} ${JSON.stringify(anomaly.per.map((per) => READ[per](record)))}`

function signalOf(anomaly: Anomaly, record: CallRecord, crowd: number): Signal {
  const named = (per: Per) => (anomaly.per.includes(per) ? READ[per](record) : null)
  return {
    v: 1,
    id: `${anomaly.id}/${record.id}`,
    anomaly: anomaly.id,
    zh: anomaly.zh,
    detector: anomaly.detector,
    severity: anomaly.severity,
    at: record.start,
    institution: named('institution'),
    interface: named('interface'),
    subject: named('subject'),
    role: named('role'),
    count: crowd,
    threshold: anomaly.threshold,
    windowMs: anomaly.windowMs,
    sample: record.id,
  }
}
