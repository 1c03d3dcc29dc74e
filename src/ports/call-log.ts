/** The call log: every record once, the sums beside them, the counts of the anomalies and what they signalled. */
import type { Anomaly, Signal } from '../anomaly/model.ts'
import type { CallRecord } from '../base/call-record.ts'
import type { RecordText } from '../base/record-text.ts'
import type { HourSum } from '../report/hour-sum.ts'

export interface CallLogReader {
  /** Sums of the calls that began in [from, to), ms since 1970; hours cut by an end hold the calls inside only. */
  sums(from: number, to: number): HourSum[]
  /** Newest first, at most `limit`, that began at `since` (ms since 1970) or later. */
  signals(since: number, limit: number): Signal[]
  /** The record of one call. */
  record(id: string): CallRecord | null
  close(): void
}

export interface Added {
  /** records that were not there before */
  readonly fresh: number
  readonly signals: readonly Signal[]
}

export interface CallLog extends CallLogReader {
  /**
   * Stores the records that are new (by id), adds them to the sums, runs the anomalies over them and keeps `place`, the
   * giver's bookmark: all of it or nothing. `texts` are the same records as JSON, where the giver has them at hand.
   * Throws when it cannot be stored.
   */
  add(records: readonly CallRecord[], place: string, texts?: readonly RecordText[]): Added
  /** the last bookmark, null at the very beginning */
  place(): string | null
  /** Keeps a bookmark alone. */
  savePlace(place: string): void
  /** From the next record on. */
  watch(anomalies: readonly Anomaly[]): void
  /** Signals that were not yet handed on, oldest first. */
  unpublished(limit: number): Signal[]
  markPublished(ids: readonly string[]): void
  /**
   * Removes calls, at most `most` of the oldest, and signals that began before `before` (ms since 1970, a
   * whole hour). Their sums stay: a period of whole hours is told as before. Returns how many calls went.
   */
  forget(before: number, most: number): number
}
