/**
 * What a record's content says about the whole record: a level-5 sign (domain.md E24), a minor (PIPL art. 28), and the
 * identifier of its subject. Read before anything in the record is treated, because the sign may stand last.
 */
import { isBornBefore } from './born-before.ts'
import type { Cursor } from './cursor.ts'
import { joinParts } from './join.ts'
import { ageAt, canonical } from './kinds.ts'
import { bearsNoSign, type Finding, findSign, isNegative, isSensitiveLabel, type Sign } from './level5-signs.ts'
import type { Element, Kind } from './model.ts'
import type { Plan, Raise } from './plan.ts'
import type { Candidate, Site } from './site.ts'
import { CLOSE, LEAF, OPEN, TYPE_MASK } from './tape.ts'

const MINOR_UNDER = 14
/** in the order in which they identify a person best */
const SUBJECT_ELEMENTS: readonly string[] = ['resident-id', 'record-no', 'inpatient-no', 'outpatient-no']

/** What a leaf of an element may say of its record. */
const RESULT = 1
const SIGN = 2
const ITEM = 4
const AGE = 8
/** of the subject: its name, an identifier of it */
const NAME = 16
const NUMBER = 32
/** the element of the leaf hangs on a condition: it is to be chosen first */
const OPEN_QUESTION = 64
/** a text no rule knows that is shown all the same: what it says of the record is shown with it; a label of the record */
const UNKNOWN = 128
const UNKNOWN_SIGNS: readonly Sign[] = ['dotted', 'text']
const LABEL_SIGNS: readonly Sign[] = ['label']

/** nobody has asked yet what a site may say: anything */
const UNASKED = 0xff

/** What leaves may say by site; sites are numbered by the plan's own reader, which meets new ones as it reads. */
interface Sayings {
  bits: Uint8Array
}

const sayings = new WeakMap<Plan, Sayings>()

function sayingsOf(plan: Plan): Sayings {
  let list = sayings.get(plan)
  if (list === undefined) sayings.set(plan, (list = { bits: new Uint8Array(64).fill(UNASKED) }))
  return list
}

function askSite(known: Sayings, id: number, site: Site, shown: boolean): number {
  if (id >= known.bits.length) {
    const more = new Uint8Array(2 * id).fill(UNASKED)
    more.set(known.bits)
    known.bits = more
  }
  return (known.bits[id] = sayingOf(site, shown))
}

function unknownSays({ structure, reference }: Site, shown: boolean): number {
  const says = structure === null ? shown && !reference : structure.label === true
  return says ? UNKNOWN : 0
}

function sayingOf(site: Site, shown: boolean): number {
  const { candidates } = site
  if (candidates.length === 0) return unknownSays(site, shown)
  const all = candidates.reduce((bits, { element }) => bits | elementSays(element), 0)
  const isSure = candidates.some(({ condition }) => condition < 0) || unknownSays(site, shown) === 0
  return (all === 0 && isSure) || (candidates.length === 1 && candidates[0]!.condition < 0) ? all : OPEN_QUESTION
}

const elementSays = ({ id, sign }: Element): number =>
  (RESULTS.has(id) ? RESULT : 0) |
  (sign === null ? 0 : SIGN) |
  (id === 'lab-item' && sign !== null ? ITEM : 0) |
  (id === 'birth-date' || id === 'age' || id === 'resident-id' ? AGE : 0) |
  (id === 'person-name' ? NAME : 0) |
  (SUBJECT_ELEMENTS.includes(id) ? NUMBER : 0)

/** Leaves of a record that say one of these of it, with the candidate that counts; null = no rule knows the leaf. */
function forEachSaying(
  cursor: Cursor,
  index: number,
  asked: number,
  visit: (leaf: number, candidate: Candidate | null, says: number) => void,
): void {
  const { plan, tape } = cursor
  const { sites } = plan.reader.layout
  const shown = plan.unknown.treatment === 'scrub'
  const known = sayingsOf(plan)
  const { words } = tape
  const wanted = asked | OPEN_QUESTION
  const visitOf = (leaf: number): void => {
    const id = words[(leaf << 2) + 1]!
    let says = id < known.bits.length ? known.bits[id]! : UNASKED
    if (says === UNASKED) says = askSite(known, id, sites[id]!, shown)
    if ((says & wanted) === 0) return
    if ((says & OPEN_QUESTION) === 0) return visit(leaf, sites[id]!.candidates[0] ?? null, says)
    const candidate = cursor.choose(leaf)
    const own = candidate === null ? unknownSays(sites[id]!, shown) : elementSays(candidate.element)
    if ((own & asked) !== 0) visit(leaf, candidate, own)
  }
  forEachLeaf(cursor, index, visitOf, known, wanted)
}

