/**
 * A dictionary as a hash table over UTF-8 bytes, so that a whole field is looked up without a string. Keys and
 * replacements lie in one array; days and roles are asked at the lookup, so the table is built once for its dictionary.
 */
import type { Dictionary, DictionaryEntry } from '../model.ts'
import { holds, replacementsOf, termKey } from './lookup.ts'
import { finish, type Steps } from './steps.ts'

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
    const slots = new Int32Array(size).fill(-1)
    const hashes = new Int32Array(rows.length)
    for (const [index, { key, entries }] of rows.entries()) {
      keys.push(key)
      results.push(entries?.length === 1 && !ESCAPED.test(entries[0]!.replacement) ? entries[0]!.replacement : '')
      const h = hashOf(keys.data, keys.start(index), keys.start(index + 1))
      hashes[index] = h
      let slot = h & (size - 1)
      while (slots[slot]! >= 0) slot = (slot + 1) & (size - 1)
      slots[slot] = index
      if (index % SLICE === 0) yield
    }
    return hashTable(
      rows.map(({ entries }) => entries),
      slots,
      hashes,
      keys,
      results,
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
  push(text: string): void {
    const from = this.starts[this.#count]!
    const most = from + text.length * 3
    if (most > this.data.length) this.data = Buffer.concat([this.data], Math.max(most, this.data.length * 2))
    this.starts[++this.#count] = from + this.data.write(text, from)
  }
}

type Entries = readonly (readonly DictionaryEntry[] | null)[]

/** Local names and no fields: this runs for every value of a bound element. */
function hashTable(entries: Entries, slots: Int32Array, hashes: Int32Array, keys: Bytes, results: Bytes): TermTable {
  const mask = slots.length - 1
  const key = keys.data
  const result = results.data
  const keyStarts = keys.starts
  const resultStarts = results.starts
  const inForce = verdictsOf(entries)
  return {
    write(source, start, end, target, at, day, role) {
      let h = OFFSET
      let before = 0
      for (let i = start; i < end; i++) {
        const c = source[i]!
        if (c === 0x20 && before === 0x20) return ASK
        before = c
        h = Math.imul(h ^ lower(c), PRIME)
      }
      for (let slot = h & mask; ; slot = (slot + 1) & mask) {
        const index = slots[slot]!
        if (index < 0) return NO_TERM
        if (hashes[index] !== h) continue
        const own = keyStarts[index]!
        if (!equals(key, own, keyStarts[index + 1]! - own, source, start, end)) continue
        const from = resultStarts[index]!
        const to = resultStarts[index + 1]!
        // several rows, a replacement to be escaped, one that is not in force: the slow road knows
        if (to === from || to - from > (end - start) * 4 + 64 || !inForce(index, day, role)) return ASK
        for (let i = from; i < to; i++) target[at++] = result[i]!
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

function equals(
  keys: Uint8Array,
  from: number,
  length: number,
  source: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (length !== end - start) return false
  for (let i = from, k = start; k < end; i++, k++) if (keys[i] !== lower(source[k]!)) return false
  return true
}

const lower = (c: number): number => (c >= 0x41 && c <= 0x5a ? c | 0x20 : c)

const OFFSET = 0x811c9dc5 | 0
const PRIME = 0x01000193

/** FNV-1a, 32 bits, over ASCII lower case. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let h = OFFSET
  for (let i = start; i < end; i++) h = Math.imul(h ^ lower(bytes[i]!), PRIME)
  return h
}
