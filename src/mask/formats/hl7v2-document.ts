/** One HL7 v2 payload while it is edited: reads and writes values in its own delimiters, escapes and character set. */
import { GatewayError } from '../../base/errors.ts'
import type { Edits } from '../../base/splice.ts'
import type { Document } from '../plan.ts'
import type { Scanned, Trailer } from '../scan/hl7v2.ts'
import type { Delimiters } from '../scan/hl7v2-delimiters.ts'
import { ESCAPED, type Tape } from '../tape.ts'
import type { Charset } from './charset.ts'
import { addressesOf } from './hl7v2-address.ts'
import { type Hl7Site, RECORD_SCOPE } from './hl7v2-cells.ts'
import { isPlain, readEscaped, writeEscaped } from './hl7v2-escape.ts'
import { hl7Date } from './hl7v2-shapes.ts'

export class Hl7Document implements Document {
  readonly source: Buffer
  readonly quote = 0
  readonly #charset: Charset
  readonly #ascii: boolean
  readonly #sites: readonly Hl7Site[]
  readonly #scanned: Scanned
  readonly #repetitions: { readonly start: number; readonly end: number }[] = []
  readonly #dropped: number[] = []
  #usual: boolean | null = null

  /** `scanned` may still be filling: values are read for conditions while the scan goes on. */
  constructor(source: Buffer, charset: Charset, ascii: boolean, sites: readonly Hl7Site[], scanned: Scanned) {
    this.source = source
    this.#charset = charset
    this.#ascii = ascii
    this.#sites = sites
    this.#scanned = scanned
  }

