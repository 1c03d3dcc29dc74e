/** The journal in memory: the reference of the port's contract, for tests and for commands that keep nothing. */
import { GatewayError } from '../../base/errors.ts'
import type { Journal } from '../../ports/journal.ts'
import type { CallRecord, OpeningLine } from '../../ports/record.ts'
import { interruptedRecord } from './lines.ts'

export class MemoryJournal implements Journal {
  writable = true
  /** closed calls, in order */
  readonly records: CallRecord[] = []
  readonly #open = new Map<string, OpeningLine>()

  async open(line: OpeningLine, _durable: boolean): Promise<void> {
    if (!this.writable) throw new GatewayError('AUDIT_UNAVAILABLE')
    this.#open.set(line.id, line)
  }

  close(record: CallRecord): void {
    this.#open.delete(record.id)
    this.records.push(record)
  }

  async flush(): Promise<void> {
    if (!this.writable) throw new GatewayError('AUDIT_UNAVAILABLE')
  }

  /** What a restart after a crash does: every open call becomes a record. Returns how many. */
  recover(): number {
    const interrupted = [...this.#open.values()].map(interruptedRecord)
    this.records.push(...interrupted)
    this.#open.clear()
    return interrupted.length
  }
}
