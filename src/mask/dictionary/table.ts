/** A dictionary as a hash table over UTF-8 bytes, so that a whole field is looked up without a string. */
import type { Dictionary } from '../model.ts'
import { inForce, replacementsOf, termKey } from './lookup.ts'

/** certainly no term and no replacement */
export const NO_TERM = -1
/** look it up the slow way */
export const ASK = -2

/** Characters some carrier escapes; a replacement holding one is written by the format. */
const ESCAPED = /["\\|^~&#<>\u0000-\u001f\u007f]/

export interface TermTable {
  /**
   * Looks source[start, end) up. Writes the replacement from `at` on and returns the offset after it, or {@link ASK}, or
   * {@link NO_TERM}, which is certain only for a value that is its own canonical form (stable-bytes.ts).
   */
  write(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number
}

const tables = new WeakMap<Dictionary, { readonly table: TermTable; readonly day: string | null }>()

/** The last one asked for: the same value after value, and a look at it costs less than one into the map. */
let latest: { readonly dictionary: Dictionary; readonly table: TermTable } | null = null

/** The table of a dictionary for the day; kept until the day changes, for good where no entry has dates. */
export function tableOf(dictionary: Dictionary, today: () => string): TermTable {
  if (latest !== null && latest.dictionary === dictionary) return latest.table
  const known = tables.get(dictionary)
  if (known !== undefined && (known.day === null || known.day === today())) {
    if (known.day === null) latest = { dictionary, table: known.table }
    return known.table
  }
  const day = today()
  const dated = [...dictionary.terms.values()].some((entry) => entry.from !== null || entry.to !== null)
  const table = build(dictionary, day)
  tables.set(dictionary, { table, day: dated ? day : null })
  return table
}

interface Row {
  readonly key: Buffer
  readonly result: Buffer | null
}

function rowsOf(dictionary: Dictionary, day: string): Row[] {
  const rows: Row[] = []
  for (const [key, entry] of dictionary.terms) {
    if (!inForce(entry, day)) continue
    const result = ESCAPED.test(entry.replacement) ? null : Buffer.from(entry.replacement)
    rows.push({ key: Buffer.from(key), result })
    // Full-width brackets and the like: the spelling people write is found without being normalised.
    const written = Buffer.from(entry.term.toLowerCase())
    if (termKey(entry.term) === key && !written.equals(rows[rows.length - 1]!.key)) rows.push({ key: written, result })
  }
  // Only their exact spelling passes, and that comparison is the slow road's.
  for (const replacement of replacementsOf(dictionary).keys()) {
    const key = termKey(replacement)
    if (!dictionary.terms.has(key)) rows.push({ key: Buffer.from(key), result: null })
  }
  return rows
}

function build(dictionary: Dictionary, day: string): TermTable {
  const rows = rowsOf(dictionary, day)
  let size = 16
  while (size < rows.length * 2) size *= 2
  const slots = new Int32Array(size).fill(-1)
  const hashes = new Int32Array(rows.length)
  rows.forEach(({ key }, index) => {
    const h = hashOf(key, 0, key.length)
    hashes[index] = h
    let slot = h & (size - 1)
    while (slots[slot]! >= 0) slot = (slot + 1) & (size - 1)
    slots[slot] = index
  })
  return {
    write(source, start, end, target, at) {
      let h = OFFSET
      let before = 0
      for (let i = start; i < end; i++) {
        const c = source[i]!
        if (c === 0x20 && before === 0x20) return ASK
        before = c
        h = Math.imul(h ^ lower(c), PRIME)
      }
      for (let slot = h & (size - 1); ; slot = (slot + 1) & (size - 1)) {
        const index = slots[slot]!
        if (index < 0) return NO_TERM
        if (hashes[index] !== h) continue
        const { key, result } = rows[index]!
        if (!equals(key, source, start, end)) continue
        if (result === null || result.length > (end - start) * 4 + 64) return ASK
        for (let i = 0; i < result.length; i++) target[at++] = result[i]!
        return at
      }
    },
  }
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

function equals(key: Uint8Array, source: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== lower(source[start + i]!)) return false
  return true
}
