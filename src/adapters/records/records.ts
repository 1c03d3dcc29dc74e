/** Starts the records thread and speaks for it on the main thread. */
import { Worker } from 'node:worker_threads'
import type { Anomaly } from '../../anomaly/index.ts'
import type { Log } from '../../ports/log.ts'
import type { RecordCounters } from '../../ports/record-counters.ts'
import type { FromThread, ThreadOptions, ToThread } from './protocol.ts'
import { threadUrl } from './thread-url.ts'

export interface RecordsOptions extends ThreadOptions {
  readonly log: Log
}

export interface Records {
  /** false after the thread has died: the part is then not ready, and its process should end */
  readonly alive: boolean
  /** Exact, from the journal itself. Rejects when the thread has died. */
  counters(): Promise<RecordCounters>
  /** New anomalies of a reloaded bundle. */
  watch(anomalies: readonly Anomaly[]): void
  /** A worker's process has ended and was recovered; its name is never used again. */
  workerEnded(worker: string): void
  /** Looks for new records now instead of within a tenth of a second. */
  wake(): void
  /** Carries what is in the journal where that is possible now, then ends the thread. At most `ms` (default 10 s). */
  stop(ms?: number): Promise<void>
}

/** Resolves when the call log is open and the readers run; rejects when the call log cannot be opened. */
export async function startRecords({ log, ...options }: RecordsOptions): Promise<Records> {
  const thread = new Worker(threadUrl(import.meta.url, 'thread'), { workerData: options })
  const records = new ThreadRecords(thread, log)
  await new Promise<void>((resolve, reject) => {
    thread.once('message', () => resolve())
    thread.once('error', reject)
  })
  return records
}

class ThreadRecords implements Records {
  readonly #thread: Worker
  readonly #asked = new Map<number, PromiseWithResolvers<RecordCounters>>()
  readonly #ended: Promise<void>
  #alive = true
  #stopping = false
  #next = 1

  constructor(thread: Worker, log: Log) {
    this.#thread = thread
    thread.on('message', (message: FromThread) => {
      if (message.kind === 'log') log[message.level](message.event, message.fields)
      else if (message.kind === 'counters') this.#answer(message.id, message.counters)
    })
    // its text may hold a path: the event alone goes to the log
    thread.on('error', () => log.error('records.died'))
    this.#ended = new Promise((resolve) => {
      thread.once('exit', () => {
        this.#alive = false
        if (!this.#stopping) log.error('records.ended')
        for (const { reject } of this.#asked.values()) reject(new Error('the records thread has ended'))
        this.#asked.clear()
        resolve()
      })
    })
  }

  get alive(): boolean {
    return this.#alive
  }

  counters(): Promise<RecordCounters> {
    if (!this.#alive) return Promise.reject(new Error('the records thread has ended'))
    const id = this.#next++
    const asked = Promise.withResolvers<RecordCounters>()
    this.#asked.set(id, asked)
    this.#say({ kind: 'counters', id })
    return asked.promise
  }

  watch(anomalies: readonly Anomaly[]): void {
    this.#say({ kind: 'watch', anomalies })
  }

  workerEnded(worker: string): void {
    this.#say({ kind: 'ended', worker })
  }

  wake(): void {
    this.#say({ kind: 'wake' })
  }

  async stop(ms = 10_000): Promise<void> {
    this.#stopping = true
    this.#say({ kind: 'stop' })
    const limit = Promise.withResolvers<void>()
    const timer = setTimeout(limit.resolve, ms)
    await Promise.race([this.#ended, limit.promise])
    clearTimeout(timer)
    // what it could not carry stays in the journal
    if (this.#alive) await this.#thread.terminate()
  }

  #answer(id: number, counters: RecordCounters): void {
    this.#asked.get(id)?.resolve(counters)
    this.#asked.delete(id)
  }

  #say(message: ToThread): void {
    if (this.#alive) this.#thread.postMessage(message)
  }
}