/** Raise of the record opened at `index` by its own content. */
export function raiseOf(cursor: Cursor, index: number): Raise {
  const today = cursor.plan.effects.today()
  const adult = Number(today.slice(0, 4)) - MINOR_UNDER
  let raise = 0
  const screening = new Screening()
  forEachSaying(cursor, index, RESULT | SIGN | AGE | UNKNOWN, (leaf, candidate, says) => {
    if (candidate === null) {
      const { structure } = cursor.plan.reader.layout.sites[cursor.tape.words[(leaf << 2) + 1]!]!
      if (signIn(cursor, leaf, structure === null ? UNKNOWN_SIGNS : LABEL_SIGNS) === 'sign') raise |= 1
      return
    }
    const { element } = candidate
    if ((says & RESULT) !== 0 && !cursor.isEmpty(leaf)) screening.result(screening.isOpen ? cursor.text(leaf) : '')
    if ((says & SIGN) !== 0) {
      const found = signIn(cursor, leaf, element.sign!)
      if (found === 'sign') raise |= 1
      if ((says & ITEM) !== 0) screening.item(found === 'screening')
    }
    if ((says & AGE) !== 0 && !isOld(cursor, leaf, element.kind, adult) && isMinor(element, cursor.text(leaf), today))
      raise |= 2
  })
  return (screening.isSign() ? raise | 1 : raise) as Raise
}

/** A label around the records is the highest of theirs: shown, it would tell of one that was left out. */
export const tellsOfRecords = (cursor: Cursor, { structure }: Site, leaf: number, raise: Raise): boolean =>
  structure?.label === true && (raise & 1) === 0 && isSensitiveLabel(cursor.text(leaf))

function signIn(cursor: Cursor, leaf: number, signs: readonly Sign[]): Finding {
  const { words } = cursor.tape
  const { doc } = cursor
  const at = leaf << 2
  const head = words[at]!
  const start = words[at + 2]!
  const end = words[at + 3]!
  if (doc.plain(head, start, end) && bearsNoSign(signs, doc.source, start + doc.quote, end - doc.quote)) return null
  const text = cursor.text(leaf)
  return text.length > SHORT ? findSign(signs, text) : shortSign(cursor, signs, text)
}

/** units of a text whose finding is kept for the payload, and how many such texts: items come again in every row */
const SHORT = 16
const MOST_SHORT = 256

function shortSign({ findings }: Cursor, signs: readonly Sign[], text: string): Finding {
  let known = findings.get(signs)
  if (known === undefined) findings.set(signs, (known = new Map()))
  let found = known.get(text)
  if (found === undefined) {
    found = findSign(signs, text)
    if (known.size < MOST_SHORT) known.set(text, found)
  }
  return found
}

function isMinor({ kind }: Element, text: string, today: string): boolean {
  const age = ageAt(kind, canonical(kind, text), today)
  return age !== null && age < MINOR_UNDER
}

/** Do the bytes of a leaf tell that its person was born before the year? */
function isOld({ tape, doc }: Cursor, leaf: number, kind: Kind, year: number): boolean {
  const { words } = tape
  const at = leaf << 2
  const start = words[at + 2]!
  const end = words[at + 3]!
  return doc.plain(words[at]!, start, end) && isBornBefore(year, kind, doc.source, start + doc.quote, end - doc.quote)
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

  /** Does it matter what the next result says? */
  get isOpen(): boolean {
    return this.#open
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
  forEachSaying(cursor, index, NAME | NUMBER, (leaf, candidate) => {
    if (candidate === null || cursor.isEmpty(leaf)) return
    const site = cursor.plan.reader.layout.sites[cursor.tape.words[(leaf << 2) + 1]!]!
    if (site.someoneElse === true || site.stays?.test(cursor.text(leaf)) === true) return
    const { element } = candidate
    if (element.id === 'person-name') name.add(leaf, candidate)
    const place = SUBJECT_ELEMENTS.indexOf(element.id)
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
 * @param sayings with `wanted`: only leaves of sites that may say one of these, and of sites nobody asked yet
 */
export function forEachLeaf(
  cursor: Cursor,
  index: number,
  visit: (leaf: number) => void,
  sayings: Sayings | null = null,
  wanted = 0,
): void {
  const words = cursor.tape.words
  const { scopes } = cursor.plan.reader.layout
  const close = words[(index << 2) + 3]!
  const depth = cursor.open.length
  cursor.open.push(index)
  for (let i = index + 1; i < close; i++) {
    const at = i << 2
    const type = words[at]! & TYPE_MASK
    if (type === LEAF) {
      if (sayings === null || ((sayings.bits[words[at + 1]!] ?? UNASKED) & wanted) !== 0) visit(i)
    } else if (type === CLOSE) cursor.open.pop()
    else if (type === OPEN) {
      if (scopes[words[at + 1]!]!.record) i = words[at + 3]!
      else cursor.open.push(i)
    }
  }
  cursor.open.length = depth
}
