/**
 * The numbers codes-only admits: at most six digits, nothing of [0-9A-Za-z/-] touching them, and a unit of
 * data/units.json after them (one blank may stand between), never 年 月 日 岁 号 元 次 楼 床.
 */
import units from '../../../data/units.json' with { type: 'json' }
import { eachMatch } from '../detectors/detector.ts'

export interface Quantity {
  readonly start: number
  readonly end: number
  /** comparator and digits as they stood */
  readonly number: string
  /** the unit as the list spells it; empty without one */
  readonly unit: string
}

const UNITS = `${units.latin} ${units.chinese}`.split(' ')
const NEVER = units.never
/** by first unit of text, longest first */
const BY_FIRST: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  UNITS.toSorted((a, b) => b.length - a.length),
  (unit) => unit[0]!,
)

const MAX_DIGITS = 6
const NUMBER = /(?<![0-9A-Za-z/.*×^-]|\d:)[<>≤≥]?=?\s?(\d{1,6}(?:\.\d{1,5})?)(?!\d)/g

/** All numbers of a shadow text that may be admitted: with a unit, or without one where nothing touches them. */
export function quantitiesIn(shadow: string): Quantity[] {
  const found: Quantity[] = []
  eachMatch(NUMBER, shadow, (m) => {
    const digits = m[1]!
    if (digits.replace('.', '').length > MAX_DIGITS) return
    const start = m.index
    const end = start + m[0].length
    const unit = unitAt(shadow, end) ?? unitAfterBlank(shadow, end)
    const number = m[0].replace(/\s/g, '')
    if (unit !== null) found.push({ start, end: unit.end, number, unit: unit.unit })
    else if (isAlone(shadow, end)) found.push({ start, end, number, unit: '' })
  })
  return found
}

const unitAfterBlank = (text: string, at: number) => (text[at] === ' ' ? unitAt(text, at + 1) : null)

function unitAt(text: string, at: number): { unit: string; end: number } | null {
  const units = BY_FIRST.get(text.charAt(at))
  if (units === undefined) return null
  for (const unit of units) {
    if (!text.startsWith(unit, at)) continue
    const end = at + unit.length
    if (endsUnit(text, end, unit)) return { unit, end }
  }
  return null
}

/** A unit of letters ends where no letter, digit, slash or hyphen goes on; no unit stands before what makes it a date or an age. */
function endsUnit(text: string, end: number, unit: string): boolean {
  const next = text.charAt(end)
  if (next === '') return true
  if (NEVER.includes(next) || next === '/') return false
  return /[A-Za-z0-9%‰]$/.test(unit) ? !/[0-9A-Za-z\-*^]/.test(next) : !/[0-9-]/.test(next)
}

/** what makes the number before it a date, an age, a sum, a place */
const COUNTED = new RegExp(`^\\s{0,2}[周个多余天]?[${NEVER}]`)

/** Without a unit nothing may touch the number that would make it a part of something else. */
function isAlone(text: string, end: number): boolean {
  const next = text.charAt(end)
  if (next === '') return true
  if (/[0-9A-Za-z/\-*×^:%]/.test(next) || COUNTED.test(text.slice(end, end + 4))) return false
  return !(next === '.' && /\d/.test(text.charAt(end + 1)))
}

const WHOLE_NUMBER = /^[<>≤≥]?=?\d{1,6}(?:\.\d{1,5})?/

/** Is the text one admitted number, with the unit it must have or, for `bare`, without one? */
export function isQuantity(text: string, bare: boolean): boolean {
  const m = WHOLE_NUMBER.exec(text)
  if (m === null || m[0].replace(/\D/g, '').length > MAX_DIGITS) return false
  const unit = text.slice(m[0].length)
  return unit === '' ? bare : (BY_FIRST.get(unit[0]!)?.includes(unit) ?? false)
}
