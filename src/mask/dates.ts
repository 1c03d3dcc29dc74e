/** Calendar dates as texts: reading the spellings hospitals send, and ages on a given day. Proleptic Gregorian. */

/** month and day are 0 where the date is partial */
export interface DateParts {
  readonly year: number
  readonly month: number
  readonly day: number
}

const HOUR = '(?:[01]\\d|2[0-4])'
const SIXTY = '[0-5]\\d'
const CLOCK = `(?:[01]?\\d|2[0-4])(?::?${SIXTY}(?::?(?:${SIXTY}|60)(?:[.,]\\d{1,9})?)?)?`
const ISO = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?:(?:T| +)${CLOCK} ?(?:Z|[+-]\\d{2}:?\\d{2})?)?$`, 'i')
const MONTH = /^(\d{4})[-/.](\d{1,2})$/
/** HL7 v2 DT, DTM and TS: YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ], HL7 v2 chapter 2A */
const HL7 = new RegExp(
  `^(\\d{4})(?:(\\d{2})(?:(\\d{2})(?:${HOUR}(?:${SIXTY}(?:(?:${SIXTY}|60)(?:\\.\\d{1,4})?)?)?)?)?)?(?:[+-]\\d{4})?$`,
)
const CHINESE = new RegExp(
  `^(\\d{4}) ?年(?: ?(\\d{1,2}) ?月(?: ?(\\d{1,2}) ?[日号](?: ?(?:[01]?\\d|2[0-4])(?:[:时点](?:${SIXTY}[:分]?(?:${SIXTY}秒?)?)?)?)?)?)?$`,
)

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Is it a day of the calendar? Partial dates (month or day 0) are judged by what they hold. */
export function isReal({ year, month, day }: DateParts): boolean {
  if (year < 1 || month < 0 || month > 12 || (month === 0 && day !== 0)) return false
  if (day === 0) return true
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return day > 0 && day <= (month === 2 && leap ? 29 : LENGTHS[month - 1]!)
}

/** Reads one date out of a normalised text, or null when it is none. Times and zones are read over. */
export function parseDate(text: string): DateParts | null {
  if (text.length === 10 || text.length === 19) {
    const plain = plainDate(text)
    if (plain !== null) return isReal(plain) ? plain : null
  }
  const m = ISO.exec(text)
  if (m !== null) return real(m[1], m[3], m[4])
  const part = MONTH.exec(text) ?? HL7.exec(text) ?? CHINESE.exec(text)
  return part === null ? null : real(part[1], part[2], part[3])
}

/** YYYY-MM-DD, with or without a blank and HH:MM:SS of a day of 24 hours: the commonest spellings need no pattern. */
function plainDate(text: string): DateParts | null {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return null
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  if (!(year >= 0 && month > 0 && day > 0)) return null
  if (text.length === 10) return { year, month, day }
  if (text.charCodeAt(10) !== 32 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return null
  return two(text, 11) < 24 && two(text, 14) < 60 && two(text, 17) < 60 ? { year, month, day } : null
}

/** The number of two digits; NaN = they are none. */
function two(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48
  const b = text.charCodeAt(at + 1) - 48
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : Number.NaN
}

function real(year: string | undefined, month: string | undefined, day: string | undefined): DateParts | null {
  if ((month !== undefined && Number(month) === 0) || (day !== undefined && Number(day) === 0)) return null
  const parts = { year: Number(year), month: Number(month ?? 0), day: Number(day ?? 0) }
  return isReal(parts) ? parts : null
}

/** YYYY-MM-DD, YYYY-MM or YYYY. */
export function formatDate({ year, month, day }: DateParts): string {
  const y = String(year).padStart(4, '0')
  if (month === 0) return y
  const ym = `${y}-${String(month).padStart(2, '0')}`
  return day === 0 ? ym : `${ym}-${String(day).padStart(2, '0')}`
}

/** Completed years on `today`. Missing month and day count as the last of their span: the youngest the person can be. */
export function ageOn(birth: DateParts, today: DateParts): number {
  return yearsBetween(birth.year, birth.month || 12, birth.day || 31, today)
}

/** As {@link ageOn}, with missing parts as the first of their span: the oldest the person can be. */
export function oldestOn(birth: DateParts, today: DateParts): number {
  return yearsBetween(birth.year, birth.month || 1, birth.day || 1, today)
}

function yearsBetween(year: number, month: number, day: number, today: DateParts): number {
  const before = today.month < month || (today.month === month && today.day < day)
  return today.year - year - (before ? 1 : 0)
}
