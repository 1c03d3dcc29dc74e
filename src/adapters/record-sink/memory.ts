/** A sink in memory: the reference of the port's contract. */
import type { Signal } from '../../anomaly/index.ts'
import type { RecordSink } from '../../ports/record-sink.ts'

export class MemorySink implements RecordSink {
  readonly name = 'memory'
  readonly records: string[] = []
  readonly signals: Signal[] = []
  /** while true, it is away */
  away = false

  async writeRecords(records: readonly string[]): Promise<void> {
    if (this.away) throw new Error('the sink is away')
    this.records.push(...records)
  }

  async writeSignals(signals: readonly Signal[]): Promise<void> {
    if (this.away) throw new Error('the sink is away')
    this.signals.push(...signals)
  }

  async close(): Promise<void> {}
}
