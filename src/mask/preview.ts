/**
 * Before and after of one payload a person looks at: every value that was looked at with its place in both texts and
 * the line that decided it. The only part of the house that holds both texts; it keeps neither.
 */
import { GatewayError, isGatewayError } from '../base/errors.ts'
import { type Edit, Edits } from '../base/splice.ts'
import { applyPlan } from './apply.ts'
import { noCounts } from './counts.ts'
import type { Element } from './model.ts'
import type { Limits, Plan, Why } from './plan.ts'
import type { Outcome } from './run.ts'
import { Tape } from './tape.ts'

/** [start, end) in UTF-16 code units. */
export interface TextSpan {
  readonly start: number
  readonly end: number
}

export interface PreviewedValue {
  readonly address: string
  readonly element: Element | null
  readonly why: Why
  readonly outcome: Outcome
  readonly method: string
  readonly before: TextSpan
  /** null: it is gone */
  readonly after: TextSpan | null
}

export interface Previewed {
  readonly after: string
  /** in the order of the text */
  readonly values: readonly PreviewedValue[]
}

interface Seen extends Omit<PreviewedValue, 'address' | 'before' | 'after'> {
  readonly start: number
  readonly end: number
}

/**
 * @throws GatewayError as maskPayload() does; nothing of the text is in it
 */
export function previewText(plan: Plan, text: string, limits: Limits): Previewed {
  const source = Buffer.from(text, 'utf8')
  const tape = new Tape(1024)
  const edits = new Edits()
  const seen: Seen[] = []
  try {
    // A text box holds Unicode whatever the message says of itself.
    const doc = plan.reader.read(source, tape, limits, { charset: null, entryCharset: 'utf-8' })
    applyPlan(plan, doc, tape, edits, noCounts(), (index, element, why, outcome, method) => {
      const at = index << 2
      seen.push({ element, why, outcome, method, start: tape.words[at + 2]!, end: tape.words[at + 3]! })
    })
    seen.sort((a, b) => a.start - b.start || b.end - a.end)
    const addresses = doc.addresses(seen.map((s) => s.start))
    const outward = (edit: Edit): Edit => (doc.outward === undefined ? edit : (doc.outward([edit])[0] ?? edit))
    const came = seen.map((s) => ({ ...s, ...placeOf(outward({ start: s.start, end: s.end, bytes: NOTHING })) }))
    const masked = edits.count === 0 ? source : doc.finish(edits)
    const settled = edits.count === 0 ? [] : edits.settled()
    const made = doc.outward === undefined ? settled : doc.outward(settled)
    const values = placed(came, addresses, { source, masked, edits: made, quote: doc.quote })
    return { after: masked.toString('utf8'), values }
  } catch (error) {
    if (isGatewayError(error)) throw error
    throw new GatewayError('MASK_FAILED')
  }
}

const NOTHING = Buffer.alloc(0)
const placeOf = ({ start, end }: Edit): { start: number; end: number } => ({ start, end })

interface Both {
  readonly source: Buffer
  readonly masked: Buffer
  /** of the source, ascending */
  readonly edits: readonly Edit[]
  readonly quote: 0 | 1
}

function placed(
  seen: readonly Seen[],
  addresses: readonly string[],
  { source, masked, edits, quote }: Both,
): PreviewedValue[] {
  const shift = edits.reduce((sum, edit) => sum + growth(edit), 0)
  // A format that wrote its bytes another way leaves no places to point at.
  const known = source.length + shift === masked.length
  const places = new Places(edits)
  const before = spanIn(source, quote)
  const after = spanIn(masked, quote)
  return seen.map(({ start, end, ...value }, i) => {
    const found = known && value.outcome !== 'removed' ? places.after(start, end) : null
    return {
      ...value,
      address: addresses[i] ?? '?',
      before: before({ start, end }),
      after: found === null ? null : after(found),
    }
  })
}

/** Bytes to text; quotes around a value, escaped ones in opened JSON too, are no part of it. */
function spanIn(bytes: Buffer, quote: 0 | 1): (span: TextSpan) => TextSpan {
  const units = unitsOf(bytes)
  return ({ start, end }) => {
    let from = start
    while (from < end && bytes[from] === ESCAPE) from++
    const lead = quote === 1 && bytes[from] === QUOTE ? from + 1 - start : 0
    const bare = lead > 0 && end - start >= 2 * lead && bytes[end - 1] === QUOTE
    return bare ? { start: units(start + lead), end: units(end - lead) } : { start: units(start), end: units(end) }
  }
}

/** Where stretches of the source stand once the edits are applied. Asked in ascending order. */
class Places {
  readonly #edits: readonly Edit[]
  #next = 0
  #shift = 0

  constructor(edits: readonly Edit[]) {
    this.#edits = edits
  }

  after(start: number, end: number): TextSpan | null {
    const edits = this.#edits
    for (; this.#next < edits.length && edits[this.#next]!.end <= start; this.#next++)
      this.#shift += growth(edits[this.#next]!)
    let inside = 0
    for (let i = this.#next; i < edits.length && edits[i]!.start < end; i++) {
      const edit = edits[i]!
      if (edit.start <= start && edit.end >= end) return replacedBy(edit, this.#shift)
      inside += growth(edit)
    }
    return { start: start + this.#shift, end: end + this.#shift + inside }
  }
}

const growth = (edit: Edit): number => edit.bytes.length - (edit.end - edit.start)

/** Null where an edit around the value left nothing of it. */
function replacedBy({ start, bytes }: Edit, shift: number): TextSpan | null {
  return bytes.length === 0 ? null : { start: start + shift, end: start + shift + bytes.length }
}

const QUOTE = 0x22
const ESCAPE = 0x5c

/** Byte offset to UTF-16 offset, for offsets in any order. */
function unitsOf(bytes: Buffer): (offset: number) => number {
  const ascii = bytes.every((byte) => byte < 0x80)
  if (ascii) return (offset) => offset
  const units = new Uint32Array(bytes.length + 1)
  let count = 0
  for (let i = 0; i < bytes.length; i++) {
    units[i] = count
    const byte = bytes[i]!
    if ((byte & 0xc0) !== 0x80) count += byte >= 0xf0 ? 2 : 1
  }
  units[bytes.length] = count
  return (offset) => units[offset] ?? count
}
