/**
 * The calls that have an opening line and no closing yet. Not a Map of them: a Map that is added to and deleted from
 * all the time replaces its table every few dozen calls, and V8 lets the dead table point to its successor, so whatever
 * stood in an old one stays (with all it refers to) until the next full collection. Here a table holds names and
 * numbers only; what is large stands in slots that are used again.
 */
import type { OpeningLine } from '../../ports/record.ts'

export interface OpenCall {
  readonly line: OpeningLine
  /** what its line says beside the context */
  readonly own: string
  readonly durable: boolean
}

export class OpenCalls {
  readonly #slotOf = new Map<string, number>()
  readonly #slots: (OpenCall | null)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#slotOf.size
  }

  add(call: OpenCall): void {
    const slot = this.#free.pop() ?? this.#slots.length
    this.#slots[slot] = call
    this.#slotOf.set(call.line.id, slot)
  }

  get(id: string): OpenCall | undefined {
    const slot = this.#slotOf.get(id)
    return slot === undefined ? undefined : (this.#slots[slot] ?? undefined)
  }

  /** Takes a call out and gives it. */
  take(id: string): OpenCall | undefined {
    const slot = this.#slotOf.get(id)
    if (slot === undefined) return undefined
    const call = this.#slots[slot] ?? undefined
    this.#slots[slot] = null
    this.#slotOf.delete(id)
    this.#free.push(slot)
    return call
  }

  /** In the order they were opened. */
  *all(): Generator<OpenCall> {
    for (const slot of this.#slotOf.values()) yield this.#slots[slot]!
  }
}
