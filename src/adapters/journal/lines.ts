/**
 * Lines inside a frame: `O<id> <opening as JSON>` and `C<id> <record as JSON>`, each ended by a line feed (JSON text
 * never holds one). The id stands in front so that an opening and its closing meet without parsing. Empty lines are
 * padding.
 */
import type { CallRecord, OpeningLine } from '../../ports/record.ts'

/** The fields an opening and its record share, in one place. The compiler holds both lists to the contract. */
const OPENING = {
  v: 0,
  id: 0,
  start: 0,
  node: 0,
  institution: 0,
  certificate: 0,
  sourceIp: 0,
  region: 0,
  interface: 0,
  interfaceVersion: 0,
  provider: 0,
  method: 0,
  route: 0,
  user: 0,
  role: 0,
  scenario: 0,
  decision: 0,
  masking: 0,
  requestMasking: 0,
  bundle: 0,
  slo: 0,
  uncontrolled: 0,
} as const satisfies Record<keyof OpeningLine, 0>
const SHARED = Object.keys(OPENING) as (keyof OpeningLine)[]

export const openingLine = (id: string, json: string): string => `O${id} ${json}\n`
export const closingLine = (id: string, json: string): string => `C${id} ${json}\n`

/**
 * The record as JSON. Where it repeats the opening field by field (nearly always), the opening's text is used again and
 * only the rest is written out: that halves the cost of a call's second line.
 */
export function recordJson(record: CallRecord, opening: OpeningLine, openingJson: string): string {
  for (const key of SHARED) if (record[key] !== opening[key]) return JSON.stringify(record)
  const { code, status, upstreamStatus, outcome, times, bytesIn, bytesOut, rows } = record
  const rest: Omit<CallRecord, keyof OpeningLine> = {
    code,
    status,
    upstreamStatus,
    outcome,
    times,
    bytesIn,
    bytesOut,
    rows,
  }
  return `${openingJson.slice(0, -1)},${JSON.stringify(rest).slice(1)}`
}

export interface Line {
  readonly opening: boolean
  readonly id: string
  readonly json: string
}

export function readLines(text: string): Line[] {
  const lines: Line[] = []
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    if (end === start) continue
    const space = text.indexOf(' ', start)
    if (space < 0 || space > end) continue
    lines.push({
      opening: text[start] === 'O',
      id: text.slice(start + 1, space),
      json: text.slice(space + 1, end),
    })
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
