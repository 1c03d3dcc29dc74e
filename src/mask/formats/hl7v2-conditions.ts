/** Conditions of HL7 v2 bindings, judged while scanning: by the time a leaf is written its binding is decided. */
import type { Binding } from '../model.ts'
import type { Foresight, TextOf } from '../scan/hl7v2-program.ts'
import type { Repetition } from '../scan/hl7v2-repetition.ts'
import type { Filter, Selector } from './hl7v2-selector.ts'

/** A binding with its selector read. */
export interface Bound {
  readonly binding: Binding
  readonly selector: Selector
  readonly rank: number
}

export const isConditional = ({ selector: s }: Bound): boolean =>
  s.repetition > 0 || s.occurrence > 0 || s.filters.length > 0

/** Conditions on other fields of the segment. */
export const otherFields = ({ selector }: Bound): readonly Filter[] => selector.filters.filter((f) => f.field !== null)

/** Does a value of the repetition stand where the filter looks and fulfil it? One of several is enough. */
export function fulfils(filter: Filter, repetition: Repetition, text: TextOf): boolean {
  for (let i = 0; i < repetition.count; i++) {
    if (repetition.component(i) !== filter.component) continue
    if (filter.subcomponent > 0 && repetition.subcomponent(i) !== filter.subcomponent) continue
    if (filter.values.has(text(repetition.from(i), repetition.to(i), repetition.escaped(i)).trim())) return true
  }
  return false
}

/** What the conditions of one segment's bindings need to know of other fields. */
export class SegmentFacts implements Foresight {
  readonly wanted: Uint8Array
  readonly #filters: readonly Filter[]
  readonly #held: boolean[]
  #message = -1
  /** which segment of its name in its message */
  occurrence = 0

  /** `filters` look at other fields; `more` fields are read besides. */
  constructor(filters: readonly Filter[], more: readonly number[]) {
    this.#filters = filters
    this.#held = filters.map(() => false)
    const fields = [...this.#filters.map((f) => f.field!), ...more]
    this.wanted = new Uint8Array(Math.max(0, ...fields) + 1)
    for (const field of fields) this.wanted[field] = 1
  }

  begin(message: number, _source: Uint8Array, _multibyte: boolean): void {
    if (message !== this.#message) this.occurrence = 0
    this.#message = message
    this.occurrence++
    for (let i = 0; i < this.#held.length; i++) this.#held[i] = false
  }

  see(field: number, repetition: Repetition, text: TextOf): void {
    for (let i = 0; i < this.#filters.length; i++) {
      const filter = this.#filters[i]!
      if (filter.field === field && !this.#held[i] && fulfils(filter, repetition, text)) this.#held[i] = true
    }
  }

  holds(filter: Filter): boolean {
    return this.#held[this.#filters.indexOf(filter)] === true
  }
}

/** Does a conditional binding count for this repetition? `type` overrides what OBX-2 says. */
export function counts(
  { selector: s }: Bound,
  repetition: Repetition,
  number: number,
  text: TextOf,
  facts: SegmentFacts | null,
  type: string | null,
): boolean {
  if (s.repetition > 0 && s.repetition !== number) return false
  if (s.occurrence > 0 && s.occurrence !== facts?.occurrence) return false
  for (const filter of s.filters) {
    if (filter.field === null) {
      if (!fulfils(filter, repetition, text)) return false
    } else if (type !== null && filter.field === 2) {
      if (!filter.values.has(type)) return false
    } else if (facts === null || !facts.holds(filter)) return false
  }
  return true
}
