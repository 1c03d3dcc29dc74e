/** A dictionary's meaning as a hash: the same for any order of its rows, whatever its notes, quotes and columns. */
import { createHash } from 'node:crypto'
import { finish, type Steps } from '../../base/steps.ts'
import type { Dictionary, DictionaryEntry } from '../model.ts'

const SLICE = 1000
const BUCKETS = 256
const known = new WeakMap<Dictionary, string>()

/** 64 hex digits, kept for the dictionary. */
export function* digestSteps(dictionary: Dictionary): Steps<string> {
  const before = known.get(dictionary)
  if (before !== undefined) return before
  // Sorted bucket by bucket: one sort of 100,000 rows would hold the event loop.
  const buckets: string[][] = Array.from({ length: BUCKETS }, () => [])
  for (const [i, entry] of dictionary.rows.entries()) {
    const line = rowText(entry)
    buckets[bucketOf(entry.term)]!.push(line)
    if (i % SLICE === 0) yield
  }
  const hash = createHash('sha256')
  for (const lines of buckets) {
    lines.sort()
    hash.update(lines.join('\n')).update('\n\n')
    yield
  }
  const digest = hash.digest('hex')
  known.set(dictionary, digest)
  return digest
}

function bucketOf(text: string): number {
  let h = 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h >>> 16) % BUCKETS
}

export const digestOf = (dictionary: Dictionary): string => finish(digestSteps(dictionary))

/** Everything a row says but where it stands, lists as sets. */
export const rowText = (e: DictionaryEntry): string =>
  JSON.stringify([
    e.term,
    e.replacement,
    e.kind,
    e.mode,
    e.aliases.toSorted(),
    e.notBefore.toSorted(),
    e.notAfter.toSorted(),
    e.roles?.toSorted() ?? null,
    e.code,
    e.codeSystem,
    e.from,
    e.to,
    e.batch,
    e.author,
    e.approver,
  ])
