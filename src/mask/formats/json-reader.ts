/** The reader shared by JSON, FHIR and NDJSON: limits and charset, one scan (or one a line), a document. */
import { GatewayError } from '../../base/errors.ts'
import type { Document, Limits, Reader, ReadHints } from '../plan.ts'
import { JsonScanner } from '../scan/json.ts'
import type { Graph, Seen } from '../scan/json-node.ts'
import type { Tape } from '../tape.ts'
import { type DocumentRules, JsonDocument } from './json-document.ts'
import { type Unfolded, Unfolding, type UnfoldRules } from './json-unfold.ts'
import type { LayoutBuilder } from './layout-builder.ts'

/** RFC 8259 section 8.1: JSON between systems is UTF-8; US-ASCII is part of it. */
const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

const isRead = (charset: string | null): boolean => charset === null || CHARSETS.has(charset.toLowerCase())

export class JsonReader implements Reader {
  readonly layout: LayoutBuilder
  readonly #scanner: JsonScanner
  readonly #rules: DocumentRules
  readonly #unfolding: Unfolding

  constructor(layout: LayoutBuilder, graph: Graph, rules: DocumentRules, unfold: UnfoldRules) {
    this.layout = layout
    this.#scanner = new JsonScanner(graph)
    this.#rules = rules
    this.#unfolding = new Unfolding(layout, unfold)
  }

  read(source: Buffer, tape: Tape, limits: Limits, hints: ReadHints): Document {
    if (!isRead(hints.entryCharset) || !isRead(hints.charset)) throw new GatewayError('UNSUPPORTED_CHARSET')
    if (source.length > limits.maxBytes) throw new GatewayError('BODY_TOO_LARGE')
    const { seen } = this.#scanner
    const from = tape.length
    let lines = this.#scan(source, tape, limits)
    let unfolded: Unfolded | null = null
    // What was unfolded is scanned anew: only then is known what stands in it.
    for (;;) {
      const next = this.#unfolding.further(unfolded ?? { bytes: source, layers: [], strings: 0 }, tape, from, seen)
      if (next === null) break
      unfolded = next
      tape.length = from
      lines = this.#scan(next.bytes, tape, limits)
    }
    const bytes = unfolded?.bytes ?? source
    const rows = this.#rules.lines ? lines : rowsOf(seen, this.#rules.fhir, source)
    const folds = unfolded === null ? null : { source, layers: unfolded.layers }
    // a file of lines was scanned line by line: the scanner no longer holds all of it
    const scan = this.#rules.lines ? null : { scanner: this.#scanner, generation: this.#scanner.generation }
    return new JsonDocument({ source: bytes, scan }, tape, this.layout, this.#rules, seen, rows, folds)
  }

  /** Returns the number of lines where the payload is read by the line. */
  #scan(source: Buffer, tape: Tape, limits: Limits): number {
    this.#scanner.begin()
    if (this.#rules.lines) return this.#readLines(source, tape, limits)
    this.#scanner.scan(source, 0, source.length, tape, limits)
    return 0
  }

  /** Blank lines and terminators stay as they are; a byte order mark may stand before the first line. */
  #readLines(source: Buffer, tape: Tape, limits: Limits): number {
    let lines = 0
    for (let from = 0; from < source.length; ) {
      let to = source.indexOf(0x0a, from)
      if (to < 0) to = source.length
      if (!isBlank(source, from, to)) {
        this.#scanner.scan(source, from, to, tape, limits)
        lines++
      }
      from = to + 1
    }
    return lines
  }
}

/** domain.md 5.1: matching entries of a bundle; rows of the first row path that leads to an array; else one. */
function rowsOf({ rows, lists, excluded, bundle }: Seen, fhir: boolean, source: Buffer): number {
  if (fhir) return bundle ? Math.max(0, rows[1]! - excluded.length) : 1
  for (let i = 1; i < rows.length; i++) if (rows[i]! > 0 || ((lists >> i) & 1) === 1) return rows[i]!
  return source.length > 0 ? 1 : 0
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = bytes[i]
    if (c !== 0x20 && c !== 0x09 && c !== 0x0d) return false
  }
  return true
}
