/**
 * Values a payload holds in structured fields, searched in its sentences (domain.md E20 b): a trie over squeezed forms,
 * leftmost-longest, one pass. A form of digits does not begin or end inside a longer number, one of letters not inside
 * a longer word.
 */
import { isDigit } from '../../base/ascii.ts'
import type { Element } from '../model.ts'
import { Beginnings, beginningAt, beginningOf } from './beginnings.ts'
import { type Form, formsOf } from './forms.ts'
import { SKIPPED, squeeze, squeezed } from './squeeze.ts'
import { NONE, ROOT, UnitTrie } from './unit-trie.ts'

/** One structured value a plan may treat. */
export interface Known {
  readonly element: Element
  /** canonical */
  readonly value: string
  readonly namespace: string
  /** OPEN entries of the tape around the value, innermost last: whose name it is may be asked for */
  readonly within: readonly number[]
  /** place in the payload: of two that are spelled alike and stand for as much the first counts; absent: as added */
  readonly order?: number
}

export interface KnownHit {
  /** [start, end) of the shadow */
  readonly start: number
  readonly end: number
  readonly known: Known
  /** what the element's method is given */
  readonly value: string
}

interface Leaf {
  readonly known: Known
  readonly form: Form
}

const BUCKETS = 1024
/** what is longer is told by its beginning: bounds the cost of a text that nearly holds a value everywhere */
const MAX_DEPTH = 64

/** what begins with a unit: forms of values, values that wait */
const FORM = 1
const WAITING = 2

export class KnownValues {
  readonly #trie = new UnitTrie()
  readonly #leaves: Leaf[] = []
  /** hashed first units as a text may spell them: a cheap no for most of its places */
  readonly #first = new Uint8Array(BUCKETS)
  readonly #waiting = new Beginnings()
  /** makes a waiting value known */
  readonly #reveal: (value: number) => void
  #size = 0
  // the best find at the place looked at
  #item = NONE
  #end = 0

  /** @param reveal adds the value of a number that was given to {@link defer} */
  constructor(reveal: (value: number) => void = () => undefined) {
    this.#reveal = reveal
  }

  /** values known and waiting */
  get size(): number {
    return this.#size
  }

  /** A value to be revealed when a text holds one of these first units (squeezed) of its forms; for each form once. */
  defer(value: number, first: number, second: number, third: number, fourth: number): void {
    this.#size++
    this.#begin(first, WAITING)
    this.#waiting.put(beginningOf(first, second, third, fourth), value)
  }

