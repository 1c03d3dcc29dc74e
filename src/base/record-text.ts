/**
 * A call record as the journal and the call log keep it, in two parts: what many calls have in common (who, through
 * which interface, under which rules) is a JSON object that stands once; what one call alone has is a JSON array of
 * values in a fixed order, a third as long as an object that names them. Text that was kept as an object is read too.
 */
import type { CallRecord, MaskingCounts, OpeningLine } from './call-record.ts'

export interface RecordText {
  /** a JSON object with the fields shared by many calls; null: `own` is the whole record */
  readonly context: string | null
  /** the other fields, `v` and `id` left out */
  readonly own: string
}

/** The fields a context holds, in one place. */
export const CONTEXT_FIELDS = [
  'node',
  'institution',
  'certificate',
  'sourceIp',
  'region',
  'interface',
  'interfaceVersion',
  'provider',
  'method',
  'route',
  'user',
  'role',
  'scenario',
  'decision',
  'bundle',
  'slo',
  'uncontrolled',
] as const satisfies readonly (keyof OpeningLine)[]

export type ContextValue = Pick<OpeningLine, (typeof CONTEXT_FIELDS)[number]>

type Counts = [methods: MaskingCounts['methods'], ...numbers: number[]] | null
type Opened = [start: string, masking: Counts, requestMasking: Counts]
type Closed = [
  ...opened: Opened,
  code: string | null,
  status: number,
  upstreamStatus: number | null,
  outcome: CallRecord['outcome'],
  total: number,
  upstream: number | null,
  mask: number | null,
  bytesIn: number,
  bytesOut: number,
  rows: number | null,
]

/** Written by hand here and below, twice a call: numbers, times and words of our own need no escaping. */
export function ownOpening({ start, masking, requestMasking }: OpeningLine): string {
  return `["${start}",${counts(masking)},${counts(requestMasking)}]`
}

/** Where the record repeats its opening (nearly always) the opening's text `own` is used again. */
export function ownRecord(record: CallRecord, opening: OpeningLine | null, own: string): string {
  const { code, status, upstreamStatus, outcome, times, bytesIn, bytesOut, rows } = record
  const repeats =
    opening !== null &&
    opening.start === record.start &&
    opening.masking === record.masking &&
    opening.requestMasking === record.requestMasking
  const first = (repeats ? own : ownOpening(record)).slice(0, -1)
  return `${first},${word(code)},${status},${upstreamStatus},"${outcome}",${times.total},${times.upstream},${times.mask},${bytesIn},${bytesOut},${rows}]`
}

const word = (text: string | null): string => (text === null ? 'null' : `"${text}"`)

function counts(masking: MaskingCounts | null): string {
  if (masking === null) return 'null'
  const { methods, kept, unknown, structure, keysReplaced, recordsDropped, recordsRaised } = masking
  let times = ''
  for (const method in methods) times += `${times === '' ? '' : ','}"${method}":${methods[method]}`
  return `[{${times}},${kept},${unknown},${structure},${keysReplaced},${recordsDropped},${recordsRaised},${masking.sensitive},${masking.levelIn},${masking.levelOut}]`
}

/** Throws when it is not the text of a record. */
export function recordOf(id: string, { context, own }: RecordText): CallRecord {
  if (context === null) return JSON.parse(own) as CallRecord
  const read = JSON.parse(own) as Closed | object
  if (Array.isArray(read)) return joined(id, contextOf(context), read as Closed)
  return { v: 1, id, ...contextOf(context), ...read } as CallRecord
}

/** Throws when it is not the text of an opening. */
export function openingOf(id: string, { context, own }: RecordText): OpeningLine {
  if (context === null) return JSON.parse(own) as OpeningLine
  const read = JSON.parse(own) as Opened | object
  const named = Array.isArray(read)
    ? { start: read[0], masking: countsOf(read[1]), requestMasking: countsOf(read[2]) }
    : read
  return { v: 1, id, ...contextOf(context), ...named } as OpeningLine
}

/** contexts remembered, so that the same text is not parsed again */
const READ = 1024
const known = new Map<string, ContextValue>()

function contextOf(json: string): ContextValue {
  let value = known.get(json)
  if (value === undefined) {
    value = JSON.parse(json) as ContextValue
    if (known.size >= READ) known.clear()
    known.set(json, value)
  }
  return value
}

function countsOf(read: Counts): MaskingCounts | null {
  if (read === null) return null
  return {
    methods: read[0],
    kept: read[1]!,
    unknown: read[2]!,
    structure: read[3]!,
    keysReplaced: read[4]!,
    recordsDropped: read[5]!,
    recordsRaised: read[6]!,
    sensitive: read[7]!,
    levelIn: read[8]!,
    levelOut: read[9]!,
  }
}

/** Field by field: spreading two objects into a third costs as much as parsing them. */
function joined(id: string, context: ContextValue, own: Closed): CallRecord {
  const [start, masking, requestMasking, code, status, upstreamStatus, outcome] = own
  return {
    v: 1,
    id,
    start,
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
    code,
    status,
    upstreamStatus,
    outcome,
    times: { total: own[7], upstream: own[8], mask: own[9] },
    bytesIn: own[10],
    bytesOut: own[11],
    rows: own[12],
    masking: countsOf(masking),
    requestMasking: countsOf(requestMasking),
    bundle: context.bundle,
    slo: context.slo,
    uncontrolled: context.uncontrolled,
  }
}
