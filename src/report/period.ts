/** Periods `[from, to)` as people write them, in a named zone (IANA), never the machine's. */

export interface Period {
  /** ms since 1970; from is in, to is out */
  readonly from: number
  readonly to: number
  readonly zone: string
}

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/
const ABSOLUTE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * `2027-03-01`, `2027-03-01T08:30[:00]` (both in the zone) or RFC 3339 with an offset, to ms since 1970; null when the
 * text is none of these or names no moment (a time the clock skips). A time that occurs twice is the earlier one.
 */
export function parseMoment(text: string, zone: string): number | null {
  if (ABSOLUTE.test(text)) {
    const at = Date.parse(text)
    return Number.isNaN(at) ? null : at
  }
  const m = LOCAL.exec(text)
  if (m === null) return null
  const [year, month, day, hour, minute, second] = [m[1], m[2], m[3], m[4] ?? 0, m[5] ?? 0, m[6] ?? 0].map(Number)
  const wall = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  const exact = new Date(wall)
  if (exact.getUTCMonth() !== month! - 1 || exact.getUTCDate() !== day! || exact.getUTCHours() !== hour) return null
  if (minute! > 59 || second! > 59) return null
  const near = [zoneOffset(wall - DAY, zone), zoneOffset(wall + DAY, zone)].sort((a, b) => b - a)
  for (const offset of near) if (zoneOffset(wall - offset, zone) === offset) return wall - offset
  return null
}

const DAY = 86_400_000

/** Parts of a moment in a zone. */
export interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

export function wallTime(at: number, zone: string): Wall {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const found: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(at)) found[type] = Number(value)
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = found
  return { year, month, day, hour, minute, second }
}

/** ms the zone is ahead of UTC at a moment */
export function zoneOffset(at: number, zone: string): number {
  const w = wallTime(at, zone)
  return Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second) - Math.floor(at / 1000) * 1000
}

/** `2027-03-01 08:30:00` in the zone */
export function writeMoment(at: number, zone: string): string {
  const w = wallTime(at, zone)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${w.year}-${two(w.month)}-${two(w.day)} ${two(w.hour)}:${two(w.minute)}:${two(w.second)}`
}

/** Is this a zone the runtime knows? */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
