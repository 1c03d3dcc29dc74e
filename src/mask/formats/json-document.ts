/** One JSON payload while it is edited: see Document in plan.ts. Serves JSON, FHIR and NDJSON. */
import { applyEdits, type Edit, type Edits } from '../../base/splice.ts'
import type { Document } from '../plan.ts'
import type { JsonScanner } from '../scan/json.ts'
import type { Seen } from '../scan/json-node.ts'
import { BOOLEAN, CLOSE, ESCAPED, LEAF, NULL, NUMBER, OPEN, STRING, type Tape, TYPE_MASK } from '../tape.ts'
import { addressesOf } from './json-address.ts'
import type { Layer } from './json-layer.ts'
import { type Cut, type Flags, Removal } from './json-removal.ts'
import { admitsText, isNumberText, readString, writeString } from './json-text.ts'
import type { LayoutBuilder } from './layout-builder.ts'

export interface DocumentRules {
  readonly fhir: boolean
  readonly lines: boolean
  readonly onTypeConflict: 'string' | 'null' | 'drop'
}

/** Bytes as they came, and the layers that lead to those the engine sees, outermost last. */
export interface Folds {
  readonly source: Buffer
  readonly layers: readonly Layer[]
}

export interface Scanned {
  readonly source: Buffer
  /** who holds the same bytes at the same offsets, until its next scan; null = nobody */
  readonly scan: { readonly scanner: JsonScanner; readonly generation: number } | null
}

/** How far back the scope of an identifier is looked for: its object has few members. */
const NEAR = 64

export class JsonDocument implements Document {
  readonly source: Buffer
  readonly #scan: Scanned['scan']
  readonly quote = 1
  readonly #layout: LayoutBuilder
  readonly #rules: DocumentRules
  readonly #tape: Tape
  readonly #seen: Seen
  readonly #rows: number
  /** removed values: start, end, 1 = scalar; in the order of removal */
  readonly #removed: number[] = []
  /** records removed that counted as rows */
  #records = 0
  /** declared counts that leave as they are: start -> end, ascending; made when it is first asked for */
  #totals: Map<number, number> | null = null
  /** where records inside records were removed */
  readonly #inner: number[] = []
  readonly #folds: Folds | null

  constructor(
    { source, scan }: Scanned,
    tape: Tape,
    layout: LayoutBuilder,
    rules: DocumentRules,
    seen: Seen,
    rows: number,
    folds: Folds | null = null,
  ) {
    this.source = source
    this.#scan = scan
    this.#folds = folds
    this.#tape = tape
    this.#layout = layout
    this.#rules = rules
    this.#seen = seen
    this.#rows = rows
  }

  text(head: number, start: number, end: number): string {
    if ((head & STRING) === 0) return this.source.toString('latin1', start, end)
    return readString(this.source, start, end, (head & ESCAPED) !== 0)
  }

  isEmpty(head: number, start: number, end: number): boolean {
    return (head & NULL) !== 0 || ((head & STRING) !== 0 && end - start === 2)
  }

  plain(head: number): boolean {
    return (head & (STRING | ESCAPED)) === STRING
  }

