/**
 * Free text of one payload under one plan: what scrub and codes-only ask of the engine. Known values are collected when
 * the first text is met; a plan without such a treatment never comes here.
 */

import { textOf } from '../../base/short-text.ts'
import { Cursor } from '../cursor.ts'
import type { TextMatcher } from '../dictionary/in-text.ts'
import { canonical } from '../kinds.ts'
import type { Element } from '../model.ts'
import { shadowOf, shadowOfBytes } from '../normal.ts'
import type { Plan } from '../plan.ts'
import { type Subject, subjectOf } from '../records.ts'
import type { Run } from '../run.ts'
import { wholeOf } from '../site.ts'
import { MARK } from '../transforms/marks.ts'
import type { Place, TextTools } from '../transforms/transform.ts'
import { type CodesSettings, codesIn, codesOf } from './codes.ts'
import { collect } from './collect.ts'
import type { KnownValues } from './known-values.ts'
import type { Mark } from './marks.ts'
import { readBytes } from './reading.ts'
import { scrubText } from './scrub.ts'

/** What stays the same for all payloads of a plan. */
class PlanText {
  readonly #plan: Plan
  readonly #detected: ReadonlyMap<string, Element>
  /** by the list of dictionaries of a cell, as it was prepared: with the rows' own forms, and without */
  readonly #own = new WeakMap<readonly string[], TextMatcher>()
  readonly #given = new WeakMap<readonly string[], TextMatcher>()
  readonly care: boolean

  constructor(plan: Plan) {
    this.#plan = plan
    this.#detected = new Map(plan.rules.elements.flatMap((e) => (e.detect === null ? [] : [[e.detect, e] as const])))
    this.care = plan.rules.policies.some((p) => p.directCare && plan.policies.includes(p.id))
  }

  /** The element whose hit it is: named by a word in the text, else by elements.yaml, else by the detector. */
  elementOf({ claim }: Mark): Element | undefined {
    if (claim === null) return undefined
    const { elementById } = this.#plan.rules
    const named = claim.element === claim.detector.element ? this.#detected.get(claim.detector.name) : undefined
    return named ?? elementById.get(claim.element) ?? elementById.get(claim.detector.element)
  }

  matcher(dictionaries: readonly string[] | null, own: boolean): TextMatcher | null {
    const byList = own ? this.#own : this.#given
    const known = byList.get(dictionaries ?? ALL)
    if (known !== undefined) return known
    const { effects } = this.#plan
    const lexicon = effects.lexicon?.() ?? null
    if (lexicon === null) return null
    const query = { today: effects.today, role: effects.role ?? null, care: this.care, dictionaries, own }
    const matcher = lexicon.matcher(query)
    byList.set(dictionaries ?? ALL, matcher)
    return matcher
  }
}

const ALL: readonly string[] = []

/** bytes or units of a text whose codes are kept for the payload, and how many such texts */
const SHORT = 16
const MOST_SHORT = 256

/** places of {@link PayloadText} two numbers each */
const CLEARED = 128
const slotOf = (source: Buffer, start: number, end: number): number =>
  (((end - start) * 7 + source[start]! + source[end - 1]! * 3 + source[(start + end) >> 1]! * 5) << 1) & (CLEARED - 1)

function isSame(source: Buffer, start: number, end: number, from: number, to: number): boolean {
  if (to - from !== end - start) return false
  for (let i = start, k = from; i < end; i++, k++) if (source[i] !== source[k]) return false
  return true
}

const planTexts = new WeakMap<Plan, PlanText>()

function planTextOf(plan: Plan): PlanText {
  let text = planTexts.get(plan)
  if (text === undefined) planTexts.set(plan, (text = new PlanText(plan)))
  return text
}

export class PayloadText implements TextTools {
  readonly #run: Run
  readonly #plan: PlanText
  #known: KnownValues | null = null
  /** of this payload, by the text */
  readonly #short = new Map<string, string | null>()
  /** [start, end) of texts that hold no known value: units and names of items come again in every row */
  readonly #cleared = new Int32Array(CLEARED)
  /** by the OPEN entry of its record */
  readonly #subjects = new Map<number, Subject>()
  /** the leaf at hand: its surroundings name authorities and the subject */
  #index = 0

  constructor(run: Run) {
    this.#run = run
    this.#plan = planTextOf(run.plan)
  }

  at(index: number): this {
    this.#index = index
    return this
  }

  scrub(raw: string, dictionaries: readonly string[]): string {
    return scrubText(raw, {
      known: this.#values(),
      treat: this.#treat,
      terms: dictionaries.length === 0 ? null : this.#plan.matcher(dictionaries, false),
    })
  }

