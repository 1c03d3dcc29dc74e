/**
 * The figures of the interface report (接口检测报告) out of sums. Definitions:
 *
 * - calls: all records of the period; `byOthers` counts those whose consumer is not the provider's own institution
 * - rows: rows of delivered replies; calls whose rows are not known are counted apart
 * - interceptions: calls refused by the token's permission (TOKEN_PERMISSION); the other codes stand beside
 * - response times: delivered calls and calls that failed at the provider system (timeouts at their limit); refused
 *   calls are left out and their mean is given apart; percentiles by nearest rank on a histogram (1.6 % wide buckets)
 * - control rate by rows (the headline): rows delivered under control / rows delivered, where control means that every
 *   sensitive element was under a decision; by calls the same of delivered calls; by fields of leaves that were read
 */

import { percentile } from './histogram.ts'
import { emptySum, type HourSum, mergeSum } from './hour-sum.ts'
import { type Period, wallTime } from './period.ts'

export interface Figures {
  readonly v: 1
  readonly period: { readonly from: string; readonly to: string; readonly zone: string }
  readonly calls: CallFigures
  readonly rows: { readonly delivered: number; readonly unknownCalls: number }
  readonly denied: { readonly interceptions: number; readonly byCode: readonly CodeFigure[] }
  readonly errors: readonly ErrorFigure[]
  readonly times: TimeFigures
  readonly control: ControlFigures
  readonly interfaces: readonly InterfaceFigures[]
  readonly institutions: readonly InstitutionFigures[]
  /** 24 local hours of the day */
  readonly hours: readonly HourFigure[]
}

export interface CallFigures {
  readonly total: number
  readonly byOthers: number
  readonly allowed: number
  readonly denied: number
  readonly failed: number
  readonly interrupted: number
  readonly delivered: number
}
export interface CodeFigure {
  readonly code: string
  readonly count: number
}
export interface ErrorFigure {
  readonly status: number
  /** null: the provider system's own error status */
  readonly code: string | null
  readonly count: number
  /** of all calls */
  readonly share: number
  readonly first: string
  readonly last: string
  /** who met it most, at most three */
  readonly institutions: readonly string[]
  /** record id of the last one */
  readonly sample: string
}
/** milliseconds; null without a timed call */
export interface TimeFigures {
  readonly count: number
  readonly mean: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
  readonly slowest: { readonly id: string; readonly interface: string | null } | null
  readonly timeouts: number
  /** mean shares of provider system and gateway */
  readonly upstreamMean: number | null
  readonly gatewayMean: number | null
  readonly deniedMean: number | null
}
/** shares from 0 to 1; null where there is nothing to divide by */
export interface ControlFigures {
  readonly rowRate: number | null
  readonly callRate: number | null
  readonly fieldRate: number | null
  readonly rowsControlled: number
  readonly callsControlled: number
  /** where data left without control */
  readonly uncontrolled: readonly { readonly interface: string | null; readonly calls: number; readonly rows: number }[]
}
export interface InterfaceFigures {
  readonly interface: string | null
  readonly provider: string | null
  readonly calls: number
  readonly allowed: number
  readonly denied: number
  readonly failed: number
  readonly rows: number
  readonly mean: number | null
  readonly p95: number | null
  readonly max: number | null
  readonly rowRate: number | null
}
export interface InstitutionFigures {
  readonly institution: string | null
  readonly calls: number
  readonly denied: number
  readonly rows: number
}
export interface HourFigure {
  readonly hour: number
  readonly calls: number
  readonly denied: number
}

/** Figures of the sums given; the caller picked those of the period. */
export function figuresOf(sums: readonly HourSum[], period: Period): Figures {
  const all = totalOf(sums)
  return {
    v: 1,
    period: { from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString(), zone: period.zone },
    calls: {
      total: all.calls,
      byOthers: sums.reduce((n, c) => (c.institution !== c.provider ? n + c.calls : n), 0),
      allowed: all.allowed,
      denied: all.denied,
      failed: all.failed,
      interrupted: all.interrupted,
      delivered: all.delivered,
    },
    rows: { delivered: all.rows, unknownCalls: all.rowsUnknown },
    denied: deniedFigures(all),
    errors: errorFigures(all, sums),
    times: timeFigures(all, sums),
    control: controlFigures(all, sums),
    interfaces: interfaceFigures(sums),
    institutions: institutionFigures(sums),
    hours: hourFigures(sums, period.zone),
  }
}

const NOBODY = { hour: 0, institution: null, provider: null, interface: null, scenario: null }

function totalOf(sums: readonly HourSum[]): HourSum {
  const all = emptySum(NOBODY)
  for (const sum of sums) mergeSum(all, sum)
  return all
}

function deniedFigures(all: HourSum): Figures['denied'] {
  return {
    interceptions: all.denials.TOKEN_PERMISSION ?? 0,
    byCode: Object.entries(all.denials)
      .map(([code, count]) => ({ code, count }))
      .sort(byCountThen((c) => c.code)),
  }
}

