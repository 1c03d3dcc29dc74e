/**
 * The number of the resident identity card, GB 11643-1999, and the cards that share its shape: residence permits of
 * Hong Kong, Macao and Taiwan residents (81, 82, 83) and the foreign permanent resident card since 2023 (leading 9).
 */
import { type DateParts, isReal } from './dates.ts'

export interface ResidentId {
  readonly length: 15 | 18
  /** six digits, GB/T 2260 (for a leading 9 the layout of the foreign card) */
  readonly region: string
  readonly birth: DateParts
  /** the check digit fits (ISO 7064 MOD 11-2); the 15-digit form has none */
  readonly checked: boolean
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
const PREFIX = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|9\d)/
const SHAPE = /^(?:\d{17}[\dX]|\d{15})$/

/** Check digit of the first 17 digits. */
export function checkDigit(digits: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += (digits.charCodeAt(i) - 48) * WEIGHTS[i]!
  return CHECKS[sum % 11]!
}

/** Reads a canonical number (15 digits, or 17 digits and a check digit, X upper case). null: not one by structure. */
export function parseResidentId(value: string): ResidentId | null {
  if (!SHAPE.test(value) || !PREFIX.test(value)) return null
  const long = value.length === 18
  const year = long ? Number(value.slice(6, 10)) : 1900 + Number(value.slice(6, 8))
  const at = long ? 10 : 8
  const birth = { year, month: Number(value.slice(at, at + 2)), day: Number(value.slice(at + 2, at + 4)) }
  if (year < 1800 || year > 2099 || birth.month === 0 || birth.day === 0 || !isReal(birth)) return null
  const checked = long && checkDigit(value) === value[17]
  return { length: long ? 18 : 15, region: value.slice(0, 6), birth, checked }
}
