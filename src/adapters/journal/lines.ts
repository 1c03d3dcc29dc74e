/**
 * Lines inside a frame, each ended by a line feed (JSON text never holds one):
 *
 *   X<n> <JSON>         context n of this frame (context.ts), before the lines that name it
 *   O<id> <n> <JSON>    an opening, without its id and what context n says
 *   C<id> <n> <JSON>    a record, likewise
 *   C<id> <JSON>        a whole record
 *
 * The id stands in front so that an opening and its closing meet without parsing. Empty lines are padding.
 */
import { openingOf, type RecordText, recordOf } from '../../base/record-text.ts'
import type { CallRecord, OpeningLine } from '../../ports/record.ts'

export const openingLine = (id: string, context: number, own: string): string => `O${id} ${context} ${own}\n`
export const closingLine = (id: string, context: number, own: string): string => `C${id} ${context} ${own}\n`
export const wholeLine = (record: CallRecord): string => `C${record.id} ${JSON.stringify(record)}\n`

/** One opening or record as it was read. */
export class Line {
  readonly opening: boolean
  readonly id: string
  readonly text: RecordText

  constructor(opening: boolean, id: string, text: RecordText) {
    this.opening = opening
    this.id = id
    this.text = text
  }

  /** The whole of it as JSON text. */
  get json(): string {
    if (this.text.context === null) return this.text.own
    return JSON.stringify(this.opening ? this.openingLine() : this.record())
  }

  record(): CallRecord {
    return recordOf(this.id, this.text)
  }

  openingLine(): OpeningLine {
    return openingOf(this.id, this.text)
  }
}

const WHOLE = '{'

/** The openings and records of one frame. A line that names a context its frame does not have is damage: left out. */
export function readLines(text: string): Line[] {
  const lines: Line[] = []
  const contexts: string[] = []
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    if (end === start) continue
    const space = text.indexOf(' ', start)
    if (space < 0 || space > end) continue
    if (text[start] === 'X') {
      contexts[Number(text.slice(start + 1, space))] = text.slice(space + 1, end)
      continue
    }
    const opening = text[start] === 'O'
    const id = text.slice(start + 1, space)
    if (text[space + 1] === WHOLE) {
      lines.push(new Line(opening, id, { context: null, own: text.slice(space + 1, end) }))
      continue
    }
    const second = text.indexOf(' ', space + 1)
    const context = contexts[Number(text.slice(space + 1, second))]
    if (context !== undefined) lines.push(new Line(opening, id, { context, own: text.slice(second + 1, end) }))
  }
  return lines
}

/** What a call leaves that was open when its process ended: nobody knows what went out, so nothing is claimed. */
export function interruptedRecord(opening: OpeningLine): CallRecord {
  return {
    ...opening,
    code: 'INTERNAL',
    status: 0,
    upstreamStatus: null,
    outcome: 'interrupted',
    times: { total: 0, upstream: null, mask: null },
    bytesIn: 0,
    bytesOut: 0,
    rows: null,
  }
}
