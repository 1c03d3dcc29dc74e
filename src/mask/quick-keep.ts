/**
 * The byte road of what is kept: values of which their bytes (UTF-8) tell for certain that they are of their kind, hold
 * nothing identifying and are no document. Whatever is not certain goes the full road.
 */
import { isDigit } from '../base/ascii.ts'
import { countKept } from './counts.ts'
import { holdsNothing } from './detectors/index.ts'
import { holdsOthers } from './kept.ts'
import { mayBeResidentId } from './kept-id.ts'
import type { Kind, Level } from './model.ts'
import type { Plan } from './plan.ts'
import type { Run } from './run.ts'
import { NUMBER, STRING } from './tape.ts'
import { SHORTEST_RUN } from './text/encoded-runs.ts'

interface QuickKeep {
  readonly kind: Kind
  readonly level: Level
  /** the kind is judged: outside direct care */
  readonly byKind: boolean
  /** a resident ID in it is none of its own */
  readonly holding: boolean
  /** for values this policy treats in other fields */
  readonly searched: boolean
}

const known = new WeakMap<Plan, QuickKeeps>()

/** The quick keeps of a plan. */
export function quickKeepsOf(plan: Plan): QuickKeeps {
  let keeps = known.get(plan)
  if (keeps === undefined) known.set(plan, (keeps = new QuickKeeps(plan)))
  return keeps
}

export class QuickKeeps {
  readonly #plan: Plan
  /** by site, which are numbered by the plan's own reader: null = the full road */
  readonly #sites: (QuickKeep | null | undefined)[] = []

  constructor(plan: Plan) {
    this.#plan = plan
  }

  /** Keeps the leaf of a record that was not raised, and counts it; false = nothing was done. */
  settles(run: Run, index: number): boolean {
    const { tape, doc, counts } = run
    const at = index << 2
    const { words } = tape
    const id = words[at + 1]!
    const site = this.#sites[id]
    const quick = site === undefined ? (this.#sites[id] = this.#quickOf(id)) : site
    if (quick === null) return false
    const head = words[at]!
    const start = words[at + 2]!
    const end = words[at + 3]!
    const plain = doc.plain(head, start, end)
    // A number as JSON writes it is its bytes too.
    if (!plain && (head & NUMBER) === 0) return false
    const q = plain ? doc.quote : 0
    if (!isKept(quick, head, doc.source, start + q, end - q)) return false
    if (quick.searched && run.textAt(index).mayHold(doc.source, start + q, end - q)) return false
    countKept(counts, quick.level)
    return true
  }

  #quickOf(id: number): QuickKeep | null {
    const { candidates, reference, stays } = this.#plan.reader.layout.sites[id]!
    const candidate = candidates[0]
    if (candidate === undefined || candidates.length > 1 || candidate.condition >= 0 || reference || stays != null)
      return null
    const { element } = candidate
    const { bound, keepByKind, holding } = this.#plan.decide(element, 0)
    if (!bound.keeps) return null
    const { kind, level } = element
    return { kind, level, byKind: keepByKind, holding: holding != null, searched: keepByKind && holdsOthers(kind) }
  }
}

/** Is it certain of source[start, end), the text of a leaf? */
function isKept(
  { kind, byKind, holding }: QuickKeep,
  head: number,
  source: Buffer,
  start: number,
  end: number,
): boolean {
  if (end <= start || isMaybeWrapped(source[start]!)) return false
  if (holding && mayBeResidentId(source, start, end)) return false
  if (!byKind) return true
  switch (kind) {
    case 'number':
      return isPlainNumber(source, start, end)
    case 'code':
      return (head & STRING) !== 0 && isPlainCode(source, start, end)
    case 'date':
      return (head & STRING) !== 0 && isPlainDate(source, start, end)
    case 'text':
    case 'name':
      return !mayBeSpelt(source, start, end) && holdsNothing(source, start, end)
    default:
      return false
  }
}

/** Shorter than this no identifier is spelt in another way (kinds.ts). */
const SHORTEST_SPELT = 12

/** Percent signs, references, escapes, tags, a long row of the alphabet of base64: it may say something else than it shows. */
function mayBeSpelt(source: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST_SPELT) return false
  let row = 0
  for (let i = start; i < end; i++) {
    const c = source[i]!
    if (c === 0x25 || c === 0x26 || c === 0x5c || c === 0x3c) return true
    row = c < 0x80 && BASE64[c] === 1 ? row + 1 : 0
    if (row >= SHORTEST_RUN) return true
  }
  return row === end - start
}

const BASE64 = new Uint8Array(0x80)
for (let c = 0x2b; c < 0x7b; c++) if (/[0-9A-Za-z+/_=-]/.test(String.fromCharCode(c))) BASE64[c] = 1

/** First bytes of what may be a document (wrapped.ts): brackets, quotes, percent signs, base64, blanks, marks of order. */
const isMaybeWrapped = (c: number): boolean =>
  c <= 0x20 || c >= 0xef || c === 0x7b || c === 0x5b || c === 0x3c || c === 0x22 || c === 0x25 || MAYBE_BASE64.has(c)
/** e, W, P */
const MAYBE_BASE64: ReadonlySet<number> = new Set([0x65, 0x57, 0x50])

/** At most five digits, one point among them. */
function isPlainNumber(source: Uint8Array, start: number, end: number): boolean {
  let i = start
  while (i < end && isDigit(source[i]!)) i++
  const whole = i - start
  if (whole === 0 || (whole > 1 && source[start] === 0x30)) return false
  if (i === end) return whole <= 5
  if (source[i++] !== 0x2e) return false
  const point = i
  while (i < end && isDigit(source[i]!)) i++
  return i === end && i > point && i - point + whole <= 5
}

/** ASCII marks that stand in codes (CODE of kinds.ts) */
const MARKS = new Uint8Array(0x80)
for (const c of " .,_-/\\()[]{}%+*^:'&#<>=~|") MARKS[c.charCodeAt(0)] = 1
for (let c = 0x30; c < 0x7b; c++) if (/[0-9A-Za-z]/.test(String.fromCharCode(c))) MARKS[c] = 1

/** At most 64 bytes of ASCII as codes have it and Han characters, nothing identifying among them. */
function isPlainCode(source: Uint8Array, start: number, end: number): boolean {
  if (end - start > 64) return false
  for (let i = start; i < end; i++) if (source[i]! < 0x80 && MARKS[source[i]!] === 0) return false
  if (mayBeSpelt(source, start, end)) return false
  return holdsNothing(source, start, end)
}

/** YYYY-MM-DD with a day up to 28, alone or with a blank and HH:MM:SS; years 1900 to 2099. */
function isPlainDate(source: Uint8Array, start: number, end: number): boolean {
  const n = end - start
  if (n !== 10 && n !== 19) return false
  const century = two(source, start)
  if ((century !== 19 && century !== 20) || two(source, start + 2) < 0 || source[start + 4] !== 0x2d) return false
  const month = two(source, start + 5)
  const day = two(source, start + 8)
  if (month < 1 || month > 12 || day < 1 || day > 28 || source[start + 7] !== 0x2d) return false
  if (n === 10) return true
  const [hour, minute, second] = [two(source, start + 11), two(source, start + 14), two(source, start + 17)]
  if (source[start + 10] !== 0x20 || source[start + 13] !== 0x3a || source[start + 16] !== 0x3a) return false
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
}

/** The number of two digits; -1 = they are none. */
function two(source: Uint8Array, at: number): number {
  const a = source[at]!
  const b = source[at + 1]!
  return isDigit(a) && isDigit(b) ? (a - 48) * 10 + b - 48 : -1
}
