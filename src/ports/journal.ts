/** The journal as the road sees it (design 3.7): one opening and one closing line per call. */
import type { CallRecord, OpeningLine } from './record.ts'

export interface Journal {
  /** false while the journal cannot be written: the road refuses calls with AUDIT_UNAVAILABLE */
  readonly writable: boolean
  /**
   * Resolves when the line is written to the file (fsynced when `durable`). Rejects with GatewayError AUDIT_UNAVAILABLE.
   * Lines of a few event-loop turns share one frame.
   */
  open(line: OpeningLine, durable: boolean): Promise<void>
  /** Queues the closing line; it is written with the next frame, within milliseconds. Never throws. */
  close(record: CallRecord): void
  /** Everything queued so far is on disk. */
  flush(): Promise<void>
}
