/** RFC 4180 with places: quoted fields, doubled quotes, line breaks in quotes; CRLF or LF. A BOM at the start is read over. */

import type { Say } from '../../base/fields.ts'
import type { Position, ProblemList } from '../../base/problem.ts'

export interface Cell {
  readonly text: string
  readonly at: Position
}

/** One row. Places are made when asked for: a dictionary of 100,000 rows has two million cells. */
export class Row {
  readonly file: string
  readonly texts: readonly string[]
  /** line and column of each cell, one after the other */
  readonly #places: readonly number[]

  constructor(file: string, texts: readonly string[], places: readonly number[]) {
    this.file = file
    this.texts = texts
    this.#places = places
  }

  get length(): number {
    return this.texts.length
  }

  text(i: number): string {
    return this.texts[i] ?? ''
  }

  at(i: number): Position {
    return { file: this.file, line: this.#places[2 * i]!, col: this.#places[2 * i + 1]! }
  }

  cell(i: number): Cell {
    return { text: this.text(i), at: this.at(i) }
  }
}

/** Tells a problem of the file's form; the language of the file is not known before its header is read. */
export type CsvProblem = (at: Position, code: string, message: Say, expected: Say) => void

const QUOTE_INSIDE = { zh: '未加引号的单元格中出现引号', en: 'a quote stands inside a field that is not quoted' }
const QUOTE_WHOLE = {
  zh: '整个单元格加引号，内部引号写两次，如 "所谓""癌"""',
  en: 'the whole field in quotes, its quotes doubled, such as "so-called ""CA"""',
}
const QUOTE_OPEN = { zh: '此处开始的引号没有结束', en: 'the quote that opens here is never closed' }
const QUOTE_CLOSING = {
  zh: '单元格末尾的结束引号，如 "癌症"，或都不加引号',
  en: 'a closing quote at the end of the field, such as "癌症", or none at all',
}
const QUOTE_AFTER = { zh: '结束引号之后还有文字', en: 'text follows a closing quote' }
const TOO_WIDE = { zh: '这一行的单元格太多', en: 'this row has too many fields' }
const WIDTH = { zh: '至多 256 个，用半角逗号分开', en: 'at most 256, parted by commas' }
const QUOTE_END = { zh: '逗号或行尾', en: 'a comma or the end of the line' }

const MAX_COLUMNS = 256
/** Nobody mends more at once, and a file of quotes would make one of every byte: the rest is not read. */
const MAX_PROBLEMS = 100

/**
 * All rows but blank lines. Problems: `csv-quote` for a quote where none may stand, `csv-open-quote` for one never
 * closed, `csv-columns` for a row no table has.
 */
export const parseCsv = (file: string, source: string, problems: ProblemList): Row[] => [
  ...csvRows(file, source, (at, code, message, expected) => problems.error(at, code, message.en, expected.en)),
]

/** The same, row by row. */
export function csvRows(file: string, source: string, problem: CsvProblem): Generator<Row, void> {
  return new Scanner(file, source, problem).rows()
}

class Scanner {
  readonly #file: string
  readonly #source: string
  readonly #problem: CsvProblem
  #i = 0
  #line = 1
  #told = 0
  // the column is counted on from the place asked for last
  #mark = 0
  #col = 1

  constructor(file: string, source: string, problem: CsvProblem) {
    this.#file = file
    this.#source = source
    this.#problem = problem
    if (source.charCodeAt(0) === 0xfeff) this.#i = this.#mark = 1
  }

  *rows(): Generator<Row, void> {
    while (this.#i < this.#source.length && this.#told < MAX_PROBLEMS) {
      const row = this.#row()
      if (row.length > 1 || row.texts[0] !== '') yield row
    }
  }

  #tell(at: Position, code: string, message: Say, expected: Say): void {
    this.#told++
    this.#problem(at, code, message, expected)
  }

  #at(): Position {
    for (; this.#mark < this.#i; this.#mark++) {
      const c = this.#source.charCodeAt(this.#mark)
      if (c < 0xdc00 || c > 0xdfff) this.#col++
    }
    return { file: this.#file, line: this.#line, col: this.#col }
  }

  #row(): Row {
    const texts: string[] = []
    const places: number[] = []
    for (;;) {
      const at = this.#at()
      places.push(at.line, at.col)
      texts.push(this.#source.charCodeAt(this.#i) === 0x22 ? this.#quoted(at) : this.#bare())
      const next = this.#source[this.#i]
      if (next === ',') {
        this.#i++
        if (texts.length < MAX_COLUMNS) continue
        this.#tell(at, 'csv-columns', TOO_WIDE, WIDTH)
        this.#i = this.#source.length
      }
      if (next === '\r' && this.#source[this.#i + 1] === '\n') this.#i++
      if (this.#i < this.#source.length) this.#newLine()
      return new Row(this.#file, texts, places)
    }
  }

  #newLine(): void {
    this.#i++
    this.#line++
    this.#mark = this.#i
    this.#col = 1
  }

  #bare(): string {
    const from = this.#i
    let quoted = false
    for (; this.#i < this.#source.length; this.#i++) {
      const c = this.#source.charCodeAt(this.#i)
      if (c === 0x2c || c === 0x0a || (c === 0x0d && this.#source.charCodeAt(this.#i + 1) === 0x0a)) break
      if (c !== 0x22 || quoted) continue
      quoted = true
      this.#tell(this.#at(), 'csv-quote', QUOTE_INSIDE, QUOTE_WHOLE)
    }
    return this.#source.slice(from, this.#i)
  }

  #quoted(at: Position): string {
    let text = ''
    this.#i++
    let from = this.#i
    for (; this.#i < this.#source.length; ) {
      const c = this.#source.charCodeAt(this.#i)
      if (c === 0x22) {
        text += this.#source.slice(from, this.#i)
        if (this.#source.charCodeAt(this.#i + 1) !== 0x22) {
          this.#i++
          this.#afterQuote()
          return text
        }
        this.#i++
        from = this.#i
      }
      if (c === 0x0a) this.#newLine()
      else this.#i++
    }
    this.#tell(at, 'csv-open-quote', QUOTE_OPEN, QUOTE_CLOSING)
    return text + this.#source.slice(from, this.#i)
  }

  #afterQuote(): void {
    const place = this.#at()
    const from = this.#i
    while (
      this.#i < this.#source.length &&
      !/[,\n]/.test(this.#source[this.#i]!) &&
      !this.#source.startsWith('\r\n', this.#i)
    )
      this.#i++
    if (this.#i > from) this.#tell(place, 'csv-quote', QUOTE_AFTER, QUOTE_END)
  }
}