  /** In a text the unit may be a capital. */
  #begin(unit: number, what: number): void {
    this.#first[unit & (BUCKETS - 1)]! |= what
    if (isLetter(unit)) this.#first[(unit - 0x20) & (BUCKETS - 1)]! |= what
  }

  add(known: Known): void {
    if (this.#has(known)) return
    const forms = formsOf(known.element.kind, known.value)
    if (forms.length === 0) return
    this.#size++
    for (const form of forms) if (form.text !== '') this.#insert({ known, form })
  }

  /** Was this value of this element added before? Then all its forms were. */
  #has({ element, value, order = 0 }: Known): boolean {
    const text = squeeze(value)
    if (text.length > MAX_DEPTH) return false
    let node = ROOT
    let item = NONE
    for (let i = 0; i < text.length; i++) {
      node = this.#trie.next(node, text.charCodeAt(i))
      if (node === NONE) return false
      item = i === text.length - 1 ? this.#trie.item(node) : this.#trie.tail(node)
      if (item !== NONE) break
    }
    if (item === NONE || this.#trie.text(item) !== text) return false
    const { known } = this.#leaves[item]!
    return known.element === element && known.value === value && (known.order ?? 0) <= order
  }

  #insert(leaf: Leaf): void {
    const { text } = leaf.form
    this.#begin(text.charCodeAt(0), FORM)
    const item = this.#trie.insert(text.length > MAX_DEPTH ? text.slice(0, MAX_DEPTH) : text)
    if (item === this.#leaves.length) this.#leaves.push(leaf)
    else if (countsBefore(leaf.known, this.#leaves[item]!.known)) this.#leaves[item] = leaf
  }

  /** Hits in order of place, not overlapping. */
  find(shadow: string): KnownHit[] {
    const hits: KnownHit[] = []
    for (let at = this.#next(shadow, 0); at >= 0; at = this.#next(shadow, this.#end)) {
      const { known, form } = this.#leaves[this.#item]!
      hits.push({ start: at, end: this.#end, known, value: form.value })
    }
    return hits
  }

  /** Is any of the values in the text? */
  isIn(shadow: string): boolean {
    return this.#next(shadow, 0) >= 0
  }

  /** May any of them begin in UTF-8 bytes? Asked of ASCII and Han characters; whatever else stands there may be anything. */
  mayBeIn(source: Uint8Array, start: number, end: number): boolean {
    const first = this.#first
    for (let i = start; i < end; ) {
      let unit = source[i++]!
      if (unit >= 0x80) {
        if (unit < 0xe4 || unit > 0xe9 || i + 1 >= end) return true
        unit = ((unit & 0xf) << 12) | ((source[i]! & 0x3f) << 6) | (source[i + 1]! & 0x3f)
        i += 2
      }
      if (first[unit & (BUCKETS - 1)] !== 0 && squeezed(unit) !== SKIPPED) return true
    }
    return false
  }

  /** Where the next hit begins; -1 = there is none. */
  #next(shadow: string, from: number): number {
    const first = this.#first
    for (let i = from; i < shadow.length; i++) {
      const c = shadow.charCodeAt(i)
      const begins = first[c & (BUCKETS - 1)]!
      if (begins === 0 || squeezed(c) === SKIPPED) continue
      if ((begins & WAITING) !== 0) this.#waiting.take(beginningAt(shadow, i), this.#reveal)
      if ((first[c & (BUCKETS - 1)]! & FORM) !== 0 && this.#longest(shadow, i)) return i
    }
    return -1
  }

  #longest(shadow: string, start: number): boolean {
    const trie = this.#trie
    let node = ROOT
    let depth = 0
    this.#item = NONE
    for (let i = start; i < shadow.length; i++) {
      const c = squeezed(shadow.charCodeAt(i))
      if (c === SKIPPED) {
        if (i - start > 2 * depth + 4) break
        continue
      }
      node = trie.next(node, c)
      if (node === NONE) break
      depth++
      const item = trie.item(node)
      if (item !== NONE) this.#judge(shadow, start, i, item)
      const tail = trie.tail(node)
      if (tail === NONE) continue
      const end = this.#tailEnd(shadow, start, i, depth, trie.text(tail))
      if (end >= 0) this.#judge(shadow, start, end, tail)
      break
    }
    return this.#item !== NONE
  }

  /** Offset of the last unit of a text whose first `depth` units end at `from`; -1 = the shadow holds another. */
  #tailEnd(shadow: string, start: number, from: number, depth: number, text: string): number {
    let k = depth
    for (let i = from + 1; i < shadow.length; i++) {
      const c = squeezed(shadow.charCodeAt(i))
      if (c === SKIPPED) {
        if (i - start > 2 * k + 4) return -1
        continue
      }
      if (c !== text.charCodeAt(k)) return -1
      if (++k === text.length) return i
    }
    return -1
  }

  /** Takes the form whose last unit (or MAX_DEPTH-th) stands at `last`, where it counts: it is longer than what was found before. */
  #judge(shadow: string, start: number, last: number, item: number): void {
    const { known, form } = this.#leaves[item]!
    const end = this.#trie.text(item).length === MAX_DEPTH ? goesOn(shadow, last, form.text) : last + 1
    if (!isAsAsked(form, known.element.kind === 'phone', shadow, start, end)) return
    this.#item = item
    this.#end = end
  }
}

/** Of two values spelled alike the one that stands for more counts, the higher level; then the first. */
const countsBefore = (a: Known, b: Known): boolean =>
  a.element.level > b.element.level || (a.element.level === b.element.level && (a.order ?? 0) < (b.order ?? 0))

/** End of a long form whose MAX_DEPTH-th unit stands at i, as far as the text agrees with it. */
function goesOn(shadow: string, i: number, form: string): number {
  let end = i + 1
  for (let k = MAX_DEPTH, at = end; k < form.length && at < shadow.length; at++) {
    const c = squeezed(shadow.charCodeAt(at))
    if (c === SKIPPED) continue
    if (c !== form.charCodeAt(k)) break
    k++
    end = at + 1
  }
  return end
}

function isAsAsked({ only, text }: Form, phone: boolean, shadow: string, start: number, end: number): boolean {
  // More separators than units: a table's columns, not one value.
  if (end - start > 2 * text.length + 4) return false
  if (only === 'anywhere') return true
  if (!isWhole(shadow, start, end) && !(phone && isAbroad(shadow, start, end))) return false
  if (only === 'capital') return /\p{Lu}/u.test(shadow.charAt(start))
  return only === null || end - start >= text.length + 2
}

const isLetter = (c: number): boolean => ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a) || (c >= 0xc0 && c < 0x250)

function isWhole(shadow: string, start: number, end: number): boolean {
  const first = shadow.charCodeAt(start)
  const before = start === 0 ? 0 : shadow.charCodeAt(start - 1)
  if (isDigit(first) ? isDigit(before) : isLetter(first) && (isLetter(before) || isDigit(before))) return false
  return isEnd(shadow, end)
}

function isEnd(shadow: string, end: number): boolean {
  const last = shadow.charCodeAt(end - 1)
  const after = end === shadow.length ? 0 : shadow.charCodeAt(end)
  return !(isDigit(last) ? isDigit(after) : isLetter(last) && (isLetter(after) || isDigit(after)))
}

/** A telephone number right after the country's code: 8613812345678. */
const isAbroad = (shadow: string, start: number, end: number): boolean =>
  /(?<!\d)(?:00)?86$/.test(shadow.slice(Math.max(0, start - 5), start)) && isEnd(shadow, end)
