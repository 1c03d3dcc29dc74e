/**
 * A dictionary as a hash table over UTF-8 bytes, so that a whole field is looked up without a string. Keys and
 * replacements lie in one array; days and roles are asked at the lookup, so the table is built once for its dictionary.
 */

import { finish, type Steps } from '../../base/steps.ts'
import type { Dictionary, DictionaryEntry } from '../model.ts'
import { holds, replacementsOf, termKey } from './lookup.ts'

/** certainly no term and no replacement */
export const NO_TERM = -1
/** look it up the slow way */
export const ASK = -2

/** Characters some carrier escapes; a replacement holding one is written by the format. */
const ESCAPED = /["\\|^~&#<>\u0000-\u001f\u007f]/

const SLICE = 1000

export interface TermTable {
  /**
   * Looks source[start, end) up. Writes the replacement from `at` on and returns the offset after it, or {@link ASK}, or
   * {@link NO_TERM}, which is certain only for a value that is its own canonical form (stable-bytes.ts).
   */
  write(
    source: Uint8Array,
    start: number,
    end: number,
    target: Uint8Array,
    at: number,
    day: string,
    role: string | null,
  ): number
}

const tables = new WeakMap<Dictionary, TermTable>()

/** The table of a dictionary; built at once when nobody has built it in slices before. */
export const tableOf = (dictionary: Dictionary): TermTable => tables.get(dictionary) ?? finish(tableSteps(dictionary))

/** Builds the table and keeps it for {@link tableOf}. */
export function* tableSteps(dictionary: Dictionary): Steps<TermTable> {
  const before = tables.get(dictionary)
  if (before !== undefined) return before
  const builder = new Builder()
  let n = 0
  for (const [key, entries] of dictionary.terms) {
    builder.put(key, entries)
    for (const { term } of entries) {
      // Full-width brackets and the like: the spelling people write is found without being normalised.
      const written = term.toLowerCase()
      if (written !== key && termKey(term) === key) builder.put(written, entries)
    }
    if (++n % SLICE === 0) yield
  }
  // Only their exact spelling passes, and that comparison is the slow road's.
  for (const replacement of replacementsOf(dictionary).keys()) {
    const key = termKey(replacement)
    if (!dictionary.terms.has(key)) builder.put(key, null)
    if (++n % SLICE === 0) yield
  }
  const table = yield* builder.build()
  tables.set(dictionary, table)
  return table
}

interface Row {
  readonly key: string
  /** null = ask */
  readonly entries: readonly DictionaryEntry[] | null
}

class Builder {
  readonly #rows: Row[] = []
  readonly #keys = new Set<string>()

  put(key: string, entries: readonly DictionaryEntry[] | null): void {
    if (this.#keys.has(key)) return
    this.#keys.add(key)
    this.#rows.push({ key, entries })
  }

  *build(): Steps<TermTable> {
    const rows = this.#rows
    let size = 16
    while (size < rows.length * 2) size *= 2
    const keys = new Bytes(rows.length)
    const results = new Bytes(rows.length)
    for (const [index, { key, entries }] of rows.entries()) {
      keys.push(key)
      results.push(entries?.length === 1 && !ESCAPED.test(entries[0]!.replacement) ? entries[0]!.replacement : '')
      if (index % SLICE === 0) yield
    }
    const packed = new Packed(size, keys.size + results.size + 2 * rows.length)
    for (let index = 0; index < rows.length; index++) {
      const h = hashOf(keys.data, keys.start(index), keys.start(index + 1))
      let slot = h & (size - 1)
      while (packed.slots[slot * WORDS] !== 0) slot = (slot + 1) & (size - 1)
      packed.put(slot, index, h, keys, results)
      if (index % SLICE === 0) yield
    }
    return hashTable(
      rows.map(({ entries }) => entries),
      packed,
    )
  }
}

/** Many short texts, end to end. */
class Bytes {
  data = Buffer.alloc(1024)
  readonly starts: Uint32Array
  #count = 0
  constructor(count: number) {
    this.starts = new Uint32Array(count + 1)
  }
  start(i: number): number {
    return this.starts[i]!
  }
  get size(): number {
    return this.starts[this.#count]!
  }
  /** Copies one of them; returns its size. */
  copy(i: number, to: Buffer, at: number): number {
    return this.data.copy(to, at, this.starts[i], this.starts[i + 1])
  }
  push(text: string): void {
    const from = this.starts[this.#count]!
    const most = from + text.length * 3
    if (most > this.data.length) this.data = Buffer.concat([this.data], Math.max(most, this.data.length * 2))
    this.starts[++this.#count] = from + this.data.write(text, from)
  }
}

type Entries = readonly (readonly DictionaryEntry[] | null)[]

/** words of a slot: 1-based row, hash, where its key begins, where that ends and two bytes say how long the result is */
const WORDS = 4
const MAX_RESULT = 0xffff

/** What a look-up needs of a row lies together: the whole table is seldom in the cache. */
class Packed {
  readonly slots: Int32Array
  readonly texts: Buffer
  #used = 0
  constructor(capacity: number, bytes: number) {
    this.slots = new Int32Array(capacity * WORDS)
    this.texts = Buffer.alloc(bytes)
  }
  put(slot: number, index: number, hash: number, key: Bytes, result: Bytes): void {
    const at = slot * WORDS
    this.slots[at] = index + 1
    this.slots[at + 1] = hash
    this.slots[at + 2] = this.#used
    this.#used += key.copy(index, this.texts, this.#used)
    this.slots[at + 3] = this.#used
    const size = result.copy(index, this.texts, this.#used + 2)
    this.texts.writeUInt16LE(size > MAX_RESULT ? 0 : size, this.#used)
    this.#used += 2 + size
  }
}

/** Local names and no fields: this runs for every value of a bound element. */
function hashTable(entries: Entries, { slots, texts }: Packed): TermTable {
  const mask = slots.length - WORDS
  const inForce = verdictsOf(entries)
  return {
    write(source, start, end, target, at, day, role) {
      const h = hashOf(source, start, end)
      for (let slot = (h * WORDS) & mask; ; slot = (slot + WORDS) & mask) {
        const row = slots[slot]!
        // runs of blanks count as one
        if (row === 0) return hasBlanks(source, start, end) ? ASK : NO_TERM
        if (slots[slot + 1] !== h) continue
        const key = slots[slot + 2]!
        const keyEnd = slots[slot + 3]!
        if (!equals(texts, key, keyEnd - key, source, start, end)) continue
        const from = keyEnd + 2
        const to = from + texts[keyEnd]! + (texts[keyEnd + 1]! << 8)
        // several rows, a replacement to be escaped, one that is not in force: the slow road knows
        if (to === from || to - from > (end - start) * 4 + 64 || !inForce(row - 1, day, role)) return ASK
        for (let i = from; i < to; i++) target[at++] = texts[i]!
        return at
      }
    },
  }
}

/** Whether a row holds is the same for a whole day, but for rows of certain roles. */
function verdictsOf(entries: Entries): (index: number, day: string, role: string | null) => boolean {
  const verdicts = new Uint8Array(entries.length)
  let known = ''
  return (index, day, role) => {
    if (day !== known) {
      known = day
      verdicts.fill(0)
    }
    const verdict = verdicts[index]!
    if (verdict !== 0) return verdict === 1
    const entry = entries[index]![0]!
    const yes = holds(entry, day, role)
    if (entry.roles === null) verdicts[index] = yes ? 1 : 2
    return yes
  }
}

/** Do the keys' bytes from `from` on stand at [start, end) of the source, in either case? */
function equals(
  keys: Uint8Array,
  from: number,
  length: number,
  source: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (length !== end - start) return false
  let i = from
  let k = start
  for (; k + 4 <= end; i += 4, k += 4) if (wordAt(keys, i) !== lowerWord(wordAt(source, k))) return false
  for (; k < end; i++, k++) if (keys[i] !== lower(source[k]!)) return false
  return true
}

function hasBlanks(source: Uint8Array, start: number, end: number): boolean {
  for (let i = start + 1; i < end; i++) if (source[i] === 0x20 && source[i - 1] === 0x20) return true
  return false
}

const lower = (c: number): number => (c >= 0x41 && c <= 0x5a ? c | 0x20 : c)

const wordAt = (bytes: Uint8Array, i: number): number =>
  bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)

/** {@link lower} of four bytes at once: 0x3f and 0x25 lift `A` and what follows `Z` over 0x7f. */
function lowerWord(word: number): number {
  const low = word & 0x7f7f7f7f
  const capital = (low + 0x3f3f3f3f) & ~(low + 0x25252525) & ~word & 0x80808080
  return word | (capital >>> 2)
}

const OFFSET = 0x811c9dc5 | 0
const PRIME = 0x01000193

/** FNV-1a of words and the bytes behind them, ASCII lower case, folded so that low bits know of the high ones. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let h = OFFSET
  let i = start
  for (; i + 4 <= end; i += 4) {
    h = Math.imul(h ^ lowerWord(wordAt(bytes, i)), PRIME)
    h ^= h >>> 15
  }
  for (; i < end; i++) h = Math.imul(h ^ lower(bytes[i]!), PRIME)
  return h
}