  text(head: number, start: number, end: number): string {
    if ((head & ESCAPED) !== 0) return readEscaped(this.source, start, end, this.#delimiters(start), this.#charset)
    return this.#ascii ? this.source.toString('latin1', start, end) : this.#charset.decode(this.source, start, end)
  }

  isEmpty(_head: number, start: number, end: number): boolean {
    const length = end - start
    return length <= 0 || (length === 2 && this.source[start] === 0x22 && this.source[start + 1] === 0x22)
  }

  plain(head: number, _start: number, _end: number): boolean {
    return (head & ESCAPED) === 0 && (this.#ascii || this.#charset.utf8) && this.#isUsual()
  }

  /** Byte roads write marks and dictionary terms that only the recommended delimiters leave unescaped. */
  #isUsual(): boolean {
    return (this.#usual ??= this.#scanned.delimiters.every(isRecommended))
  }

  replace(edits: Edits, site: number, _head: number, start: number, end: number, text: string): boolean {
    const written = this.#admitted(this.#sites[site]!, text)
    // `""` would tell the receiver to erase what it has.
    if (written === null || written === '""') return false
    const d = this.#delimiters(start)
    const safe = isPlain(written, d) ? written : writeEscaped(written, d)
    if (this.#charset.name === 'utf-8') edits.replaceText(start, end, safe)
    else edits.replace(start, end, this.#charset.encode(safe))
    return true
  }

  #admitted(site: Hl7Site, text: string): string | null {
    switch (site.admits) {
      case 'date':
      case 'datetime': {
        const date = hl7Date(text)
        return date !== null && site.admits === 'date' ? date.slice(0, 8) : date
      }
      case 'number':
        return /^[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})$/.test(text) ? text : null
      case 'id':
        return /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(text) ? text : null
      case 'text':
        return text
      default:
        return null
    }
  }

  remove(edits: Edits, _head: number, start: number, end: number): void {
    edits.remove(start, end)
    const d = this.#delimiters(start)
    const before = this.source[start - 1]
    const after = this.source[end] ?? 0
    const alone =
      (before === d.field || before === d.repetition) && (after === d.field || after === d.repetition || after < 0x20)
    if (alone) this.#repetitions.push({ start, end })
  }

  removeScope(edits: Edits, scope: number, start: number, end: number): void {
    edits.remove(start, end)
    if (scope === RECORD_SCOPE) this.#dropped.push(start)
    else this.#repetitions.push({ start, end })
  }

  replaceKey(): void {
    // ER7 has no keys; a tape with one is not of this format.
    throw new GatewayError('MASK_FAILED')
  }

  authority(tape: Tape, index: number): string | null {
    const { words } = tape
    const at = index << 2
    const site = this.#sites[words[at + 1]!]!
    return site.authority === 0 ? null : this.#componentAfter(words[at + 3]!, site.authority)
  }

  /** Text of the n-th component after the value that ends at `from`: its first subcomponent, else its second. */
  #componentAfter(from: number, n: number): string | null {
    const { source } = this
    const d = this.#delimiters(from)
    const multibyte = this.#charset.multibyte
    let i = from
    for (let passed = 0; i < source.length; i++) {
      const c = source[i]!
      if (multibyte && c >= 0x81) i += source[i + 1]! >= 0x30 && source[i + 1]! <= 0x39 ? 3 : 1
      else if (c === d.field || c === d.repetition || c < 0x20) return null
      else if (c === d.component && ++passed === n) break
    }
    for (let part = 0, start = i + 1; part < 2 && i < source.length; part++) {
      let end = start
      let escaped = false
      while (end < source.length) {
        const c = source[end]!
        if (c < 0x20 || c === d.field || c === d.repetition || c === d.component || c === d.subcomponent) break
        if (c === d.escape) escaped = true
        end += multibyte && c >= 0x81 ? (source[end + 1]! >= 0x30 && source[end + 1]! <= 0x39 ? 4 : 2) : 1
      }
      const head = escaped ? ESCAPED : 0
      if (!this.isEmpty(head, start, end)) return this.text(head, start, end).trim() || null
      if (source[end] !== d.subcomponent) return null
      start = end + 1
    }
    return null
  }

  addresses(offsets: readonly number[]): string[] {
    return addressesOf(this.source, this.#scanned, this.#charset.multibyte, offsets)
  }

  finish(edits: Edits): Buffer {
    this.#settleRepetitions(edits)
    this.#settleCounts(edits)
    return edits.apply(this.source)
  }

  /** A removed repetition leaves its delimiter while another follows; the last ones take theirs with them. */
  #settleRepetitions(edits: Edits): void {
    const spans = this.#repetitions.toSorted((a, b) => b.start - a.start)
    let trailing = -1
    for (const { start, end } of spans) {
      const { repetition } = this.#delimiters(start)
      if (this.source[start - 1] !== repetition || (this.source[end] === repetition && end !== trailing)) continue
      edits.remove(start - 1, start)
      trailing = start - 1
    }
  }

  /** BTS-1 follows the messages left in its batch; FTS-1 counts batches, or messages where there are none. */
  #settleCounts(edits: Edits): void {
    if (this.#dropped.length === 0) return
    for (const t of this.#scanned.trailers) {
      // Longer ones are off their shape and have been treated as data.
      if (t.start === t.end || t.end - t.start > COUNT_DIGITS || (t.kind === 'FTS' && t.batches > 0)) continue
      const gone = within(this.#dropped, t)
      if (gone > 0) edits.replaceText(t.start, t.end, String(within(this.#scanned.messages, t) - gone))
    }
  }

  rows(): number {
    return this.#scanned.messages.length - this.#dropped.length
  }

  #delimiters(at: number): Delimiters {
    const { delimiters } = this.#scanned
    if (delimiters.length === 1) return delimiters[0]!
    let low = 0
    let high = delimiters.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (delimiters[middle]!.from <= at) low = middle
      else high = middle - 1
    }
    return delimiters[low]!
  }
}

const COUNT_DIGITS = 6

/** How many of these ascending offsets lie between what the trailer counts from and the trailer. */
const within = (offsets: readonly number[], t: Trailer): number => below(offsets, t.start) - below(offsets, t.from)

function below(offsets: readonly number[], limit: number): number {
  let low = 0
  for (let high = offsets.length; low < high; ) {
    const middle = (low + high) >> 1
    if (offsets[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** HL7 v2.7.1 chapter 2.5.4: `|^~\&` and the truncation character `#`, in whatever order. */
const RECOMMENDED: ReadonlySet<number> = new Set(Buffer.from('|^~\\&#'))
const isRecommended = (d: Delimiters): boolean =>
  [d.field, d.component, d.repetition, d.escape, d.subcomponent, d.truncation].every((c) => c < 0 || RECOMMENDED.has(c))
