/**
 * The hot road through composites: one element, plain values, a method that works on bytes. It gives what group.ts
 * would give, without strings; whatever it is not sure of it leaves to group.ts untouched.
 */
import { type Counts, countTreated } from './counts.ts'
import type { Element } from './model.ts'
import type { Quick } from './quick.ts'
import type { Run } from './run.ts'
import type { Candidate, Site } from './site.ts'
import { LEAF, STRING, TYPE_MASK } from './tape.ts'

const joined = Buffer.allocUnsafeSlow(1024)

/** True when the group opened at `index` is settled with all its leaves. */
export function settleGroupBytes(run: Run, index: number): boolean {
  const { words } = run.tape
  const close = words[(index << 2) + 3]!
  const first = firstMember(run, index, close)
  if (first < 0) return false
  const quick = run.quickAt(words[(first << 2) + 1]!)
  if (quick === null) return false
  const { doc, edits } = run
  const q = doc.quote
  const at = first << 2
  const start = words[at + 2]! + q
  const end = words[at + 3]! - q
  let source: Uint8Array = doc.source
  let from = start
  let to = end
  if (roleAt(run, first) === 'part') {
    to = join(run, first, close)
    if (to < 0) return false
    source = joined
    from = 0
  }
  const written = edits.reserve(start, (to - from) * 4 + 64)
  const used = quick.bytes(source, from, to, edits.scratch, written)
  // A value that passes as it is passes with all its parts.
  if (used < 0 || same(source, from, to, edits.scratch, written, used)) return false
  edits.commit(start, end, used)
  countTreated(run.counts, quick.method, quick.level, quick.leaves)
  removeOthers(run, first, close, quick, run.counts)
  return true
}

/** Index of the leaf that takes the result, when every leaf is simple; -1 = not sure. */
function firstMember(run: Run, index: number, close: number): number {
  const { words } = run.tape
  const { sites } = run.plan.reader.layout
  let element: Element | null = null
  let first = -1
  let part = -1
  for (let i = index + 1; i < close; i++) {
    const at = i << 2
    if ((words[at]! & TYPE_MASK) !== LEAF) return -1
    const site = sites[words[at + 1]!]!
    const candidate = only(site)
    if (candidate === null || (element !== null && candidate.element !== element)) return -1
    if (isPhonetic(run, index, site, at)) return -1
    element = candidate.element
    if (candidate.role === 'use') {
      if (!isOnShape(run, site, at)) return -1
      continue
    }
    if (candidate.role !== 'part' && (candidate.role !== 'whole' || first >= 0)) return -1
    if (first < 0) first = i
    else if (candidate.part < part) return -1
    part = candidate.part
    if (!isSimple(run, at)) return -1
  }
  return first
}

/** The one candidate every leaf of the site has. */
function only(site: Site): Candidate | null {
  const [candidate] = site.candidates
  return site.candidates.length !== 1 || site.reference || candidate!.condition >= 0 ? null : candidate!
}

function isPhonetic({ plan, tape, doc }: Run, index: number, site: Site, at: number): boolean {
  if (site.witnesses.length === 0) return false
  const { words } = tape
  const { phonetic } = plan.reader.layout.scopes[words[(index << 2) + 1]!]!
  if (phonetic < 0 || !site.witnesses.includes(phonetic)) return false
  return plan.reader.layout.conditions[phonetic]!.test(doc.text(words[at]!, words[at + 2]!, words[at + 3]!))
}

/** A use code off its shape is data. */
function isOnShape({ tape, doc }: Run, { structure }: Site, at: number): boolean {
  const { words } = tape
  return structure === null || structure.test(doc.text(words[at]!, words[at + 2]!, words[at + 3]!))
}

/** A string that is its bytes, neither empty nor with blanks to trim. */
function isSimple({ tape, doc }: Run, at: number): boolean {
  const { words } = tape
  const head = words[at]!
  const start = words[at + 2]! + doc.quote
  const end = words[at + 3]! - doc.quote
  if ((head & STRING) === 0 || end <= start || !doc.plain(head, words[at + 2]!, words[at + 3]!)) return false
  return doc.source[start]! > 0x20 && doc.source[end - 1]! > 0x20
}

const roleAt = ({ plan, tape }: Run, i: number): Candidate['role'] =>
  plan.reader.layout.sites[tape.words[(i << 2) + 1]!]!.candidates[0]!.role

/** Writes the parts one after the other, a blank between Latin ones; returns the length, -1 = too long. */
function join(run: Run, first: number, close: number): number {
  const { words } = run.tape
  const { source, quote } = run.doc
  let used = 0
  for (let i = first; i < close; i++) {
    if (roleAt(run, i) !== 'part') continue
    const start = words[(i << 2) + 2]! + quote
    const end = words[(i << 2) + 3]! - quote
    if (used + end - start + 1 > joined.length) return -1
    if (used > 0 && endsLatin(joined[used - 1]!) && isLetter(source[start]!)) joined[used++] = 0x20
    for (let k = start; k < end; k++) joined[used++] = source[k]!
  }
  return used
}

const isLetter = (c: number): boolean => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a
/** as joinParts of group.ts: a letter, `.`, `'` or `-` */
const endsLatin = (c: number): boolean => isLetter(c) || c === 0x2e || c === 0x27 || c === 0x2d

function same(a: Uint8Array, from: number, to: number, b: Uint8Array, start: number, end: number): boolean {
  if (to - from !== end - start) return false
  for (let i = from, k = start; i < to; ) if (a[i++] !== b[k++]) return false
  return true
}

function removeOthers(run: Run, first: number, close: number, quick: Quick, counts: Counts): void {
  const { words } = run.tape
  for (let i = first + 1; i < close; i++) {
    const at = i << 2
    if (roleAt(run, i) === 'use') continue
    run.doc.remove(run.edits, words[at]!, words[at + 2]!, words[at + 3]!)
    countTreated(counts, quick.method, quick.level, 0)
  }
}
