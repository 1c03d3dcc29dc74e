/** A stream that takes records and signals. At least once: consumers deduplicate by id. */
import type { Signal } from '../anomaly/model.ts'

export interface RecordSink {
  readonly name: string
  /** Records as JSON texts. Resolves once all of them are acknowledged; rejects when not: the same batch comes again. */
  writeRecords(records: readonly string[]): Promise<void>
  /** Like writeRecords. */
  writeSignals(signals: readonly Signal[]): Promise<void>
  close(): Promise<void>
}
