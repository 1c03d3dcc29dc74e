import { oldestOn, parseDate } from '../dates.ts'
import { bindSettled, NO_PARAMS } from './marks.ts'
import type { Bound, Effects, Method } from './transform.ts'

/** HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C): a year that tells an age over 89 must go. */
export const OLDEST_SHOWN = 89

/**
 * The date cut to year or month, or null when what is left tells an age over 89 (any date does: it cannot lie before
 * the birth) or when the value is no date. Judged on what is left, so that a second run comes to the same end.
 */
export function truncateDate(value: string, precision: 'year' | 'month', today: string): string | null {
  const now = parseDate(today)
  const date = parseDate(value)
  if (now === null || date === null || (precision === 'month' && date.month === 0)) return null
  const left = { year: date.year, month: precision === 'year' ? 0 : date.month, day: 0 }
  if (oldestOn(left, now) > OLDEST_SHOWN) return null
  const y = String(left.year).padStart(4, '0')
  return precision === 'year' ? y : `${y}-${String(left.month).padStart(2, '0')}`
}

/** YYYY-MM-DD and YYYYMMDD as bytes, recent enough; all else takes the slow road. */
function yearBytes(effects: Effects): NonNullable<Bound['bytes']> {
  let day = ''
  let thisYear = Number.NaN
  return (source, start, end, target, at) => {
    const dash = end - start === 10 ? 1 : 0
    if (dash === 0 ? end - start !== 8 : source[start + 4] !== 45 || source[start + 7] !== 45) return -1
    const y = four(source, start)
    const m = two(source, start + 4 + dash)
    const d = two(source, start + 6 + 2 * dash)
    // Days 29 to 31 need a calendar.
    if (y < 0 || m < 1 || m > 12 || d < 1 || d > 28) return -1
    const today = effects.today()
    if (today !== day) {
      day = today
      thisYear = Number(today.slice(0, 4))
    }
    if (!(thisYear - y <= OLDEST_SHOWN)) return -1
    target[at] = source[start]!
    target[at + 1] = source[start + 1]!
    target[at + 2] = source[start + 2]!
    target[at + 3] = source[start + 3]!
    return at + 4
  }
}

function two(source: Uint8Array, at: number): number {
  const a = source[at]! - 48
  const b = source[at + 1]! - 48
  return a < 0 || a > 9 || b < 0 || b > 9 ? -1 : a * 10 + b
}

function four(source: Uint8Array, at: number): number {
  const a = two(source, at)
  const b = two(source, at + 2)
  return a < 0 || b < 0 ? -1 : a * 100 + b
}

export const year: Method = {
  name: 'year',
  zh: '年份',
  summary: {
    zh: '日期只留年份；推得年龄超过 89 岁者删除',
    en: 'keeps the year of a date; removed where it tells an age over 89',
  },
  kinds: ['date'],
  params: NO_PARAMS,
  idempotent: true,
  references: false,
  leaves: (level) => level * 0.4,
  prepare: (params, _element, effects) =>
    bindSettled(year, params, effects, (value) => truncateDate(value, 'year', effects.today()), yearBytes(effects)),
}
