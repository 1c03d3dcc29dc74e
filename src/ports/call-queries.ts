/** Questions to the call log from a thread that must not wait for a file. */
import type { Signal } from '../anomaly/model.ts'
import type { HourSum } from '../report/hour-sum.ts'

export interface CallQueries {
  /** Sums of the calls that began in [from, to), ms since 1970. */
  sums(from: number, to: number): Promise<HourSum[]>
  /** Newest first, at most `limit`, that began at `since` (ms since 1970) or later. */
  signals(since: number, limit: number): Promise<Signal[]>
  close(): Promise<void>
}
