/**
 * What a record's content says about the whole record: a level-5 sign (domain.md E24), a minor (PIPL art. 28), and the
 * identifier of its subject. Read before anything in the record is treated, because the sign may stand last.
 */
import type { Cursor } from './cursor.ts'
import { joinParts } from './join.ts'
import { ageAt, canonical } from './kinds.ts'
import { findSign, isNegative } from './level5-signs.ts'
import type { Raise } from './plan.ts'
import type { Candidate } from './site.ts'
import { CLOSE, LEAF, OPEN, TYPE_MASK } from './tape.ts'

const MINOR_UNDER = 14
/** in the order in which they identify a person best */
const SUBJECT_ELEMENTS = ['resident-id', 'record-no', 'inpatient-no', 'outpatient-no'] as const

/** Raise of the record opened at `index` by its own content. */
export function raiseOf(cursor: Cursor, index: number): Raise {
  let raise = 0
  const screening = new Screening()
  forEachLeaf(cursor, index, (leaf) => {
    const candidate = cursor.choose(leaf)
    if (candidate === null) return
    const { element } = candidate
    if (RESULTS.has(element.id) && !cursor.isEmpty(leaf)) screening.result(cursor.text(leaf))
    if (element.sign !== null) {
      const found = findSign(element.sign, cursor.text(leaf))
      if (found === 'sign') raise |= 1
      if (element.id === 'lab-item') screening.item(found === 'screening')
    }
    if (element.id === 'birth-date' || element.id === 'age' || element.id === 'resident-id') {
      const age = ageAt(element.kind, canonical(element.kind, cursor.text(leaf)), cursor.plan.effects.today())
      if (age !== null && age < MINOR_UNDER) raise |= 2
    }
  })
  return (screening.isSign() ? raise | 1 : raise) as Raise
}

/** elements a result stands under: in HL7 v2 a result in words is a report's */
const RESULTS: ReadonlySet<string> = new Set(['lab-value', 'report-text'])

/** Items asked of nearly everybody (HBsAg, HIV antibody): a sign unless the result that follows says no. */
class Screening {
  /** null = neither an item nor a result was read yet */
  #itemsFirst: boolean | null = null
  #open = false
  #sign = false

  item(isScreening: boolean): void {
    this.#itemsFirst ??= true
    if (isScreening) this.#open = true
  }

  result(text: string): void {
    this.#itemsFirst ??= false
    // Where results stand before their items the next one is another item's.
    if (this.#open && !(this.#itemsFirst && isNegative(text))) this.#sign = true
    if (this.#itemsFirst) this.#open = false
  }

  isSign(): boolean {
    return this.#sign || this.#open
  }
}

export interface Subject {
  readonly token: string | null
  /** canonical form of the first person-name of the record: the subject's own name */
  readonly name: string | null
}

/** Token of the record's subject: of the resident ID, else of a local number. */
export function subjectOf(cursor: Cursor, index: number): Subject {
  let rank: number = SUBJECT_ELEMENTS.length
  let token: string | null = null
  const name = new FirstName(cursor)
  forEachLeaf(cursor, index, (leaf) => {
    const candidate = cursor.choose(leaf)
    if (candidate === null || cursor.isEmpty(leaf)) return
    const site = cursor.plan.reader.layout.sites[cursor.tape.words[(leaf << 2) + 1]!]!
    if (site.someoneElse === true || site.stays?.test(cursor.text(leaf)) === true) return
    const { element } = candidate
    if (element.id === 'person-name') name.add(leaf, candidate)
    const place = SUBJECT_ELEMENTS.indexOf(element.id as (typeof SUBJECT_ELEMENTS)[number])
    if (place < 0 || place >= rank || candidate.role !== 'whole') return
    rank = place
    const namespace = element.local ? cursor.namespace(leaf) : ''
    token = cursor.plan.effects.pseudonym(element, namespace, canonical(element.kind, cursor.text(leaf)))
  })
  return { token, name: name.canonical() }
}

/** The first person-name of a record as the engine will see it: a whole leaf, else the joined parts of one composite. */
class FirstName {
  readonly #cursor: Cursor
  #group = -2
  #whole: string | null = null
  readonly #parts: { readonly part: number; readonly text: string }[] = []

  constructor(cursor: Cursor) {
    this.#cursor = cursor
  }

  add(leaf: number, { role, part }: Candidate): void {
    if (role !== 'whole' && role !== 'part') return
    const { scopes } = this.#cursor.plan.reader.layout
    const words = this.#cursor.tape.words
    const group = this.#cursor.open.findLast((at) => scopes[words[(at << 2) + 1]!]!.group) ?? -1
    if (this.#group === -2) this.#group = group
    else if (group !== this.#group || group === -1) return
    const text = this.#cursor.text(leaf)
    if (role === 'whole') this.#whole ??= text
    else this.#parts.push({ part, text })
  }

  canonical(): string | null {
    if (this.#whole !== null) return canonical('name', this.#whole)
    if (this.#parts.length === 0) return null
    return canonical('name', joinParts(this.#parts.toSorted((a, b) => a.part - b.part).map((p) => p.text)))
  }
}

/**
 * Leaves of a record in document order, with the cursor's open scopes kept right for conditions. A record inside the
 * record speaks for itself.
 */
export function forEachLeaf(cursor: Cursor, index: number, visit: (leaf: number) => void): void {
  const words = cursor.tape.words
  const { scopes } = cursor.plan.reader.layout
  const close = words[(index << 2) + 3]!
  const depth = cursor.open.length
  cursor.open.push(index)
  for (let i = index + 1; i < close; i++) {
    const at = i << 2
    const type = words[at]! & TYPE_MASK
    if (type === LEAF) visit(i)
    else if (type === CLOSE) cursor.open.pop()
    else if (type === OPEN) {
      if (scopes[words[at + 1]!]!.record) i = words[at + 3]!
      else cursor.open.push(i)
    }
  }
  cursor.open.length = depth
}
