/** Denied burst (domain A-05): many refusals in a short time, from one institution by default. */
import type { Detector } from '../model.ts'

export const deniedBurst: Detector = {
  name: 'denied-burst',
  summary: 'refused calls within the window; `codes` narrows them to some exact codes',
  counts: (anomaly, record) =>
    record.decision === 'deny' &&
    (anomaly.codes === null || (record.code !== null && anomaly.codes.includes(record.code))),
}
