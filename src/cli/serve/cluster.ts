/**
 * More than one worker: node:cluster shares the port, workers run the road and write their own journals, the primary
 * owns what there is once. Records never cross between them; only figures, readiness and anomaly rules do.
 */
import cluster, { type Worker as Process } from 'node:cluster'
import type { Anomaly } from '../../anomaly/index.ts'
import { Metrics, type MetricsDump } from '../../gateway/metrics.ts'
import type { Readiness } from '../../gateway/operations.ts'
import type { Log } from '../../ports/log.ts'
import type { ServeOptions } from './options.ts'
import { type Primary, startPrimary } from './primary.ts'

export type FromWorker =
  | { readonly kind: 'started'; readonly port: number }
  | { readonly kind: 'anomalies'; readonly anomalies: readonly Anomaly[] }
  | { readonly kind: 'figures'; readonly id: number; readonly metrics: MetricsDump; readonly readiness: Readiness }
export type ToWorker = { readonly kind: 'figures'; readonly id: number } | { readonly kind: 'stop' }

/** How a forked process learns who it is. */
export const WORKER_NAME = 'VEILGATE_WORKER_NAME'
export const WORKER_SLOT = 'VEILGATE_WORKER_SLOT'

const ANSWER_MS = 2000
/** a worker that dies sooner than this is replaced after a pause: a broken machine must not spin */
const EARLY_MS = 5000

interface Slot {
  readonly slot: number
  name: string
  process: Process | null
  /** its last word before it ended; counters never go backwards */
  port: number | null
}

export interface ClusterOptions extends ServeOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

export interface Cluster {
  readonly port: number
  readonly operationsPort: number
  stop(): Promise<void>
}

/** Resolves when every worker listens. Throws as startPrimary(), or when a worker cannot start. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const crew = new Crew(options.log)
  const primary = await startPrimary({ ...options, readiness: () => crew.readiness(), metrics: () => crew.metrics() })
  crew.primary = primary
  try {
    const ports = await Promise.all(Array.from({ length: options.workers }, (_, i) => crew.fork(i + 1)))
    return {
      port: ports[0]!,
      operationsPort: primary.operationsPort,
      async stop() {
        await crew.stop()
        await primary.stop()
      },
    }
  } catch (error) {
    await crew.stop()
    await primary.stop()
    throw error
  }
}

class Crew {
  primary!: Primary
  readonly #log: Log
  readonly #slots = new Map<number, Slot>()
  readonly #asked = new Map<number, (answer: Extract<FromWorker, { kind: 'figures' }>) => void>()
  #next = 1
  #stopping = false

  constructor(log: Log) {
    this.#log = log
  }

  /** Resolves with the port when the worker listens. */
  fork(slot: number): Promise<number> {
    const name = this.primary.nextWorker()
    const began = Date.now()
    const child = cluster.fork({ [WORKER_NAME]: name, [WORKER_SLOT]: String(slot) })
    const held: Slot = { slot, name, process: child, port: null }
    this.#slots.set(slot, held)
    const started = Promise.withResolvers<number>()
    child.on('message', (message: FromWorker) => {
      if (message.kind === 'started') {
        held.port = message.port
        started.resolve(message.port)
      } else if (message.kind === 'anomalies') this.primary.watch(message.anomalies)
      else this.#asked.get(message.id)?.(message)
    })
    child.once('exit', (code, signal) => {
      held.process = null
      this.#ended(held, Date.now() - began, signal ?? String(code))
      started.reject(new Error(`worker ${slot} ended before it listened`))
    })
    return started.promise
  }

  async readiness(): Promise<Readiness> {
    const answers = await this.#ask()
    if (answers.length === 0) return { reasons: ['NO_WORKER'], notes: [], bundle: null }
    const words = (pick: (r: Readiness) => readonly string[]) => [...new Set(answers.flatMap((a) => pick(a.readiness)))]
    const bundles = new Set(answers.map((a) => a.readiness.bundle))
    const notes = words((r) => r.notes)
    if (bundles.size > 1) notes.push('BUNDLES_DIFFER')
    return { reasons: words((r) => r.reasons), notes, bundle: answers[0]!.readiness.bundle }
  }

  async metrics(): Promise<string> {
    const sum = new Metrics()
    for (const { metrics } of await this.#ask()) sum.absorb(metrics)
    return sum.render()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const ending = [...this.#slots.values()].flatMap(({ process: child }) => {
      if (child === null) return []
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      child.send({ kind: 'stop' } satisfies ToWorker, () => {})
      return [ended]
    })
    await Promise.all(ending)
  }

  #ended(held: Slot, livedMs: number, how: string): void {
    this.primary.workerEnded(held.name)
    if (this.#stopping) return
    this.#log.error('worker.died', { worker: held.slot, problem: how })
    // before it ever listened nothing is replaced: the start fails and says why
    if (held.port === null && livedMs < EARLY_MS) return
    const again = () => {
      if (!this.#stopping) this.fork(held.slot).catch(() => {})
    }
    if (livedMs < EARLY_MS) setTimeout(again, EARLY_MS).unref()
    else again()
  }

  async #ask(): Promise<Extract<FromWorker, { kind: 'figures' }>[]> {
    const asked = [...this.#slots.values()].map(({ process: child }) => {
      if (child === null) return Promise.resolve(null)
      const id = this.#next++
      return new Promise<Extract<FromWorker, { kind: 'figures' }> | null>((resolve) => {
        const timer = setTimeout(() => resolve(null), ANSWER_MS)
        this.#asked.set(id, (answer) => {
          clearTimeout(timer)
          resolve(answer)
        })
        child.send({ kind: 'figures', id } satisfies ToWorker, (error) => error !== null && resolve(null))
      }).finally(() => this.#asked.delete(id))
    })
    return (await Promise.all(asked)).filter((answer) => answer !== null)
  }
}
