/** Bytes of ER7 payloads the scanner has to know by sight. */
import { GatewayError } from '../../base/errors.ts'
import { CR, LF, VT } from './hl7v2-delimiters.ts'
import { packName } from './hl7v2-program.ts'

export const MSH = packName('MSH')
export const FHS = packName('FHS')
export const BHS = packName('BHS')
export const BTS = packName('BTS')
export const FTS = packName('FTS')

export const isUpperOrDigit = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39)
export const isWord = (c: number): boolean => isUpperOrDigit(c) || (c >= 0x61 && c <= 0x7a)

/** Bytes of a GB18030 code that starts at `i`; the payload was checked before. */
export const pairLength = (source: Uint8Array, i: number): number =>
  source[i + 1]! >= 0x30 && source[i + 1]! <= 0x39 ? 4 : 2

/** Skips a byte order mark and blank lines, and insists on a header segment. */
export function firstLine(source: Uint8Array): number {
  let i = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0
  while (source[i] === CR || source[i] === LF) i++
  const p = source[i] === VT ? i + 1 : i
  const name = (source[p]! << 16) | (source[p + 1]! << 8) | source[p + 2]!
  if (name !== MSH && name !== FHS && name !== BHS) throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset: p })
  return i
}
