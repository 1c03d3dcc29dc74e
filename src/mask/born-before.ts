import { isDayAt, isDigit } from '../base/ascii.ts'
import type { Kind } from './model.ts'

/**
 * Is it certain of source[start, end), the UTF-8 of a date or of a resident ID, that nobody of this birth was born in
 * that year or later? The year alone tells of most that they are no child's.
 */
export function isBornBefore(year: number, kind: Kind, source: Uint8Array, start: number, end: number): boolean {
  const n = end - start
  if (kind === 'date') return n === 10 && isDayAt(source, start) && yearAt(source, start) < year
  return kind === 'identifier' && n === 18 && isLongId(source, start) && yearAt(source, start + 6) < year
}

/** Seventeen digits, and one or an X. */
function isLongId(source: Uint8Array, start: number): boolean {
  for (let i = 0; i < 17; i++) if (!isDigit(source[start + i]!)) return false
  const last = source[start + 17]!
  return isDigit(last) || (last | 0x20) === 0x78
}

function yearAt(source: Uint8Array, start: number): number {
  let year = 0
  for (let i = 0; i < 4; i++) year = 10 * year + source[start + i]! - 0x30
  return year
}