function errorFigures(all: HourSum, sums: readonly HourSum[]): ErrorFigure[] {
  return Object.entries(all.errors)
    .map(([key, { count, first, last, sample }]) => {
      const space = key.indexOf(' ')
      return {
        status: Number(key.slice(0, space)),
        code: key.slice(space + 1) || null,
        count,
        share: round(count / all.calls, 6),
        first: new Date(first).toISOString(),
        last: new Date(last).toISOString(),
        institutions: topInstitutions(sums, key),
        sample,
      }
    })
    .sort(byCountThen((e) => `${e.status} ${e.code ?? ''}`))
}

function topInstitutions(sums: readonly HourSum[], key: string): string[] {
  const counts = new Map<string, number>()
  for (const { institution, errors } of sums) {
    const n = errors[key]?.count ?? 0
    if (n > 0 && institution !== null) counts.set(institution, (counts.get(institution) ?? 0) + n)
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort(byCountThen((i) => i.name))
    .slice(0, 3)
    .map((i) => i.name)
}

function timeFigures(all: HourSum, sums: readonly HourSum[]): TimeFigures {
  const at = (p: number) => percentile(all.times, p, all.timeMax)
  const slowest = sums.find((c) => c.slowest !== null && c.slowest === all.slowest)
  return {
    count: all.timed,
    mean: ratio(all.timeSum / 1000, all.timed, 3),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: all.timed === 0 ? null : all.timeMax,
    slowest: all.slowest === null ? null : { id: all.slowest, interface: slowest?.interface ?? null },
    timeouts: all.timeouts,
    upstreamMean: ratio(all.upstreamSum / 1000, all.timed, 3),
    gatewayMean: ratio((all.timeSum - all.upstreamSum) / 1000, all.timed, 3),
    deniedMean: ratio(all.deniedTimeSum / 1000, all.denied, 3),
  }
}

function controlFigures(all: HourSum, sums: readonly HourSum[]): ControlFigures {
  const loose = grouped(
    sums.filter((c) => c.delivered > c.deliveredControlled),
    (c) => c.interface,
  )
  return {
    rowRate: ratio(all.rowsControlled, all.rows, 6),
    callRate: ratio(all.deliveredControlled, all.delivered, 6),
    fieldRate: ratio(all.sensitiveControlled, all.sensitive, 6),
    rowsControlled: all.rowsControlled,
    callsControlled: all.deliveredControlled,
    uncontrolled: loose
      .map(([id, c]) => ({
        interface: id,
        calls: c.delivered - c.deliveredControlled,
        rows: c.rows - c.rowsControlled,
      }))
      .sort((a, b) => b.calls - a.calls),
  }
}

function interfaceFigures(sums: readonly HourSum[]): InterfaceFigures[] {
  return grouped(sums, (c) => JSON.stringify([c.interface, c.provider]))
    .map(([key, c]) => {
      const [id, provider] = JSON.parse(key ?? '[]') as [string | null, string | null]
      return {
        interface: id,
        provider,
        calls: c.calls,
        allowed: c.allowed,
        denied: c.denied,
        failed: c.failed,
        rows: c.rows,
        mean: ratio(c.timeSum / 1000, c.timed, 3),
        p95: percentile(c.times, 0.95, c.timeMax),
        max: c.timed === 0 ? null : c.timeMax,
        rowRate: ratio(c.rowsControlled, c.rows, 6),
      }
    })
    .sort((a, b) => b.calls - a.calls || order(a.interface ?? '', b.interface ?? ''))
}

function institutionFigures(sums: readonly HourSum[]): InstitutionFigures[] {
  return grouped(sums, (c) => c.institution)
    .map(([institution, c]) => ({ institution, calls: c.calls, denied: c.denied, rows: c.rows }))
    .sort((a, b) => b.calls - a.calls || order(a.institution ?? '', b.institution ?? ''))
}

function hourFigures(sums: readonly HourSum[], zone: string): HourFigure[] {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, calls: 0, denied: 0 }))
  const local = new Map<number, number>()
  for (const sum of sums) {
    let hour = local.get(sum.hour)
    if (hour === undefined) {
      hour = wallTime(sum.hour, zone).hour
      local.set(sum.hour, hour)
    }
    const slot = hours[hour]!
    slot.calls += sum.calls
    slot.denied += sum.denied
  }
  return hours
}

function grouped(sums: readonly HourSum[], by: (sum: HourSum) => string | null): [string | null, HourSum][] {
  return [...Map.groupBy(sums, by)].map(([key, group]) => [key, totalOf(group)])
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function byCountThen<T extends { readonly count: number }>(name: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => b.count - a.count || order(name(a), name(b))
}

function ratio(part: number, whole: number, digits: number): number | null {
  return whole === 0 ? null : round(part / whole, digits)
}

const round = (n: number, digits: number): number => Number(n.toFixed(digits))
