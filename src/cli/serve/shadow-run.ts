/**
 * A candidate beside the rules in force on a share of live answers. Answers are looked at in a thread of its own, after
 * the reply, one at a time and bounded in size: what comes too fast is left out and counted. Nothing but figures is kept.
 */
import { Worker } from 'node:worker_threads'
import { threadUrl } from '../../adapters/records/thread-url.ts'
import type { Keyring } from '../../base/keyring.ts'
import type { Shadow, ShadowCall } from '../../gateway/snapshot.ts'
import type { ShadowCounts } from '../../ports/bundle-store.ts'
import type { Log } from '../../ports/log.ts'
import type { ShadowOrder } from '../../release/book.ts'
import type { Loaded } from '../release/load.ts'
import type { ShadowAnswer } from './serve-shadow.ts'
import type { ShadowSides, ShadowTask } from './shadow-compare.ts'

export interface ShadowOffer {
  readonly order: ShadowOrder
  readonly candidate: Loaded
  readonly live: Loaded
}

export interface ShadowOptions {
  /** what is asked for now; null: nothing */
  readonly offer: () => ShadowOffer | null
  readonly keyring: Keyring
  readonly publicBase: string | null
  readonly today: () => string
  readonly log: Log
}

const MAX_BODY = 1024 * 1024

type Counts = { -readonly [K in keyof ShadowCounts]: ShadowCounts[K] } & { errors: Record<string, number> }

export class ShadowRun {
  readonly #o: ShadowOptions
  #thread: Worker | null = null
  #running: ShadowOffer | null = null
  #busy = false
  #counts: Counts | null = null
  /** 0 to 1; an answer is looked at each time it passes 1 */
  #owed = 0

  constructor(options: ShadowOptions) {
    this.#o = options
  }

  /** Figures of the run that is on, or of the last one. */
  counts(): ShadowCounts | null {
    return this.#counts === null ? null : { ...this.#counts, errors: { ...this.#counts.errors } }
  }

  /** For the road: null while nothing is asked for, which costs one comparison a call. */
  current(): Shadow | null {
    const asked = this.#o.offer()
    if (asked?.candidate.id !== this.#running?.candidate.id || asked?.live.id !== this.#running?.live.id) {
      this.stop()
      if (asked !== null) this.#start(asked)
    }
    return this.#thread === null ? null : this.#look
  }

  stop(): void {
    void this.#thread?.terminate()
    this.#thread = null
    this.#running = null
    this.#busy = false
  }

  #start(asked: ShadowOffer): void {
    const { keyring, publicBase, log } = this.#o
    const sides: ShadowSides = { live: asked.live.files, candidate: asked.candidate.files, keyring, publicBase }
    const thread = new Worker(threadUrl(import.meta.url, 'shadow-thread'), { workerData: sides })
    thread.unref()
    this.#thread = thread
    this.#running = asked
    this.#counts = {
      bundle: asked.candidate.id,
      calls: 0,
      skipped: 0,
      differing: 0,
      tighter: 0,
      looser: 0,
      other: 0,
      errors: {},
    }
    log.info('shadow.started', { bundle: asked.candidate.hash })
    thread.on('message', (answer: ShadowAnswer) => this.#take(answer))
    thread.on('error', () => log.error('shadow.failed', { bundle: asked.candidate.hash }))
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = null
    })
  }

  readonly #look: Shadow = (size, call) => {
    this.#owed += this.#running?.order.share ?? 0
    if (this.#owed < 1 || this.#counts === null) return
    this.#owed -= 1
    if (this.#busy || size > MAX_BODY) {
      this.#counts.skipped++
      return
    }
    this.#busy = true
    // the reply goes first
    setImmediate(() => this.#post(call()))
  }

  #post({ request, body, hints, limits }: ShadowCall): void {
    const task: ShadowTask = { request, hints, limits, body: new Uint8Array(body), day: this.#o.today() }
    this.#thread?.postMessage(task, [task.body.buffer as ArrayBuffer])
  }

  #take(answer: ShadowAnswer): void {
    this.#busy = false
    const counts = this.#counts
    if (counts === null || answer === null) return
    const { tighter, looser, other, failed } = answer
    counts.calls++
    counts.tighter += tighter
    counts.looser += looser
    counts.other += other
    if (failed !== null) counts.errors[failed] = (counts.errors[failed] ?? 0) + 1
    if (failed !== null || tighter + looser > 0) counts.differing++
  }
}
