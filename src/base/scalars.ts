/** Scalars as people write them in configuration: sizes, durations, dates. Each returns null when the text is none. */

const SIZE = /^(\d{1,15})\s*(B|KiB|MiB|GiB)?$/
const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** `8MiB` to bytes; B, KiB, MiB, GiB or a bare number of bytes. */
export function parseSize(text: string): number | null {
  const m = SIZE.exec(text.trim())
  if (m === null) return null
  const bytes = Number(m[1]) * SIZE_UNITS[m[2] ?? 'B']!
  return Number.isSafeInteger(bytes) ? bytes : null
}

const DURATION = /^(\d{1,12})\s*(ms|s|m|h|d)$/
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms`, `30s`, `5m`, `1h`, `7d` to milliseconds. */
export function parseDuration(text: string): number | null {
  const m = DURATION.exec(text.trim())
  if (m === null) return null
  const ms = Number(m[1]) * DURATION_UNITS[m[2]!]!
  return Number.isSafeInteger(ms) ? ms : null
}

/** A calendar date YYYY-MM-DD that exists (proleptic Gregorian), or null. */
export function parseDate(text: string): string | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (m === null) return null
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])]
  if (month < 1 || month > 12 || day < 1) return null
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= days[month - 1]! ? text : null
}
