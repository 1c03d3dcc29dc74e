/**
 * The sum of one hour, consumer, interface and scenario: everything the report adds up. Sums are kept beside the records,
 * so a report of a year reads thousands of them and not millions of calls. All sums are whole numbers: the order of
 * calls does not change a figure.
 */
import type { CallRecord } from '../base/call-record.ts'
import { addUp, count, type Histogram } from './histogram.ts'

export const HOUR = 3_600_000

export interface ErrorCount {
  count: number
  /** ms since 1970, of the first and the last such call */
  first: number
  last: number
  /** record id of the last one */
  sample: string
}

export interface HourSum {
  /** start of the hour, ms since 1970 */
  readonly hour: number
  readonly institution: string | null
  readonly provider: string | null
  readonly interface: string | null
  readonly scenario: string | null
  calls: number
  allowed: number
  denied: number
  failed: number
  interrupted: number
  delivered: number
  /** rows of delivered replies, where known */
  rows: number
  /** delivered calls whose rows are not known */
  rowsUnknown: number
  /** of `delivered` and `rows`: those under control */
  deliveredControlled: number
  rowsControlled: number
  /** leaves of level 3 and above that were read, and of these the ones under a decision */
  sensitive: number
  sensitiveControlled: number
  /** denied calls by exact code */
  readonly denials: Record<string, number>
  /** by `status code`, the code empty where the provider system answered with an error of its own */
  readonly errors: Record<string, ErrorCount>
  /** answered calls: delivered, or failed at the provider system */
  timed: number
  /** microseconds */
  timeSum: number
  upstreamSum: number
  /** milliseconds, and the call it belongs to */
  timeMax: number
  slowest: string | null
  timeouts: number
  readonly times: Histogram
  /** microseconds, of denied calls */
  deniedTimeSum: number
}

export const sumKey = (sum: Pick<HourSum, 'institution' | 'provider' | 'interface' | 'scenario'>): string =>
  JSON.stringify([sum.institution, sum.provider, sum.interface, sum.scenario])

/** The same without making the key. */
export const isOf = (sum: HourSum, record: CallRecord): boolean =>
  sum.interface === record.interface &&
  sum.institution === record.institution &&
  sum.provider === record.provider &&
  sum.scenario === record.scenario

/** The hour a moment lies in, both ms since 1970. */
export const hourAt = (ms: number): number => Math.floor(ms / HOUR) * HOUR

export function emptySum(of: Pick<HourSum, 'hour' | 'institution' | 'provider' | 'interface' | 'scenario'>): HourSum {
  const { hour, institution, provider, interface: id, scenario } = of
  return {
    hour,
    institution,
    provider,
    interface: id,
    scenario,
    calls: 0,
    allowed: 0,
    denied: 0,
    failed: 0,
    interrupted: 0,
    delivered: 0,
    rows: 0,
    rowsUnknown: 0,
    deliveredControlled: 0,
    rowsControlled: 0,
    sensitive: 0,
    sensitiveControlled: 0,
    denials: {},
    errors: {},
    timed: 0,
    timeSum: 0,
    upstreamSum: 0,
    timeMax: 0,
    slowest: null,
    timeouts: 0,
    times: {},
    deniedTimeSum: 0,
  }
}

/** Adds one call to its sum. The caller sees to it that a record is added once. */
export function tally(sum: HourSum, record: CallRecord): void {
  sum.calls++
  if (record.outcome === 'interrupted') sum.interrupted++
  else if (record.decision === 'allow') sum.allowed++
  else if (record.decision === 'deny') sum.denied++
  else sum.failed++
  if (record.decision === 'allow' && record.outcome === 'delivered') tallyDelivered(sum, record)
  if (record.decision === 'deny') {
    sum.deniedTimeSum += micro(record.times.total)
    const code = record.code ?? ''
    sum.denials[code] = (sum.denials[code] ?? 0) + 1
  }
  if (isTimed(record)) tallyTimes(sum, record)
  if (record.code !== null || record.status >= 400) tallyError(sum, record)
}

