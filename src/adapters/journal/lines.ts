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
import { type RecordText, wholeRecord } from '../../base/record-text.ts'
import type { CallRecord, MaskingCounts, OpeningLine } from '../../ports/record.ts'
import { type Context, type ContextValue, readContext } from './context.ts'

/** What neither the id nor the context says. */
type Own = 'start' | 'masking' | 'requestMasking'
type OwnRecord = Omit<CallRecord, 'v' | 'id' | keyof ContextValue>

export const openingLine = (id: string, context: number, own: string): string => `O${id} ${context} ${own}\n`
export const closingLine = (id: string, context: number, own: string): string => `C${id} ${context} ${own}\n`
export const wholeLine = (record: CallRecord): string => `C${record.id} ${JSON.stringify(record)}\n`

/** Written by hand here and below, twice a call: numbers, times and words of our own need no escaping. */
export function ownOpening({ start, masking, requestMasking }: OpeningLine): string {
  return `{"start":"${start}","masking":${counts(masking)},"requestMasking":${counts(requestMasking)}}`
}

const counts = (masking: MaskingCounts | null): string => (masking === null ? 'null' : JSON.stringify(masking))
const word = (text: string | null): string => (text === null ? 'null' : `"${text}"`)

/** Where the record repeats its opening (nearly always) the opening's text is used again. */
export function ownRecord(record: CallRecord, opening: OpeningLine | null, own: string): string {
  const { code, status, upstreamStatus, outcome, times, bytesIn, bytesOut, rows } = record
  const repeats =
    opening !== null &&
    opening.start === record.start &&
    opening.masking === record.masking &&
    opening.requestMasking === record.requestMasking
  return `${(repeats ? own : ownOpening(record)).slice(0, -1)},"code":${word(code)},"status":${status},"upstreamStatus":${upstreamStatus},"outcome":"${outcome}","times":{"total":${times.total},"upstream":${times.upstream},"mask":${times.mask}},"bytesIn":${bytesIn},"bytesOut":${bytesOut},"rows":${rows}}`
}

/** One opening or record as it was read. */
export class Line {
  readonly opening: boolean
  readonly id: string
  /** null: the text is whole */
  readonly #context: Context | null
  readonly #own: string

  constructor(opening: boolean, id: string, context: Context | null, own: string) {
    this.opening = opening
    this.id = id
    this.#context = context
    this.#own = own
  }

  get text(): RecordText {
    return { context: this.#context?.json ?? null, own: this.#own }
  }

  /** The whole of it as JSON text. */
  get json(): string {
    return wholeRecord(this.id, this.text)
  }

  record(): CallRecord {
    if (this.#context === null) return JSON.parse(this.#own) as CallRecord
    return joined(this.id, this.#context.value, JSON.parse(this.#own) as OwnRecord)
  }

  openingLine(): OpeningLine {
    if (this.#context === null) return this.record()
    return { v: 1, id: this.id, ...this.#context.value, ...(JSON.parse(this.#own) as Pick<OpeningLine, Own>) }
  }
}

/** Field by field: spreading two objects into a third costs as much as parsing them. */
function joined(id: string, context: ContextValue, own: OwnRecord): CallRecord {
  return {
    v: 1,
    id,
    start: own.start,
    node: context.node,
    institution: context.institution,
    certificate: context.certificate,
    sourceIp: context.sourceIp,
    region: context.region,
    interface: context.interface,
    interfaceVersion: context.interfaceVersion,
    provider: context.provider,
    method: context.method,
    route: context.route,
    user: context.user,
    role: context.role,
    scenario: context.scenario,
    decision: context.decision,
    code: own.code,
    status: own.status,
    upstreamStatus: own.upstreamStatus,
    outcome: own.outcome,
    times: own.times,
    bytesIn: own.bytesIn,
    bytesOut: own.bytesOut,
    rows: own.rows,
    masking: own.masking,
    requestMasking: own.requestMasking,
    bundle: context.bundle,
    slo: context.slo,
    uncontrolled: context.uncontrolled,
  }
}

/** The openings and records of one frame. A line that names a context its frame does not have is damage: left out. */
export function readLines(text: string): Line[] {
  const lines: Line[] = []
  const contexts: Context[] = []
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    if (end === start) continue
    const space = text.indexOf(' ', start)
    if (space < 0 || space > end) continue
    if (text[start] === 'X') {
      contexts[Number(text.slice(start + 1, space))] = readContext(text.slice(space + 1, end))
      continue
    }
    const opening = text[start] === 'O'
    const id = text.slice(start + 1, space)
    if (text[space + 1] === '{') {
      lines.push(new Line(opening, id, null, text.slice(space + 1, end)))
      continue
    }
    const second = text.indexOf(' ', space + 1)
    const context = contexts[Number(text.slice(space + 1, second))]
    if (context !== undefined) lines.push(new Line(opening, id, context, text.slice(second + 1, end)))
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
