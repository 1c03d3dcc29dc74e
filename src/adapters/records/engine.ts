/**
 * Everything that reads the journal, in one place: the call log (with sums and anomalies), the stream, the publishing
 * of signals, retention. It runs in a thread of its own, away from the road's event loop; tests run it directly.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Anomaly, Signal } from '../../anomaly/index.ts'
import type { CallLog } from '../../ports/call-log.ts'
import type { Log } from '../../ports/log.ts'
import type { RecordCounters } from '../../ports/record-counters.ts'
import type { RecordSink } from '../../ports/record-sink.ts'
import { HOUR } from '../../report/index.ts'
import { JournalReader, Keeper, type KeptReader, parsePlace, placeFile, placeText, START } from '../journal/index.ts'
import { Pump } from './pump.ts'

export interface EngineOptions {
  /** folder of the journals */
  readonly dir: string
  /** 32 bytes, the keyring's `journal` use */
  readonly key: Uint8Array
  /** null: a data part of a cluster keeps nothing but its journal */
  readonly callLog: CallLog | null
  /** null: no stream is configured */
  readonly sink: RecordSink | null
  readonly anomalies: readonly Anomaly[]
  readonly log: Log
  readonly now: () => number
  /** workers whose process has ended and whose name is never used again */
  readonly ended: readonly string[]
  readonly maxBytes?: number
  readonly maxMs?: number
  readonly idleMs?: number
  readonly keepMs?: number
  /** ms a call stays in the call log; absent: for ever */
  readonly callsMs?: number
}

const RETRY = { first: 100, most: 5000 }
/** calls that are removed from the call log in one round, which takes some milliseconds */
const FORGET = 2000

export class RecordEngine {
  readonly #options: EngineOptions
  readonly #ended: Set<string>
  readonly #pumps: Pump[] = []
  readonly #readers: KeptReader[] = []
  readonly #keeper: Keeper
  #rounds: NodeJS.Timeout | undefined
  #publishing: Promise<void> | null = null

  constructor(options: EngineOptions) {
    this.#options = options
    this.#ended = new Set(options.ended)
    mkdirSync(options.dir, { recursive: true, mode: 0o700 })
    if (options.callLog !== null) this.#addCallLog(options.callLog)
    if (options.sink !== null) this.#addSink(options.sink)
    this.#keeper = new Keeper({
      dir: options.dir,
      key: options.key,
      now: options.now,
      readers: this.#readers,
      live: (worker) => !this.#ended.has(worker),
      ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
      ...(options.maxMs === undefined ? {} : { maxMs: options.maxMs }),
    })
  }

  start(): void {
    for (const pump of this.#pumps) pump.start()
    this.#rounds = setInterval(() => this.#round(), this.#options.keepMs ?? 2000)
  }

  /** Exact, from the journal itself. */
  counters(): RecordCounters {
    return this.#keeper.counters()
  }

  /** A worker's process has ended: its journal may go once it is read. */
  workerEnded(worker: string): void {
    this.#ended.add(worker)
  }

  watch(anomalies: readonly Anomaly[]): void {
    this.#options.callLog?.watch(anomalies)
  }

  wake(): void {
    for (const pump of this.#pumps) pump.wake()
  }

  /** Carries what is in the journal where that is possible now, then closes everything. */
  async stop(): Promise<void> {
    clearInterval(this.#rounds)
    await Promise.all(this.#pumps.map((pump) => pump.stop()))
    await this.#publishing
    await this.#publish()
    this.#keeper.keep()
    await this.#options.sink?.close()
    this.#options.callLog?.close()
  }

  #addCallLog(callLog: CallLog): void {
    callLog.watch(this.#options.anomalies)
    const saved = callLog.place()
    const reader = this.#reader(saved === null ? START : parsePlace(saved))
    this.#readers.push({ sink: 'call-log', reader, save: (place) => callLog.savePlace(placeText(place)) })
    this.#addPump('call-log', reader, (batch) => {
      const records = batch.records.map((line) => line.record())
      const texts = batch.records.map((line) => line.text)
      const { signals } = callLog.add(records, placeText(reader.after(batch)), texts)
      for (const signal of signals) this.#tell(signal)
    })
  }

  #addSink(sink: RecordSink): void {
    const file = placeFile(join(this.#options.dir, `${sink.name}.place.json`))
    const reader = this.#reader(file.load())
    this.#readers.push({ sink: sink.name, reader, save: file.save })
    this.#addPump(sink.name, reader, async (batch) => {
      await sink.writeRecords(batch.records.map((line) => line.json))
      // acknowledged: only now may the place move
      file.save(reader.after(batch))
    })
  }

  #reader(place: typeof START): JournalReader {
    const { dir, key, log } = this.#options
    return new JournalReader({ dir, key, place, onDamage: (file) => log.error('journal.damaged', { file }) })
  }

  #addPump(sink: string, reader: JournalReader, deliver: ConstructorParameters<typeof Pump>[0]['deliver']): void {
    const { log, idleMs = 250 } = this.#options
    const onChange = (away: boolean) => (away ? log.warn('sink.away', { sink }) : log.info('sink.back', { sink }))
    this.#pumps.push(new Pump({ reader, deliver, onChange, idleMs, retryMs: RETRY }))
  }

  #tell(signal: Signal): void {
    this.#options.log.warn('anomaly.signal', {
      rule: signal.anomaly,
      severity: signal.severity,
      count: signal.count,
      callId: signal.sample,
      ...(signal.institution === null ? {} : { institution: signal.institution }),
      ...(signal.interface === null ? {} : { interface: signal.interface }),
    })
  }

  #round(): void {
    try {
      this.#keeper.keep()
    } catch {
      // a folder that cannot be written now is tried again in the next round; the writers say it aloud
    }
    this.#forget()
    this.#publishing ??= this.#publish().finally(() => (this.#publishing = null))
  }

  #forget(): void {
    const { callLog, callsMs, now } = this.#options
    if (callLog === null || callsMs === undefined) return
    try {
      callLog.forget(Math.floor((now() - callsMs) / HOUR) * HOUR, FORGET)
    } catch {
      // busy or full now: the next round
    }
  }

  /** Signals wait in the call log until the stream has them. */
  async #publish(): Promise<void> {
    const { callLog, sink } = this.#options
    if (callLog === null || sink === null) return
    try {
      for (let signals = callLog.unpublished(100); signals.length > 0; signals = callLog.unpublished(100)) {
        await sink.writeSignals(signals)
        callLog.markPublished(signals.map((s) => s.id))
      }
    } catch {
      // away: they stay unpublished
    }
  }
}