function tallyDelivered(sum: HourSum, record: CallRecord): void {
  const controlled = !record.uncontrolled
  sum.delivered++
  if (controlled) sum.deliveredControlled++
  if (record.rows === null) sum.rowsUnknown++
  else {
    sum.rows += record.rows
    if (controlled) sum.rowsControlled += record.rows
  }
  const sensitive = (record.masking?.sensitive ?? 0) + (record.requestMasking?.sensitive ?? 0)
  sum.sensitive += sensitive
  if (controlled) sum.sensitiveControlled += sensitive
}

/** Refusals take no time worth averaging; a call that failed at the provider system took the time it took. */
const isTimed = (record: CallRecord): boolean =>
  record.outcome !== 'interrupted' &&
  ((record.decision === 'allow' && record.outcome === 'delivered') || record.code?.startsWith('UPSTREAM_') === true)

function tallyTimes(sum: HourSum, record: CallRecord): void {
  const { total, upstream } = record.times
  sum.timed++
  sum.timeSum += micro(total)
  sum.upstreamSum += micro(upstream ?? 0)
  count(sum.times, total)
  if (record.code === 'UPSTREAM_TIMEOUT') sum.timeouts++
  if (sum.slowest === null || total > sum.timeMax || (total === sum.timeMax && record.id < sum.slowest)) {
    sum.timeMax = total
    sum.slowest = record.id
  }
}

function tallyError(sum: HourSum, record: CallRecord): void {
  const key = `${record.status} ${record.code ?? ''}`
  const at = Date.parse(record.start)
  const known = sum.errors[key]
  if (known === undefined) {
    sum.errors[key] = { count: 1, first: at, last: at, sample: record.id }
    return
  }
  mergeError(known, { count: 1, first: at, last: at, sample: record.id })
}

function mergeError(into: ErrorCount, from: ErrorCount): void {
  into.count += from.count
  into.first = Math.min(into.first, from.first)
  if (from.last > into.last || (from.last === into.last && from.sample > into.sample)) {
    into.last = from.last
    into.sample = from.sample
  }
}

const SUMS = [
  'calls',
  'allowed',
  'denied',
  'failed',
  'interrupted',
  'delivered',
  'rows',
  'rowsUnknown',
  'deliveredControlled',
  'rowsControlled',
  'sensitive',
  'sensitiveControlled',
  'timed',
  'timeSum',
  'upstreamSum',
  'timeouts',
  'deniedTimeSum',
] as const satisfies readonly (keyof HourSum)[]

/** Adds a sum to another; names and hour of `into` stay. */
export function mergeSum(into: HourSum, from: HourSum): void {
  for (const key of SUMS) into[key] += from[key]
  for (const [key, error] of Object.entries(from.errors)) {
    const known = into.errors[key]
    if (known === undefined) into.errors[key] = { ...error }
    else mergeError(known, error)
  }
  addUp(into.times, from.times)
  addUp(into.denials, from.denials)
  if (from.slowest === null) return
  if (
    into.slowest === null ||
    from.timeMax > into.timeMax ||
    (from.timeMax === into.timeMax && from.slowest < into.slowest)
  ) {
    into.timeMax = from.timeMax
    into.slowest = from.slowest
  }
}

/** Sums of any number of records, one per hour, consumer, interface and scenario. */
export function sumsOf(records: Iterable<CallRecord>): HourSum[] {
  const sums = new Map<string, HourSum>()
  for (const record of records) {
    const hour = hourAt(Date.parse(record.start))
    const key = `${hour} ${sumKey(record)}`
    let sum = sums.get(key)
    if (sum === undefined) {
      sum = emptySum({ ...record, hour })
      sums.set(key, sum)
    }
    tally(sum, record)
  }
  return [...sums.values()]
}

const micro = (ms: number): number => Math.round(ms * 1000)