  replace(edits: Edits, site: number, head: number, start: number, end: number, text: string): boolean {
    const { admits } = this.#layout.sites[site]!
    if (admits === 'none') return false
    if ((head & STRING) === 0) {
      this.#forgetTotal(start)
      return this.#replaceBare(edits, head, start, end, text)
    }
    // An empty string is no FHIR value.
    if (!admitsText(admits, text) || (text === '' && this.#rules.fhir)) return false
    writeString(edits, start, end, text)
    return true
  }

  #replaceBare(edits: Edits, head: number, start: number, end: number, text: string): boolean {
    const fits =
      (head & NUMBER) !== 0 ? isNumberText(text) : (head & BOOLEAN) !== 0 && (text === 'true' || text === 'false')
    if (fits) edits.replaceText(start, end, text)
    else if (this.#rules.fhir || this.#rules.onTypeConflict === 'drop') return false
    else if (this.#rules.onTypeConflict === 'null') edits.replaceText(start, end, 'null')
    else writeString(edits, start, end, text)
    return true
  }

  remove(edits: Edits, _head: number, start: number, end: number): void {
    this.#take(edits, start, end, 1)
  }

  removeScope(edits: Edits, scope: number, start: number, end: number): void {
    const { record, counted } = this.#layout.scopes[scope]!
    if (record && counted && !this.#isExcluded(start, end)) this.#records++
    else if (record) this.#inner.push(start)
    const c = this.source[start]
    this.#take(edits, start, end, c === 0x7b || c === 0x5b ? 0 : 1)
  }

  /** Is the record between these offsets one that no count counts: search.mode include or outcome? */
  #isExcluded(start: number, end: number): boolean {
    const list = this.#seen.excluded
    let low = 0
    for (let high = list.length; low < high; ) {
      const middle = (low + high) >> 1
      if (list[middle]! < start) low = middle + 1
      else high = middle
    }
    return low < list.length && list[low]! < end
  }

  /** The edit marks that something happens here; finish() puts the settled cut over it. */
  #take(edits: Edits, start: number, end: number, scalar: 0 | 1): void {
    this.#removed.push(start, end, scalar)
    this.#forgetTotal(start)
    edits.mark(start, end)
  }

  #forgetTotal(start: number): void {
    if (this.#seen.totals.length > 0) this.#declared().delete(start)
  }

  #declared(): Map<number, number> {
    return (this.#totals ??= pairs(this.#seen.totals))
  }

  replaceKey(edits: Edits, start: number, end: number, text: string): void {
    writeString(edits, start, end, text)
  }

  authority(tape: Tape, index: number): string | null {
    if (!this.#rules.fhir) return null
    const w = tape.words
    let open = index - 1
    for (let steps = 0; ; open--) {
      if (open < 0 || steps++ > NEAR) return null
      const type = w[open << 2]! & TYPE_MASK
      if (type === OPEN) break
      if (type === CLOSE) open = w[(open << 2) + 3]!
    }
    const close = w[(open << 2) + 3]!
    for (let i = open + 1; i < close; i++) {
      const at = i << 2
      const type = w[at]! & TYPE_MASK
      if (type === OPEN) i = w[at + 3]!
      else if (type === LEAF && this.#layout.sites[w[at + 1]!]!.authority)
        return this.text(w[at]!, w[at + 2]!, w[at + 3]!)
    }
    return null
  }

  addresses(offsets: readonly number[]): string[] {
    return addressesOf(this.source, offsets, this.#rules)
  }

  view(): DataView | null {
    return this.#scan?.scanner.viewOf(this.#scan.generation) ?? null
  }

  finish(edits: Edits): Buffer {
    const cuts = this.#settle()
    const lower = this.#records + this.#inner.length > 0
    for (const { start, end, text } of lower ? this.#lowered(cuts) : cuts) edits.cut(start, end, text)
    if (this.#folds === null) return edits.apply(this.source, this.view())
    return applyEdits(this.#folds.source, this.outward(edits.settled()))
  }

  outward(edits: readonly Edit[]): readonly Edit[] {
    return this.#folds === null ? edits : this.#folds.layers.reduceRight((list, layer) => layer.back(list), edits)
  }

  rows(): number {
    return Math.max(0, this.#rows - this.#records)
  }

  #settle(): Cut[] {
    const taken = this.#removed
    if (taken.length === 0) return []
    const order: number[] = []
    for (let i = 0; i < taken.length; i += 3) order.push(i)
    order.sort((a, b) => taken[a]! - taken[b]! || taken[b + 1]! - taken[a + 1]!)
    const { fhir, lines } = this.#rules
    const removal = new Removal(this.source, { cascade: fhir, lines, flags: (start) => this.#flags(start) })
    let from = -1
    for (const i of order) {
      if (taken[i]! < from) continue
      from = taken[i + 1]!
      removal.add(taken[i]!, from, taken[i + 2] === 1)
    }
    return removal.cuts()
  }

  /** Site and scope of the value that begins at `start`, found on the tape. */
  #flags(start: number): Flags {
    const w = this.#tape.words
    let low = 0
    let high = this.#tape.count
    while (low < high) {
      const middle = (low + high) >> 1
      if (w[(middle << 2) + 2]! < start) low = middle + 1
      else high = middle
    }
    let required = false
    let aligned = false
    let extension = false
    for (let i = low; i < this.#tape.count && w[(i << 2) + 2] === start; i++) {
      const at = i << 2
      const type = w[at]! & TYPE_MASK
      if (type === LEAF) required ||= this.#layout.sites[w[at + 1]!]!.required
      else if (type === OPEN) {
        const scope = this.#layout.scopes[w[at + 1]!]!
        required ||= scope.required
        aligned ||= scope.aligned
        extension ||= scope.extension
      }
    }
    return { required, aligned, extension }
  }

  /** Declared counts that leave follow when whole records were left out (rules-language.md, Record). */
  #lowered(cuts: readonly Cut[]): Cut[] {
    const all: Cut[] = []
    let next = 0
    for (const { start, end, by } of this.#counts()) {
      while (next < cuts.length && cuts[next]!.start <= start) all.push(cuts[next++]!)
      if (next > 0 && cuts[next - 1]!.end > start) continue
      const text = this.source.toString('latin1', start, end)
      if (/^\d{1,9}$/.test(text)) all.push({ start, end, text: String(Math.max(0, Number(text) - by)) })
    }
    while (next < cuts.length) all.push(cuts[next++]!)
    return all
  }

  /** Places of declared counts, ascending, and by how much they are lower now. */
  #counts(): { readonly start: number; readonly end: number; readonly by: number }[] {
    const counts =
      this.#records > 0 ? [...this.#declared()].map(([start, end]) => ({ start, end, by: this.#records })) : []
    return this.#inner.length === 0 ? counts : [...counts, ...this.#innerCounts()].sort((a, b) => a.start - b.start)
  }

  /** Of a Bundle inside a record: the records removed within that record. */
  #innerCounts(): { readonly start: number; readonly end: number; readonly by: number }[] {
    const w = this.#tape.words
    const counts: { start: number; end: number; by: number }[] = []
    const records: number[] = []
    for (let i = 0; i < this.#tape.count; i++) {
      const at = i << 2
      const type = w[at]! & TYPE_MASK
      if (type === OPEN && this.#layout.scopes[w[at + 1]!]!.record) records.push(at)
      else if (type === CLOSE && this.#layout.scopes[w[at + 1]!]!.record) records.pop()
      else if (type === LEAF && (w[at]! & NUMBER) !== 0 && this.#layout.sites[w[at + 1]!]!.innerTotal === true) {
        const around = records.at(-1)
        const from = around === undefined ? -1 : w[around + 2]!
        const to = around === undefined ? this.source.length : w[(w[around + 3]! << 2) + 2]!
        const by = this.#inner.filter((start) => start > from && start < to).length
        if (by > 0) counts.push({ start: w[at + 2]!, end: w[at + 3]!, by })
      }
    }
    return counts
  }
}

function pairs(list: readonly number[]): Map<number, number> {
  const map = new Map<number, number>()
  for (let i = 0; i < list.length; i += 2) map.set(list[i]!, list[i + 1]!)
  return map
}
