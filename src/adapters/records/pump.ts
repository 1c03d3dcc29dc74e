/** Carries records from the journal to one store, batch by batch, and waits while the store is away. */
import type { Batch, JournalReader } from '../journal/index.ts'

export interface PumpOptions {
  readonly reader: JournalReader
  /** Stores the batch and its place. Rejects when it could not: the batch comes again. */
  readonly deliver: (batch: Batch) => void | Promise<void>
  /** called when the store goes away or comes back */
  readonly onChange: (away: boolean) => void
  /** ms to wait when there is nothing more to read, so that batches grow: each is a transaction with a sync */
  readonly idleMs: number
  /** ms of the first and the longest wait while the store is away */
  readonly retryMs: { readonly first: number; readonly most: number }
}

export class Pump {
  readonly #options: PumpOptions
  #away = false
  #stopping = false
  #wake: (() => void) | null = null
  #running: Promise<void> | null = null

  constructor(options: PumpOptions) {
    this.#options = options
  }

  get away(): boolean {
    return this.#away
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Carries what is there, then ends; gives up at once when the store is away. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake?.()
    await this.#running
  }

  /** Looks for records now. */
  wake(): void {
    this.#wake?.()
  }

  async #run(): Promise<void> {
    const { reader, deliver, idleMs, retryMs } = this.#options
    let wait = retryMs.first
    for (;;) {
      try {
        const batch = reader.next()
        if (batch === null) {
          if (this.#stopping) return
          await this.#pause(idleMs)
          continue
        }
        await deliver(batch)
        reader.commit(batch)
        this.#turn(false)
        wait = retryMs.first
        if (!batch.more && !this.#stopping) await this.#pause(idleMs)
        // a long way behind: the thread's other work must not wait for the end of it
        else await new Promise((resolve) => setImmediate(resolve))
      } catch {
        reader.release()
        this.#turn(true)
        if (this.#stopping) return
        await this.#pause(wait)
        wait = Math.min(wait * 2, retryMs.most)
      }
    }
  }

  #turn(away: boolean): void {
    if (away === this.#away) return
    this.#away = away
    this.#options.onChange(away)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#wake = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#wake = done
    })
  }
}
