/** What the methods that reckon with numbers share in checking their cells. */
import { type Decimal, digitsOf, parseDecimal } from '../decimal.ts'
import { detectsAnything } from '../detectors/index.ts'
import type { Element } from '../model.ts'
import type { Params } from './transform.ts'

/** as of kept numbers (kinds.ts): more digits before the point are somebody's number */
const MOST_DIGITS = 9

/** The number, where it is one that measures something: a telephone rounded to whole numbers is that telephone. */
export function measured(value: string): Decimal | null {
  const number = parseDecimal(value)
  return number === null || !isMeasure(number) || detectsAnything(value) ? null : number
}

export const isMeasure = (number: Decimal): boolean => digitsOf(number) - number.scale <= MOST_DIGITS

/** Exactly one of two parameters. */
export function oneOf(params: Params, a: string, b: string): string[] {
  if ((params[a] === undefined) !== (params[b] === undefined)) return []
  return [params[a] === undefined ? `one of ${a} and ${b} is needed` : `${a} and ${b} cannot both be given: give one`]
}

/** A dose that is another number is a danger wherever it is read: kept, hidden or removed, never reckoned with. */
export const noDose = (method: string, element: Element): string[] =>
  element.id === 'dose' ? [`${method} would write another dose: use keep, redact or drop`] : []
