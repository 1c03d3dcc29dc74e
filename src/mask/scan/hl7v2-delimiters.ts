/** HL7 v2.7.1 chapter 2.5.4: the message's own delimiters, read from MSH-1 and MSH-2 (FHS and BHS alike). */
import { GatewayError } from '../../base/errors.ts'

export interface Delimiters {
  /** first byte these hold for */
  readonly from: number
  readonly field: number
  readonly component: number
  readonly repetition: number
  readonly escape: number
  /** -1 = this message has none */
  readonly subcomponent: number
  /** the fifth character of v2.7; -1 = none */
  readonly truncation: number
  /** byte after MSH-2 */
  readonly end: number
}

export const CR = 0x0d
export const LF = 0x0a
/** MLLP frame bytes */
export const VT = 0x0b
export const FS = 0x1c

/**
 * Reads the delimiters of the header segment that starts at `at`. Refused: fewer than 3 or more than 5 encoding
 * characters, a repeated one, letters, digits, quotes, blanks, control and non-ASCII bytes.
 */
export function readDelimiters(source: Uint8Array, at: number): Delimiters {
  const n = source.length
  const field = legal(source, at + 3)
  let end = at + 4
  while (end < n && source[end] !== field && source[end] !== CR && source[end] !== LF && source[end] !== FS) end++
  const count = end - at - 4
  if (count < 3 || count > 5) throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset: at + 4 })
  const seen = [field]
  for (let i = at + 4; i < end; i++) {
    const c = legal(source, i)
    if (seen.includes(c)) throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset: i })
    seen.push(c)
  }
  return {
    from: at,
    field,
    component: seen[1]!,
    repetition: seen[2]!,
    escape: seen[3]!,
    subcomponent: seen[4] ?? -1,
    truncation: seen[5] ?? -1,
    end,
  }
}

function legal(source: Uint8Array, at: number): number {
  const c = source[at] ?? 0
  const letterOrDigit = (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a)
  if (c <= 0x20 || c >= 0x7f || letterOrDigit || c === 0x22 || c === 0x27)
    throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset: at })
  return c
}

export const sameDelimiters = (a: Delimiters, b: Delimiters): boolean =>
  a.field === b.field &&
  a.component === b.component &&
  a.repetition === b.repetition &&
  a.escape === b.escape &&
  a.subcomponent === b.subcomponent &&
  a.truncation === b.truncation
