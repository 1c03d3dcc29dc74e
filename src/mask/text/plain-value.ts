/** Values whose forms begin as their bytes tell: what most structured fields hold, read without making a string of it. */
import { isDayAt } from '../../base/ascii.ts'
import { textOf } from '../../base/short-text.ts'
import type { Kind } from '../model.ts'
import { addressBeginnings } from './forms.ts'

const MOST = 64
/** squeezed units of the value read last */
const units = new Uint16Array(MOST)
let han = 0
let digits = 0
let letters = 0

/** Called with the first four squeezed units of each form (0 = there is none); a form may be told twice. */
type Visit = (first: number, second: number, third: number, fourth: number) => void

/**
 * Tells what the forms (forms.ts) of a canonical value may begin with, of which source[start, end) is the spelling in
 * UTF-8. False = not certain, and nothing was told.
 */
export function tellBeginnings(kind: Kind, source: Buffer, start: number, end: number, visit: Visit): boolean {
  const n = read(source, start, end)
  switch (kind) {
    case 'name':
      // Longer ones may be of two words, or of a mother's child.
      return han === n && n >= 2 && n <= 3 && told(visit, 0, n)
    case 'phone':
      return digits === n && n === 11 && units[0] === 0x31 && units[1]! >= 0x33 && told(visit, 0, n)
    case 'identifier':
      return digits + letters === n && n >= 4 && told(visit, 0, n) && withoutZeros(visit, n)
    case 'date':
      return isIsoDay(source, start, end) && toldYear(visit, source, start)
    case 'address':
      return (
        han + digits + letters === n &&
        n >= 4 &&
        addressBeginnings(textOf(source, start, end)).every((at) => told(visit, at, n))
      )
    default:
      return false
  }
}

/** Number of units of a value of Han characters, ASCII letters and digits; -1 = it holds others. */
function read(source: Uint8Array, start: number, end: number): number {
  han = digits = letters = 0
  let n = 0
  for (let i = start; i < end; n++) {
    const c = source[i]!
    if (n === MOST) return -1
    if (c >= 0xe4 && c <= 0xe9 && i + 2 < end) {
      units[n] = ((c & 0xf) << 12) | ((source[i + 1]! & 0x3f) << 6) | (source[i + 2]! & 0x3f)
      if (units[n]! < 0x4e00) return -1
      han++
      i += 3
      continue
    }
    i++
    if (c >= 0x30 && c <= 0x39) digits++
    else if ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a) letters++
    else return -1
    units[n] = c > 0x39 ? c | 0x20 : c
  }
  return n
}

const unitOf = (at: number, n: number): number => (at < n ? units[at]! : 0)

function told(visit: Visit, at: number, n: number): boolean {
  visit(units[at]!, unitOf(at + 1, n), unitOf(at + 2, n), unitOf(at + 3, n))
  return true
}

/** A number is looked for without its leading zeros too. */
function withoutZeros(visit: Visit, n: number): boolean {
  let at = 0
  while (at < n && units[at] === 0x30) at++
  return at === 0 || at === n || told(visit, at, n)
}

/** YYYY-MM-DD; a year that begins with 0 is spelt otherwise in its forms. */
const isIsoDay = (source: Uint8Array, start: number, end: number): boolean =>
  end - start === 10 && source[start] !== 0x30 && isDayAt(source, start)

function toldYear(visit: Visit, source: Uint8Array, start: number): boolean {
  visit(source[start]!, source[start + 1]!, source[start + 2]!, source[start + 3]!)
  return true
}
