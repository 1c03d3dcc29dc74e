/** Moving a date by days in the spelling it came in: FHIR date, dateTime, instant, HL7 v2 TS, 2026-1-5 8:05, 2026年1月5日. */
import { isReal, parseDate } from './dates.ts'
import { clean, plainDashes } from './normal.ts'

const SPELLINGS = [
  /^(\d{4})([-/.])(\d{1,2})(\2)(\d{1,2})((?:T| +).*)?$/i,
  /^(\d{4})()(\d{2})()(\d{2})([\d.]*(?:[+-]\d{4})?)?$/,
  /^(\d{4})( ?年 ?)(\d{1,2})( ?月 ?)(\d{1,2})( ?[日号])(.*)$/,
] as const

/** The parts of a text that holds a whole day, or null: a year or a month has no day to move. */
interface Spelled {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly between: readonly [string, string]
  /** 日 of 5日 */
  readonly mark: string
  /** time of day and zone as written, with what parts them from the date */
  readonly rest: string
  /** months and days of one digit are written without a zero */
  readonly short: boolean
}

function spelled(text: string): Spelled | null {
  const date = parseDate(text)
  if (date === null || date.day === 0) return null
  for (const [i, spelling] of SPELLINGS.entries()) {
    const m = spelling.exec(text)
    if (m === null) continue
    const chinese = i === 2
    return {
      ...date,
      between: [m[2]!, m[4]!],
      mark: chinese ? m[6]! : '',
      rest: (chinese ? m[7] : m[6]) ?? '',
      short: m[3]!.length === 1 || m[5]!.length === 1,
    }
  }
  return null
}

/**
 * The text with its day moved, all else as written; `clock` false leaves the time of day and the zone out. Null where
 * the text is no date of a whole day or the result leaves the years 0001 to 9999.
 */
export function shiftDate(raw: string, days: number, clock: boolean): string | null {
  const from = spelled(plainDashes(clean(raw)))
  if (from === null) return null
  const at = new Date(0)
  at.setUTCFullYear(from.year, from.month - 1, from.day + days)
  const to = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
  if (to.year > 9999 || !isReal(to)) return null
  const two = (n: number): string => String(n).padStart(from.short ? 1 : 2, '0')
  const [first, second] = from.between
  const day = `${String(to.year).padStart(4, '0')}${first}${two(to.month)}${second}${two(to.day)}${from.mark}`
  return clock ? day + from.rest : day
}
