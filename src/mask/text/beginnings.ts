/**
 * Values that wait to be made known until a text holds what one of their forms begins with: nearly all of a payload's
 * names and numbers stand in none of its sentences, and their forms need not be made.
 */
import { SKIPPED, squeezed } from './squeeze.ts'

const BUCKETS = 512
/** separators between two units of a value that may be one, at most; forms ask for fewer (known-values.ts) */
const MAX_GAP = 16

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39

/** Hash of the first units of a form, squeezed: three where it begins with a digit, else two. */
export const beginningOf = (first: number, second: number, third: number): number =>
  isDigit(first) ? pairOf(pairOf(first, second), third) : pairOf(first, second)

const pairOf = (a: number, b: number): number => (Math.imul(a, 0x9e3779b1) >>> 12) ^ b

/** The same of what a text goes on with from `at` on; -1 = with less than that. */
export function beginningAt(text: string, at: number): number {
  const second = nextUnit(text, at + 1)
  if (second < 0) return -1
  const first = squeezed(text.charCodeAt(at))
  const c = squeezed(text.charCodeAt(second))
  if (!isDigit(first)) return beginningOf(first, c, 0)
  const third = nextUnit(text, second + 1)
  return third < 0 ? -1 : beginningOf(first, c, squeezed(text.charCodeAt(third)))
}

function nextUnit(text: string, from: number): number {
  const end = Math.min(text.length, from + MAX_GAP)
  for (let i = from; i < end; i++) if (squeezed(text.charCodeAt(i)) !== SKIPPED) return i
  return -1
}

/** Numbers waiting under beginnings, in the order in which they came. */
export class Beginnings {
  /** by hashed beginning: first and last of a chain, from 1; 0 = none */
  readonly #first = new Int32Array(BUCKETS)
  readonly #last = new Int32Array(BUCKETS)
  readonly #next: number[] = [0]
  readonly #values: number[] = [0]

  put(beginning: number, value: number): void {
    const bucket = beginning & (BUCKETS - 1)
    const at = this.#next.length
    this.#next.push(0)
    this.#values.push(value)
    if (this.#first[bucket] === 0) this.#first[bucket] = at
    else this.#next[this.#last[bucket]!] = at
    this.#last[bucket] = at
  }

  /** Takes out what waits under it. */
  take(beginning: number, visit: (value: number) => void): void {
    const bucket = beginning & (BUCKETS - 1)
    let at = this.#first[bucket]!
    if (at === 0) return
    this.#first[bucket] = 0
    for (; at !== 0; at = this.#next[at]!) visit(this.#values[at]!)
  }
}
