/**
 * Values that wait to be made known until a text holds what one of their forms begins with: nearly all of a payload's
 * names and numbers stand in none of its sentences, and their forms need not be made.
 */
import { isDigit } from '../../base/ascii.ts'
import { SKIPPED, squeezed } from './squeeze.ts'

const BUCKETS = 512
/** separators between two units of a value that may be one, at most; forms ask for fewer (known-values.ts) */
const MAX_GAP = 16

/** Hash of the first units of a form, squeezed: four where it begins with a digit, else two. 0 = it has no such unit. */
export const beginningOf = (first: number, second: number, third: number, fourth: number): number =>
  isDigit(first) ? pairOf(pairOf(pairOf(first, second), third), fourth) : pairOf(first, second)

const pairOf = (a: number, b: number): number => Math.imul(a, 0x9e3779b1) ^ b

/** The same of what a text goes on with from `at` on; with less than that no value is in it. */
export function beginningAt(text: string, at: number): number {
  let i = at
  let hash = squeezed(text.charCodeAt(at))
  for (let more = isDigit(hash) ? 3 : 1; more > 0; more--) {
    i = nextUnit(text, i + 1)
    if (i < 0) return NOTHING
    hash = pairOf(hash, squeezed(text.charCodeAt(i)))
  }
  return hash
}

/** as good as any: who waits under it is made known a little early */
const NOTHING = 0

function nextUnit(text: string, from: number): number {
  const end = Math.min(text.length, from + MAX_GAP)
  for (let i = from; i < end; i++) if (squeezed(text.charCodeAt(i)) !== SKIPPED) return i
  return -1
}

/** Numbers waiting under beginnings. */
export class Beginnings {
  /** by hashed beginning: the last of a chain, from 1; 0 = none */
  readonly #last = new Int32Array(BUCKETS)
  readonly #before: number[] = [0]
  readonly #beginnings: number[] = [0]
  readonly #values: number[] = [0]

  put(beginning: number, value: number): void {
    const bucket = bucketOf(beginning)
    this.#before.push(this.#last[bucket]!)
    this.#beginnings.push(beginning)
    this.#last[bucket] = this.#values.push(value) - 1
  }

  /** Takes out what waits under it. */
  take(beginning: number, visit: (value: number) => void): void {
    const before = this.#before
    const bucket = bucketOf(beginning)
    let kept = 0
    for (let at = this.#last[bucket]!; at !== 0; at = before[at]!) {
      if (this.#beginnings[at] !== beginning) {
        kept = at
        continue
      }
      if (kept === 0) this.#last[bucket] = before[at]!
      else before[kept] = before[at]!
      visit(this.#values[at]!)
    }
  }
}

const bucketOf = (beginning: number): number => (beginning ^ (beginning >>> 16)) & (BUCKETS - 1)
