/**
 * Which lists of words may have one in a text, told in one pass: a deterministic automaton (Aho and Corasick 1975) over
 * folded units, two table reads a unit. It never misses a word; where it says yes, whoever asks looks closer.
 *
 * A unit is folded as NFKC and lower case fold it. Blanks beside a Han character are nothing, other runs of blanks,
 * hyphens and underscores are one hyphen.
 */

import { UnitSet } from '../../base/unit-set.ts'

/** sorts of units; those of the words' own follow */
const OTHER = 0
const BLANK = 1
const HYPHEN = 2
/** spelled out as several units */
const MANY = 3
/** combines with its neighbours, is dropped, is half of a pair: who meets one looks closer */
const AWKWARD = 4
const OWN = 5
const ASK = 0xffff

const COMBINING = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Cs}\u1100-\u11ff]/u

/** One list: its bit, and its words folded. */
export interface WordList {
  readonly bit: number
  readonly words: readonly string[]
}

export class WordScan {
  /** every bit: what is answered for a text nobody can fold unit by unit */
  readonly #all: number
  readonly #class = new Uint16Array(0x10000).fill(ASK)
  /** units that were asked for and are in no word */
  readonly #nothing = new UnitSet()
  readonly #own = new Map<string, number>()
  /** state * width + class -> state; state 0 is the root */
  readonly #next: Uint16Array
  /** bits of the words that end at a state */
  readonly #bits: Uint32Array
  readonly #width: number
  /** by state: was its last unit a Han character? By class: is it one? */
  readonly #han: Uint8Array
  readonly #hanClass: Uint8Array

  constructor(lists: readonly WordList[]) {
    this.#all = lists.reduce((all, { bit }) => all | bit, 0)
    this.#own.set('-', HYPHEN)
    for (const unit of new Set(lists.flatMap(({ words }) => words.join('').split(''))))
      if (unit !== '-') this.#own.set(unit, OWN + this.#own.size)
    this.#width = OWN + this.#own.size + 1
    const states = 1 + lists.reduce((n, { words }) => n + words.join('').length, 0)
    this.#next = new Uint16Array(states * this.#width)
    this.#bits = new Uint32Array(states)
    this.#han = new Uint8Array(states)
    this.#hanClass = new Uint8Array(this.#width)
    for (const [unit, c] of this.#own) this.#hanClass[c] = isHan(unit.charCodeAt(0)) ? 1 : 0
    this.#link(this.#grow(lists))
  }

  /** Bits of every list that may have a word in the text. */
  find(text: string): number {
    const [classes, next, bits, width] = [this.#class, this.#next, this.#bits, this.#width]
    let state = 0
    let found = 0
    for (let i = 0; i < text.length; i++) {
      let c = classes[text.charCodeAt(i)]!
      if (c === ASK) c = this.#ask(text.charCodeAt(i))
      if (c === OTHER) {
        state = 0
        continue
      }
      if (c >= OWN) state = next[state * width + c]!
      else if (c === AWKWARD) return this.#all
      else if (c === MANY) {
        for (const unit of spelt(text[i]!)) {
          state = next[state * width + (this.#own.get(unit) ?? OTHER)]!
          found |= bits[state]!
        }
        continue
      } else {
        const end = this.#runEnd(text, i)
        // Between words a run of blanks and hyphens is nothing to any of them.
        if (state !== 0) {
          const after = end === text.length ? OTHER : classes[text.charCodeAt(end)]!
          if (after === MANY) return this.#all
          if (this.#joins(text, i, end, state, after)) state = next[state * width + HYPHEN]!
        }
        i = end - 1
      }
      found |= bits[state]!
    }
    return found
  }

  /** As {@link find} over UTF-8 bytes; -1 = ask with the text. */
  findBytes(source: Uint8Array, start: number, end: number): number {
    const [classes, next, bits, width] = [this.#class, this.#next, this.#bits, this.#width]
    const nothing = this.#nothing
    let state = 0
    let found = 0
    for (let i = start; i < end; ) {
      let unit = source[i]!
      if (unit < 0x80) i++
      else if (unit >= 0xe1 && unit !== 0xed && unit < 0xf0 && i + 2 < end) {
        unit = ((unit & 0xf) << 12) | ((source[i + 1]! & 0x3f) << 6) | (source[i + 2]! & 0x3f)
        i += 3
      } else if (unit >= 0xc2 && unit < 0xe0 && i + 1 < end) {
        unit = ((unit & 0x1f) << 6) | (source[i + 1]! & 0x3f)
        i += 2
      } else return -1
      if (nothing.has(unit)) {
        state = 0
        continue
      }
      let c = classes[unit]!
      if (c === ASK) c = this.#ask(unit)
      if (c === OTHER) {
        state = 0
        continue
      }
      if (c >= OWN) state = next[state * width + c]!
      else if (state !== 0 || c >= MANY) return -1
      found |= bits[state]!
    }
    return found
  }

  #grow(lists: readonly WordList[]): number[] {
    const [next, width] = [this.#next, this.#width]
    const parents = [0]
    for (const { bit, words } of lists)
      for (const word of words) {
        let state = 0
        for (const unit of word) {
          const at = state * width + this.#own.get(unit)!
          if (next[at] === 0) {
            next[at] = parents.length
            this.#han[parents.length] = this.#hanClass[this.#own.get(unit)!]!
            parents.push(state)
          }
          state = next[at]!
        }
        this.#bits[state]! |= bit
      }
    return parents
  }

  /** Missing edges are those of the longest proper suffix that is a state. */
  #link(parents: readonly number[]): void {
    const [next, width] = [this.#next, this.#width]
    const fail = new Uint16Array(parents.length)
    const queue: number[] = []
    for (let c = 0; c < width; c++) if (next[c] !== 0) queue.push(next[c]!)
    for (const state of queue) {
      this.#bits[state]! |= this.#bits[fail[state]!]!
      for (let c = 0; c < width; c++) {
        const at = state * width + c
        const other = next[fail[state]! * width + c]!
        if (next[at] === 0) next[at] = other
        else {
          fail[next[at]!] = other
          queue.push(next[at]!)
        }
      }
    }
  }

  #ask(unit: number): number {
    const sign = String.fromCharCode(unit)
    const to = spelt(sign)
    const sort =
      COMBINING.test(sign) || COMBINING.test(to) || (to.length > 1 && /\s/.test(to))
        ? AWKWARD
        : to.length > 1
          ? MANY
          : /\s/.test(to)
            ? BLANK
            : to === '_' || to === '-'
              ? HYPHEN
              : (this.#own.get(to) ?? OTHER)
    if (sort === OTHER) this.#nothing.add(unit)
    return (this.#class[unit] = sort)
  }

  #runEnd(text: string, from: number): number {
    let i = from
    for (; i < text.length; i++) {
      let c = this.#class[text.charCodeAt(i)]!
      if (c === ASK) c = this.#ask(text.charCodeAt(i))
      if (c !== BLANK && c !== HYPHEN) break
    }
    return i
  }

  /** Does the run stand for a hyphen? Not where it is of blanks beside a Han character. */
  #joins(text: string, from: number, end: number, state: number, after: number): boolean {
    if (this.#han[state] === 0 && this.#hanClass[after] === 0) return true
    for (let i = from; i < end; i++) if (this.#class[text.charCodeAt(i)] === HYPHEN) return true
    return false
  }
}

const spelt = (sign: string): string => sign.normalize('NFKC').toLowerCase()

const isHan = (c: number): boolean => c >= 0x4e00 && c <= 0x9fff
