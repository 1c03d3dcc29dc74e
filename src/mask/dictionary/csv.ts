/** RFC 4180 with places: quoted fields, doubled quotes, line breaks in quotes; CRLF or LF. A BOM at the start is read over. */
import type { Position, ProblemList } from '../../base/problem.ts'

export interface Cell {
  readonly text: string
  readonly at: Position
}

export type Row = readonly Cell[]

/** All rows but blank lines. Problems: `csv-quote` for a quote where none may stand, `csv-open-quote` for one never closed. */
export function parseCsv(file: string, source: string, problems: ProblemList): Row[] {
  return new Scanner(file, source, problems).rows()
}

class Scanner {
  readonly #file: string
  readonly #source: string
  readonly #problems: ProblemList
  #i = 0
  #line = 1
  #lineStart = 0

  constructor(file: string, source: string, problems: ProblemList) {
    this.#file = file
    this.#source = source
    this.#problems = problems
    if (source.charCodeAt(0) === 0xfeff) this.#i = this.#lineStart = 1
  }

  rows(): Row[] {
    const rows: Row[] = []
    while (this.#i < this.#source.length) {
      const row = this.#row()
      if (row.length > 1 || row[0]!.text !== '') rows.push(row)
    }
    return rows
  }

  #at(): Position {
    return {
      file: this.#file,
      line: this.#line,
      col: Array.from(this.#source.slice(this.#lineStart, this.#i)).length + 1,
    }
  }

  #row(): Row {
    const cells: Cell[] = []
    for (;;) {
      const at = this.#at()
      cells.push({ text: this.#source[this.#i] === '"' ? this.#quoted(at) : this.#bare(), at })
      const next = this.#source[this.#i]
      if (next === ',') {
        this.#i++
        continue
      }
      if (next === '\r' && this.#source[this.#i + 1] === '\n') this.#i++
      if (this.#i < this.#source.length) this.#newLine()
      return cells
    }
  }

  #newLine(): void {
    this.#i++
    this.#line++
    this.#lineStart = this.#i
  }

  #bare(): string {
    const from = this.#i
    for (; this.#i < this.#source.length; this.#i++) {
      const c = this.#source[this.#i]!
      if (c === ',' || c === '\n' || (c === '\r' && this.#source[this.#i + 1] === '\n')) break
      if (c === '"')
        this.#problems.error(
          this.#at(),
          'csv-quote',
          'a quote stands inside a field that is not quoted',
          'the whole field in quotes, its quotes doubled',
        )
    }
    return this.#source.slice(from, this.#i)
  }

  #quoted(at: Position): string {
    let text = ''
    this.#i++
    for (; this.#i < this.#source.length; ) {
      const c = this.#source[this.#i]!
      if (c === '"') {
        if (this.#source[this.#i + 1] !== '"') {
          this.#i++
          this.#afterQuote()
          return text
        }
        this.#i++
      }
      text += c
      if (c === '\n') this.#newLine()
      else this.#i++
    }
    this.#problems.error(at, 'csv-open-quote', 'the quote that opens here is never closed', 'a closing quote')
    return text
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
    if (this.#i > from)
      this.#problems.error(place, 'csv-quote', 'text follows a closing quote', 'a comma or the end of the line')
  }
}
