/**
 * Reads a tape for the values a plan masks in structured fields, so that sentences of the same payload can be searched
 * for them (known-value propagation, domain.md E20 b). Runs before anything is treated, in plans with free text only.
 */
import { Cursor } from '../cursor.ts'
import { joinParts } from '../join.ts'
import { canonical } from '../kinds.ts'
import type { Element, Kind } from '../model.ts'
import type { Document, Plan } from '../plan.ts'
import { RAISES } from '../raise.ts'
import type { Candidate, Site } from '../site.ts'
import { CLOSE, LEAF, OPEN, type Tape, TYPE_MASK } from '../tape.ts'
import { type Known, KnownValues } from './known-values.ts'
import { tellBeginnings } from './plain-value.ts'

/** Kinds whose every value tells a person or a place. */
const TELLING: ReadonlySet<Kind> = new Set<Kind>(['name', 'identifier', 'phone', 'email', 'address'])

/** Is it worth searching for: an element the plan does something to, whose values stand for somebody? */
export function isPropagated(plan: Plan, element: Element): boolean {
  const told =
    TELLING.has(element.kind) ||
    (element.group === 'quasi-identifiers' &&
      element.level >= 3 &&
      (element.kind === 'text' || element.kind === 'date'))
  return told && RAISES.some((raise) => !plan.decide(element, raise).bound.keeps)
}

interface Part {
  readonly part: number
  readonly text: string
}

interface Group {
  readonly element: Element
  readonly namespace: string
  readonly within: readonly number[]
  readonly parts: Part[]
}

/** Of one plan: which elements are asked for, and which sites may hold one of them. */
class Asked {
  readonly #plan: Plan
  readonly #elements = new Map<Element, boolean>()
  /** sites are numbered by the plan's own reader, which meets new ones as it reads */
  readonly #sites: (Candidate | boolean | undefined)[] = []

  constructor(plan: Plan) {
    this.#plan = plan
  }

  isElement(element: Element): boolean {
    let asked = this.#elements.get(element)
    if (asked === undefined) this.#elements.set(element, (asked = isPropagated(this.#plan, element)))
    return asked
  }

  /** The candidate every leaf of the site has; true = it hangs on conditions, false = none is asked for. */
  of(id: number): Candidate | boolean {
    return (this.#sites[id] ??= this.#candidateOf(this.#plan.reader.layout.sites[id]!))
  }

  #candidateOf({ reference, candidates }: Site): Candidate | boolean {
    if (reference || !candidates.some((c) => this.isElement(c.element))) return false
    return candidates.length > 1 || candidates[0]!.condition >= 0 || candidates[0]!
  }
}

const askedOf = new WeakMap<Plan, Asked>()

export function collect(plan: Plan, doc: Document, tape: Tape): KnownValues {
  return new Collector(plan, doc, tape).run()
}

class Collector {
  readonly #plan: Plan
  readonly #tape: Tape
  readonly #cursor: Cursor
  readonly #known = new KnownValues((number) => this.#reveal(number))
  /** places of the values that wait */
  readonly #waiting: { readonly index: number; readonly element: Element; readonly within: readonly number[] }[] = []
  readonly #defer = (first: number, second: number, third: number, fourth: number): void =>
    this.#known.defer(this.#waiting.length, first, second, third, fourth)
  readonly #asked: Asked
  readonly #groups = new Map<string, Group>()
  /** the open scopes as one list, shared by the values between two brackets */
  #within: readonly number[] | null = null

  constructor(plan: Plan, doc: Document, tape: Tape) {
    this.#plan = plan
    this.#tape = tape
    let asked = askedOf.get(plan)
    if (asked === undefined) askedOf.set(plan, (asked = new Asked(plan)))
    this.#asked = asked
    this.#cursor = new Cursor(plan, doc, tape)
  }

  run(): KnownValues {
    const { words, count } = this.#tape
    const { open } = this.#cursor
    const asked = this.#asked
    for (let i = 0; i < count; i++) {
      const at = i << 2
      const type = words[at]! & TYPE_MASK
      if (type === LEAF) {
        const candidate = asked.of(words[at + 1]!)
        if (candidate !== false) this.#leaf(i, candidate === true ? this.#chosen(i) : candidate)
      } else if (type === OPEN) {
        open.push(i)
        this.#within = null
      } else if (type === CLOSE) {
        open.pop()
        this.#within = null
      }
    }
    let order = count
    for (const { element, namespace, within, parts } of this.#groups.values()) {
      const text = joinParts(parts.toSorted((a, b) => a.part - b.part).map((p) => p.text))
      this.#add(element, text, { namespace, within, order: order++ })
    }
    return this.#known
  }

  #chosen(index: number): Candidate | null {
    const candidate = this.#cursor.choose(index)
    return candidate !== null && this.#asked.isElement(candidate.element) ? candidate : null
  }

  #leaf(index: number, candidate: Candidate | null): void {
    if (candidate === null || this.#cursor.isEmpty(index)) return
    const { element, role } = candidate
    if (role === 'use' || role === 'code') return
    const within = (this.#within ??= [...this.#cursor.open])
    if (role !== 'part' && this.#waits(index, element)) {
      this.#waiting.push({ index, element, within })
      return
    }
    const text = this.#cursor.text(index)
    const place = { namespace: this.#namespace(element, index), within, order: index }
    if (role !== 'part') return this.#add(element, text, place)
    const { words } = this.#tape
    const { scopes } = this.#plan.reader.layout
    const group = this.#cursor.open.findLast((at) => scopes[words[(at << 2) + 1]!]!.group) ?? -1
    const id = `${group} ${element.index}`
    const known = this.#groups.get(id)
    if (known === undefined)
      this.#groups.set(id, { element, namespace: place.namespace, within, parts: [{ part: candidate.part, text }] })
    else known.parts.push({ part: candidate.part, text })
    // A given name of two and more Han characters, a street: they stand alone in sentences too.
    if (element.kind === 'address' || /^\p{Script=Han}{2,}$/u.test(text)) this.#add(element, text, place)
  }

  /** Do the bytes of the leaf tell what its forms begin with? Then it waits under them. */
  #waits(index: number, element: Element): boolean {
    const { words } = this.#tape
    const { doc } = this.#cursor
    const at = index << 2
    const start = words[at + 2]!
    const end = words[at + 3]!
    if (!doc.plain(words[at]!, start, end)) return false
    return tellBeginnings(element.kind, doc.source, start + doc.quote, end - doc.quote, this.#defer)
  }

  #reveal(number: number): void {
    const { index, element, within } = this.#waiting[number]!
    const namespace = this.#namespace(element, index)
    this.#add(element, this.#cursor.text(index), { namespace, within, order: index })
  }

  #namespace(element: Element, index: number): string {
    return element.local ? this.#cursor.namespace(index) : ''
  }

  #add(element: Element, text: string, place: Pick<Known, 'namespace' | 'within' | 'order'>): void {
    const value = canonical(element.kind, text)
    if (value !== '' && !this.#plan.effects.isOwnToken(value)) this.#known.add({ element, value, ...place })
  }
}
