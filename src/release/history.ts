/** The history of releases: entries that follow each other by hash and in time, so that nothing in it changes unseen. */
import { canonicalHash } from '../base/canonical.ts'
import { ReleaseError } from './codes.ts'
import { ENTRY_KINDS, type Entry, type EntryDraft, type Head } from './model.ts'

export const NO_HISTORY: Head = { seq: 0, hash: '0'.repeat(64) }

const HASH = /^sha256:[0-9a-f]{64}$/
const HEX = /^[0-9a-f]{64}$/
const MAX_STATEMENTS = 64

const hashOf = ({ hash: _hash, ...rest }: Entry): string => canonicalHash({ version: 1, ...rest })

/** The next entry of a history that ends with `head`. */
export function nextEntry(draft: EntryDraft, head: Head): Entry {
  const { at, who, kind, why, bundle, parent, class: stated, statements, alarm } = draft
  const open = { seq: head.seq + 1, at, who, kind, why, bundle, parent, class: stated, statements, alarm }
  const entry: Entry = { ...open, prev: head.hash, hash: '' }
  return { ...entry, hash: hashOf(entry) }
}

/** Is this the entry after `head`, unchanged since it was made? `lastAt`: of the entry before, '' at the first. */
export const follows = (entry: Entry, head: Head, lastAt: string): boolean =>
  entry.seq === head.seq + 1 && entry.prev === head.hash && entry.at >= lastAt && entry.hash === hashOf(entry)

/** Throws ReleaseError HISTORY_BROKEN at the first entry that does not follow. */
export function verifyHistory(entries: readonly Entry[], from: Head = NO_HISTORY): Head {
  let head = from
  let lastAt = ''
  for (const entry of entries) {
    if (!follows(entry, head, lastAt)) throw new ReleaseError('HISTORY_BROKEN')
    head = { seq: entry.seq, hash: entry.hash }
    lastAt = entry.at
  }
  return head
}

/** Reads what a store or a state file gave; throws ReleaseError HISTORY_BROKEN when it has not the shape of an entry. */
export function readEntry(value: unknown): Entry {
  if (typeof value !== 'object' || value === null) return broken()
  const raw = value as Entry
  const { seq, at, who, kind, why, bundle, parent, statements, alarm, prev, hash } = raw
  const texts = [at, who, why, prev, hash]
  if (!Number.isSafeInteger(seq) || seq < 1 || texts.some((text) => typeof text !== 'string')) return broken()
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at) || !HEX.test(prev) || !HEX.test(hash)) return broken()
  if (!ENTRY_KINDS.includes(kind) || typeof alarm !== 'boolean') return broken()
  if (bundle !== null && !(isHash(bundle?.id) && isHash(bundle.hash))) return broken()
  if (parent !== null && typeof parent !== 'string') return broken()
  if (raw.class !== null && typeof raw.class !== 'string') return broken()
  if (!Array.isArray(statements) || statements.length > MAX_STATEMENTS) return broken()
  if (statements.some((jws: unknown) => typeof jws !== 'string')) return broken()
  return raw
}

const isHash = (value: unknown): boolean => typeof value === 'string' && HASH.test(value)

function broken(): never {
  throw new ReleaseError('HISTORY_BROKEN')
}
