/** Groups and exact statistics over numbers that come as texts; cells under the smallest size stay empty. */

import type { Statistic } from './aggregate-spec.ts'
import { atScale, type Decimal, divideRounded, formatDecimal } from './decimal.ts'

/** One number and whose it is; null = nobody is named */
export interface Contribution {
  readonly value: Decimal
  readonly owner: string | null
}

/** Persons, each once; all who are not named count as one, so that they never make a group large enough alone. */
export function personsIn(owners: readonly (string | null)[]): number {
  return new Set(owners).size
}

/** Sum, mean, min or max as a text; the mean has two places more than the finest value. */
export function statisticOf(as: Exclude<Statistic, 'group' | 'count'>, values: readonly Decimal[]): string {
  const scale = Math.max(0, ...values.map((v) => v.scale))
  const units = values.map((v) => atScale(v, scale).units)
  if (as === 'min') return formatDecimal({ units: units.reduce((a, b) => (b < a ? b : a)), scale })
  if (as === 'max') return formatDecimal({ units: units.reduce((a, b) => (b > a ? b : a)), scale })
  const sum = units.reduce((a, b) => a + b, 0n)
  if (as === 'sum') return formatDecimal({ units: sum, scale })
  return formatDecimal({ units: divideRounded(sum * 100n, BigInt(units.length)), scale: scale + 2 })
}

/**
 * Which groups may be given out: those of at least k. Where what is held back is itself smaller than k, the whole of a
 * list known from elsewhere would tell it, so the smallest group goes too (complementary suppression).
 */
export function groupsShown<G extends { readonly size: number }>(groups: readonly G[], k: number): ReadonlySet<G> {
  const shown = new Set(groups.filter((g) => g.size >= k))
  let held = groups.reduce((n, g) => (shown.has(g) ? n : n + g.size), 0)
  while (held > 0 && held < k && shown.size > 0) {
    const smallest = [...shown].reduce((a, b) => (b.size < a.size ? b : a))
    shown.delete(smallest)
    held += smallest.size
  }
  return shown
}
