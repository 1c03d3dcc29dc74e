/** Counters and gauges in the Prometheus text format (0.0.4). Labels are codes and entry ids, never a person's data. */
import type { CallRecord } from '../ports/record.ts'

/** Upper bounds of the latency buckets, milliseconds. */
const BUCKETS: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000]

interface Series {
  calls: number
  sumMs: number
  readonly buckets: number[]
}

export interface MetricsDump {
  readonly outcomes: readonly (readonly [labels: string, n: number])[]
  readonly refused: readonly (readonly [reason: string, n: number])[]
  readonly interfaces: readonly (readonly [id: string, series: Readonly<Series>])[]
  readonly gauges: readonly (readonly [name: string, help: string, value: number])[]
  readonly bytesIn: number
  readonly bytesOut: number
}

export type Gauge = () => number

export class Metrics {
  readonly #byOutcome = new Map<string, number>()
  readonly #byInterface = new Map<string, Series>()
  readonly #refusedConnections = new Map<string, number>()
  readonly #gauges = new Map<string, { readonly help: string; readonly read: Gauge }>()
  #bytesIn = 0
  #bytesOut = 0

  /** A call is over. */
  observe(record: CallRecord): void {
    const key = outcomeLabels(record)
    this.#byOutcome.set(key, (this.#byOutcome.get(key) ?? 0) + 1)
    this.#bytesIn += record.bytesIn
    this.#bytesOut += record.bytesOut
    if (record.interface === null) return
    let series = this.#byInterface.get(record.interface)
    if (series === undefined) {
      series = { calls: 0, sumMs: 0, buckets: BUCKETS.map(() => 0) }
      this.#byInterface.set(record.interface, series)
    }
    series.calls++
    series.sumMs += record.times.total
    for (let i = 0; i < BUCKETS.length; i++)
      if (record.times.total <= BUCKETS[i]!) {
        series.buckets[i]!++
        break
      }
  }

  /** Bytes that never became a call: handshakes, framing, limits. */
  refusedConnection(reason: string): void {
    this.#refusedConnections.set(reason, (this.#refusedConnections.get(reason) ?? 0) + 1)
  }

  /** `name` without the prefix `veilgate_`. */
  gauge(name: string, help: string, read: Gauge): void {
    this.#gauges.set(name, { help, read })
  }

  /** Everything as plain data, to cross from a worker to the primary. */
  dump(): MetricsDump {
    return {
      outcomes: [...this.#byOutcome],
      refused: [...this.#refusedConnections],
      interfaces: [...this.#byInterface],
      gauges: [...this.#gauges].map(([name, { help, read }]) => [name, help, read()]),
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
    }
  }

  /** Adds a worker's figures to these. */
  absorb(dump: MetricsDump): void {
    for (const [key, n] of dump.outcomes) this.#byOutcome.set(key, (this.#byOutcome.get(key) ?? 0) + n)
    for (const [key, n] of dump.refused) this.#refusedConnections.set(key, (this.#refusedConnections.get(key) ?? 0) + n)
    for (const [id, more] of dump.interfaces) {
      const own = this.#byInterface.get(id)
      if (own === undefined) {
        this.#byInterface.set(id, { calls: more.calls, sumMs: more.sumMs, buckets: [...more.buckets] })
        continue
      }
      own.calls += more.calls
      own.sumMs += more.sumMs
      for (const [i, n] of more.buckets.entries()) own.buckets[i]! += n
    }
    for (const [name, help, value] of dump.gauges) {
      const before = this.#gauges.get(name)?.read() ?? 0
      this.gauge(name, help, () => before + value)
    }
    this.#bytesIn += dump.bytesIn
    this.#bytesOut += dump.bytesOut
  }

  render(): string {
    const out: string[] = []
    counter(out, 'calls_total', 'Calls by decision, exact code and outcome.', this.#byOutcome)
    counter(
      out,
      'refused_connections_total',
      'Connections refused before a request could be read.',
      new Map([...this.#refusedConnections].map(([reason, n]) => [`reason="${reason}"`, n])),
    )
    counter(out, 'received_bytes_total', 'Bytes of request bodies.', new Map([['', this.#bytesIn]]))
    counter(out, 'sent_bytes_total', 'Bytes of answer bodies.', new Map([['', this.#bytesOut]]))
    this.#latency(out)
    for (const [name, { help, read }] of this.#gauges)
      out.push(`# HELP veilgate_${name} ${help}`, `# TYPE veilgate_${name} gauge`, `veilgate_${name} ${read()}`)
    return `${out.join('\n')}\n`
  }

  #latency(out: string[]): void {
    const name = 'veilgate_call_duration_milliseconds'
    out.push(`# HELP ${name} Time from request to end of answer.`, `# TYPE ${name} histogram`)
    for (const [id, { calls, sumMs, buckets }] of this.#byInterface) {
      let upTo = 0
      for (const [i, n] of buckets.entries()) {
        upTo += n
        out.push(`${name}_bucket{interface="${id}",le="${BUCKETS[i]}"} ${upTo}`)
      }
      out.push(`${name}_bucket{interface="${id}",le="+Inf"} ${calls}`)
      out.push(`${name}_sum{interface="${id}"} ${sumMs.toFixed(3)}`, `${name}_count{interface="${id}"} ${calls}`)
    }
  }
}

/** the labels of the last call, which the next one nearly always shares */
let last = { decision: '', code: '' as string | null, outcome: '', labels: '' }

function outcomeLabels({ decision, code, outcome }: CallRecord): string {
  if (last.code !== code || last.outcome !== outcome || last.decision !== decision)
    last = { decision, code, outcome, labels: `decision="${decision}",code="${code ?? 'OK'}",outcome="${outcome}"` }
  return last.labels
}

function counter(out: string[], name: string, help: string, values: ReadonlyMap<string, number>): void {
  out.push(`# HELP veilgate_${name} ${help}`, `# TYPE veilgate_${name} counter`)
  for (const [labels, n] of values) out.push(`veilgate_${name}${labels === '' ? '' : `{${labels}}`} ${n}`)
}