  codes(raw: string, dictionaries: readonly string[] | null): string | null {
    const kept = dictionaries === null && raw.length <= SHORT ? this.#shortCodes(raw) : undefined
    return kept === undefined ? codesOf(raw, this.#settings(dictionaries)) : kept
  }

  /** The same of UTF-8 bytes; undefined = they are to be made a text first. */
  codesOf(
    source: Buffer,
    start: number,
    end: number,
    dictionaries: readonly string[] | null,
  ): string | null | undefined {
    if (dictionaries === null && end - start <= SHORT) return this.#shortCodes(textOf(source, start, end))
    const settings = this.#settings(dictionaries)
    const seen = readBytes(source, start, end)
    return seen === null ? undefined : codesIn(seen, settings)
  }

  /** Does it hold a value that is treated in a field of this payload? */
  holds(raw: string): boolean {
    return this.#values().size > 0 && this.#holds(shadowOf(raw).text)
  }

  /** The same of UTF-8 bytes in a record that was not raised; true where it is not certain. */
  mayHold(source: Buffer, start: number, end: number): boolean {
    const known = this.#values()
    if (known.size === 0) return false
    const seen = this.#cleared
    const slot = slotOf(source, start, end)
    if (isSame(source, start, end, seen[slot]!, seen[slot + 1]!)) return false
    if (known.mayBeIn(source, start, end)) {
      const shadow = shadowOfBytes(source, start, end)
      if (shadow === null || this.#holds(shadow)) return true
    }
    seen[slot] = start
    seen[slot + 1] = end
    return false
  }

  #holds(shadow: string): boolean {
    const { plan, raise } = this.#run
    return this.#values()
      .find(shadow)
      .some(({ known }) => !plan.decide(known.element, raise).bound.keeps)
  }

  #settings(dictionaries: readonly string[] | null): CodesSettings {
    return { known: this.#values(), terms: this.#plan.matcher(dictionaries, true) }
  }

  /** Values of few characters that no binding knows come again in every row. */
  #shortCodes(raw: string): string | null | undefined {
    let codes = this.#short.get(raw)
    if (codes === undefined) {
      if (raw.trim() === '') return undefined
      codes = codesOf(raw, this.#settings(null))
      if (this.#short.size < MOST_SHORT) this.#short.set(raw, codes)
    }
    return codes
  }

  /** A scalar no binding knows. In HL7 v2 a number of six and more digits in such a place is somebody's (domain.md 6.1.12). */
  unknown(raw: string, treatment: 'scrub' | 'codes-only'): string | null {
    if (treatment === 'codes-only') return this.codes(raw, null)
    const text = this.scrub(raw, [])
    if (text === '' && raw !== '') return null
    return text === raw && this.#run.plan.format === 'hl7v2' && /^\s*\d{6,}\s*$/.test(raw) ? null : text
  }

  #values(): KnownValues {
    const { plan, doc, tape } = this.#run
    return (this.#known ??= collect(plan, doc, tape))
  }

  readonly #treat = (mark: Mark, text: string): string | null => {
    const { plan, raise } = this.#run
    const element = mark.known?.known.element ?? this.#plan.elementOf(mark)
    // A token is nobody's number, whatever word stands before it.
    if (plan.effects.isOwnToken(text)) return null
    if (element === undefined) return MARK
    const { bound } = plan.decide(element, raise)
    if (bound.keeps) return null
    if (bound.method.prose === true) return MARK
    const value = mark.known?.value ?? canonical(element.kind, text)
    return (value === '' ? null : bound.apply(value, this.#place(element, value, mark))) ?? MARK
  }

  #place(element: Element, value: string, { known }: Mark): Place {
    const { run, index } = { run: this.#run, index: this.#index }
    const place = run.place(index, element, wholeOf(element), value)
    if (known === null) return place
    const { namespace, within } = known.known
    return { ...place, namespace, subject: this.#subjectOf(element, value, within) ?? place.subject }
  }

  /** The token of the record a known name stands in, where it is that record's subject. */
  #subjectOf(element: Element, value: string, within: readonly number[]): string | null {
    const { plan, doc, tape } = this.#run
    if (!plan.needsSubject || element.id !== 'person-name') return null
    const { scopes } = plan.reader.layout
    const depth = within.findLastIndex((at) => scopes[tape.words[(at << 2) + 1]!]!.record)
    if (depth < 0) return null
    const record = within[depth]!
    let subject = this.#subjects.get(record)
    if (subject === undefined) {
      const cursor = new Cursor(plan, doc, tape)
      cursor.open.push(...within.slice(0, depth))
      this.#subjects.set(record, (subject = subjectOf(cursor, record)))
    }
    return subject.name === null || subject.name === value ? subject.token : null
  }
}
