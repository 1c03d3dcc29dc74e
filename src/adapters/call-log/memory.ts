/** The call log in memory: the reference of the port's contract. */
import { type Anomaly, type Count, observe, type Signal } from '../../anomaly/index.ts'
import type { Added, CallLog } from '../../ports/call-log.ts'
import type { CallRecord } from '../../ports/record.ts'
import { HOUR, type HourSum, sumsOf } from '../../report/index.ts'

export class MemoryCallLog implements CallLog {
  readonly #records = new Map<string, CallRecord>()
  readonly #counts = new Map<string, Count>()
  readonly #signals = new Map<string, Signal>()
  readonly #published = new Set<string>()
  readonly #forgotten: CallRecord[] = []
  #anomalies: readonly Anomaly[] = []
  #place: string | null = null

  watch(anomalies: readonly Anomaly[]): void {
    this.#anomalies = anomalies
  }

  add(records: readonly CallRecord[], place: string): Added {
    const signals: Signal[] = []
    let fresh = 0
    for (const record of records) {
      if (this.#records.has(record.id)) continue
      this.#records.set(record.id, record)
      fresh++
      const seen = observe(this.#anomalies, record, (key) => this.#counts.get(key))
      for (const { key, count } of seen.counts) this.#counts.set(key, count)
      for (const signal of seen.signals) this.#signals.set(signal.id, signal)
      signals.push(...seen.signals)
    }
    this.#place = place
    return { fresh, signals }
  }

  place(): string | null {
    return this.#place
  }

  savePlace(place: string): void {
    this.#place = place
  }

  sums(from: number, to: number): HourSum[] {
    const [first, last] = [Math.ceil(from / HOUR) * HOUR, Math.floor(to / HOUR) * HOUR]
    const within = (r: CallRecord, a: number, b: number) => Date.parse(r.start) >= a && Date.parse(r.start) < b
    const whole = this.#forgotten.filter((r) => within(r, first, last))
    return sumsOf([...whole, ...[...this.#records.values()].filter((r) => within(r, from, to))])
  }

  signals(since: number, limit: number): Signal[] {
    return [...this.#signals.values()]
      .filter((s) => Date.parse(s.at) >= since)
      .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.id < b.id ? 1 : -1))
      .slice(0, limit)
  }

  record(id: string): CallRecord | null {
    return this.#records.get(id) ?? null
  }

  unpublished(limit: number): Signal[] {
    return [...this.#signals.values()].filter((s) => !this.#published.has(s.id)).slice(0, limit)
  }

  markPublished(ids: readonly string[]): void {
    for (const id of ids) this.#published.add(id)
  }

  forget(before: number, most: number): number {
    const old = [...this.#records.values()].filter((r) => Date.parse(r.start) < before)
    const going = old.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, most)
    this.#forgotten.push(...going)
    for (const { id } of going) this.#records.delete(id)
    for (const { id, at } of this.#signals.values()) if (Date.parse(at) < before) this.#signals.delete(id)
    return going.length
  }

  close(): void {}
}
