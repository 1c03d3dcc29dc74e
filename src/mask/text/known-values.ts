/**
 * Values a payload holds in structured fields, searched in its sentences (domain.md E20 b): a trie over squeezed forms,
 * leftmost-longest, one pass. A form of digits does not begin or end inside a longer number, one of letters not inside
 * a longer word.
 */
import type { Element } from '../model.ts'
import { type Form, formsOf } from './forms.ts'
import { SKIPPED, squeezed } from './squeeze.ts'
import { UnitTrie } from './unit-trie.ts'

/** One structured value a plan may treat. */
export interface Known {
  readonly element: Element
  /** canonical */
  readonly value: string
  readonly namespace: string
  /** OPEN entries of the tape around the value, innermost last: whose name it is may be asked for */
  readonly within: readonly number[]
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

const BUCKETS = 4096
/** what is longer is told by its beginning: bounds the cost of a text that nearly holds a value everywhere */
const MAX_DEPTH = 64

export class KnownValues {
  readonly #trie = new UnitTrie()
  readonly #leaves: Leaf[] = []
  /** hashed first units: a cheap no for most places of a text */
  readonly #first = new Uint8Array(BUCKETS)
  readonly #seen = new Set<string>()

  get size(): number {
    return this.#seen.size
  }

  add(known: Known): void {
    const id = `${known.element.index} ${known.value}`
    if (this.#seen.has(id)) return
    const forms = formsOf(known.element.kind, known.value)
    if (forms.length === 0) return
    this.#seen.add(id)
    for (const form of forms) if (form.text !== '') this.#insert({ known, form })
  }

  #insert(leaf: Leaf): void {
    const { text } = leaf.form
    this.#first[text.charCodeAt(0) & (BUCKETS - 1)] = 1
    const before = this.#trie.insert(text, Math.min(text.length, MAX_DEPTH), this.#leaves.length)
    if (before < 0) this.#leaves.push(leaf)
    // Of two values spelled alike the one that stands for more counts: the higher level.
    else if (this.#leaves[before]!.known.element.level < leaf.known.element.level) this.#leaves[before] = leaf
  }

  /** Hits in order of place, not overlapping. */
  find(shadow: string): KnownHit[] {
    const hits: KnownHit[] = []
    for (let i = 0; i < shadow.length; ) {
      const c = squeezed(shadow.charCodeAt(i))
      if (c === SKIPPED || this.#first[c & (BUCKETS - 1)] === 0) {
        i++
        continue
      }
      const hit = this.#longest(shadow, i)
      if (hit !== null) hits.push(hit)
      i = hit === null ? i + 1 : hit.end
    }
    return hits
  }

  #longest(shadow: string, start: number): KnownHit | null {
    let found: KnownHit | null = null
    let node = this.#trie.root
    let depth = 0
    for (let i = start; i < shadow.length; i++) {
      const c = squeezed(shadow.charCodeAt(i))
      if (c === SKIPPED) {
        if (i - start > 2 * depth + 4) break
        continue
      }
      node = this.#trie.next(node, c)
      if (node < 0) break
      depth++
      const at = this.#trie.item(node)
      if (at < 0) continue
      const { known, form } = this.#leaves[at]!
      const end = depth === MAX_DEPTH ? goesOn(shadow, i, form.text) : i + 1
      if (isAsAsked(form, known.element.kind === 'phone', shadow, start, end))
        found = { start, end, known, value: form.value }
    }
    return found
  }
}

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

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39
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
