/**
 * The numbers codes-only admits: at most six digits, nothing of [0-9A-Za-z/-] touching them, and a unit of
 * data/units.json after them (one blank may stand between), never 年 月 日 岁 号 元 次 楼 床. Read unit by unit: patterns
 * cost more than all else of a sentence.
 */
import units from '../../../data/units.json' with { type: 'json' }

export interface Quantity {
  readonly start: number
  readonly end: number
  /** comparator and digits as they stood */
  readonly number: string
  /** the unit as the list spells it; empty without one */
  readonly unit: string
}

const MAX_DIGITS = 6
const MAX_FRACTION = 5
const NEVER = units.never

/** sorts of UTF-16 units */
const DIGIT = 1
/** before a number: it is a part of something else */
const HOLDS_BEFORE = 2
const COMPARATOR = 4
/** after a number without a unit, after a unit that ends in a letter or sign, after another */
const HOLDS_AFTER = 8
const HOLDS_LATIN = 16
const HOLDS_UNIT = 32
/** what no unit stands before, and no bare number */
const COUNTED = 64
/** may stand between a number and what it counts */
const COUNTER = 128
/** begins a unit */
const UNIT_START = 256
const SORT = new Uint16Array(0x10000)
const mark = (units: string, sort: number): void => {
  for (const unit of units) SORT[unit.charCodeAt(0)]! |= sort
}
const DIGITS = '0123456789'
const WORD = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`
mark(DIGITS, DIGIT)
mark(`${WORD}/.*×^-`, HOLDS_BEFORE)
mark('<>≤≥', COMPARATOR)
mark(`${WORD}/-*×^:%`, HOLDS_AFTER)
mark(`${WORD}/-*^${NEVER}`, HOLDS_LATIN)
mark(`${DIGITS}/-${NEVER}`, HOLDS_UNIT)
mark(NEVER, COUNTED)
mark('周个多余天', COUNTER)

const sortAt = (text: string, i: number): number => (i < text.length ? SORT[text.charCodeAt(i)]! : 0)

/** \s of a pattern */
const isBlank = (c: number): boolean =>
  c === 0x20 || (c >= 0x09 && c <= 0x0d) || (c >= 0xa0 && /\s/.test(String.fromCharCode(c)))

interface Unit {
  readonly text: string
  /** ends in a letter or sign, which may not go on */
  readonly latin: boolean
}

interface Branch {
  unit: Unit | null
  readonly next: Map<number, Branch>
}

const branch = (): Branch => ({ unit: null, next: new Map() })
const UNITS = branch()
for (const text of `${units.latin} ${units.chinese}`.split(' ')) {
  let at = UNITS
  for (let i = 0; i < text.length; i++) {
    let next = at.next.get(text.charCodeAt(i))
    if (next === undefined) at.next.set(text.charCodeAt(i), (next = branch()))
    at = next
  }
  SORT[text.charCodeAt(0)]! |= UNIT_START
  at.unit = { text, latin: /[A-Za-z0-9%‰]$/.test(text) }
}

/** All numbers of a shadow text that may be admitted: with a unit, or without one where nothing touches them. */
export function quantitiesIn(shadow: string): Quantity[] {
  const found: Quantity[] = []
  for (let i = 0; i < shadow.length; ) {
    const c = shadow.charCodeAt(i)
    if (c < 0x30 || c > 0x39) {
      i++
      continue
    }
    const whole = digitsEnd(shadow, i)
    const start = whole - i > MAX_DIGITS ? -1 : startOf(shadow, i)
    if (start < 0) {
      i = whole
      continue
    }
    const end = fractionEnd(shadow, whole)
    if (end - i - (end === whole ? 0 : 1) <= MAX_DIGITS) add(found, shadow, start, i, end)
    i = end
  }
  return found
}

function add(found: Quantity[], shadow: string, start: number, digits: number, end: number): void {
  const unit = unitAt(shadow, end) ?? (shadow.charCodeAt(end) === 0x20 ? unitAt(shadow, end + 1) : null)
  if (unit === null && !isAlone(shadow, end)) return
  const sign = start === digits ? '' : shadow.slice(start, digits).trim()
  const number = sign + shadow.slice(digits, end)
  if (unit === null) found.push({ start, end, number, unit: '' })
  else found.push({ start, end: unit.end, number, unit: unit.unit })
}

function digitsEnd(text: string, from: number): number {
  let i = from
  while ((sortAt(text, i) & DIGIT) !== 0) i++
  return i
}

/** After a point one to five digits; more are no fraction, and the whole number stands alone before them. */
function fractionEnd(text: string, whole: number): number {
  if (text.charCodeAt(whole) !== 0x2e) return whole
  const end = digitsEnd(text, whole + 1)
  return end > whole + 1 && end - whole - 1 <= MAX_FRACTION ? end : whole
}

/**
 * Where the number begins whose digits begin at `digits`: comparator, equals sign and a blank belong to it, as far to
 * the left as nothing touches them. -1 = something does.
 */
function startOf(text: string, digits: number): number {
  const blank = digits > 0 && isBlank(text.charCodeAt(digits - 1)) ? digits - 1 : digits
  const equals = blank > 0 && text.charCodeAt(blank - 1) === 0x3d ? blank - 1 : blank
  const compared = equals > 0 && (SORT[text.charCodeAt(equals - 1)]! & COMPARATOR) !== 0 ? equals - 1 : equals
  if (isFree(text, compared)) return compared
  if (isFree(text, equals)) return equals
  if (isFree(text, blank)) return blank
  return isFree(text, digits) ? digits : -1
}

/** Nothing before it of which the number would be a part, and no digit and colon (a time). */
function isFree(text: string, i: number): boolean {
  if (i === 0) return true
  const c = text.charCodeAt(i - 1)
  if ((SORT[c]! & HOLDS_BEFORE) !== 0) return false
  return c !== 0x3a || i < 2 || (SORT[text.charCodeAt(i - 2)]! & DIGIT) === 0
}

/** The longest unit at a place that ends there: no letter, digit, slash or hyphen goes on, nor what makes it a date or an age. */
function unitAt(text: string, at: number): { readonly unit: string; readonly end: number } | null {
  if ((sortAt(text, at) & UNIT_START) === 0) return null
  let found: { readonly unit: string; readonly end: number } | null = null
  for (let i = at, here = UNITS.next.get(text.charCodeAt(i)); here !== undefined; ) {
    i++
    if (here.unit !== null && endsUnit(text, i, here.unit)) found = { unit: here.unit.text, end: i }
    here = here.next.get(text.charCodeAt(i))
  }
  return found
}

const endsUnit = (text: string, end: number, { latin }: Unit): boolean =>
  end >= text.length || (SORT[text.charCodeAt(end)]! & (latin ? HOLDS_LATIN : HOLDS_UNIT)) === 0

/** Without a unit nothing may touch the number that would make it a part of something else, a date, an age, a sum, a place. */
function isAlone(text: string, end: number): boolean {
  if (end === text.length) return true
  const next = text.charCodeAt(end)
  if ((SORT[next]! & HOLDS_AFTER) !== 0) return false
  let i = end
  while (i < end + 2 && isBlank(text.charCodeAt(i))) i++
  if ((sortAt(text, i) & COUNTER) !== 0) i++
  if ((sortAt(text, i) & COUNTED) !== 0) return false
  return next !== 0x2e || (sortAt(text, end + 1) & DIGIT) === 0
}

/** Is text[start, end) one admitted number, with the unit it must have or, for `bare`, without one? */
export function isQuantity(text: string, bare: boolean, start = 0, end = text.length): boolean {
  let i = start
  if (i < end && (SORT[text.charCodeAt(i)]! & COMPARATOR) !== 0) i++
  if (i < end && text.charCodeAt(i) === 0x3d) i++
  const whole = Math.min(digitsEnd(text, i), i + MAX_DIGITS, end)
  if (whole <= i) return false
  let last = whole
  if (whole < end && text.charCodeAt(whole) === 0x2e) {
    const fraction = Math.min(digitsEnd(text, whole + 1), whole + 1 + MAX_FRACTION, end)
    if (fraction > whole + 1) last = fraction
  }
  if (last - i - (last === whole ? 0 : 1) > MAX_DIGITS) return false
  return last === end ? bare : isUnit(text, last, end)
}

/** Is text[start, end) a unit of the list? */
function isUnit(text: string, start: number, end: number): boolean {
  let at: Branch | undefined = UNITS
  for (let i = start; i < end && at !== undefined; i++) at = at.next.get(text.charCodeAt(i))
  return at?.unit != null
}

/** units doses of six and more digits are given in */
const DOSE_UNIT =
  /^ ?(?:(?:[kMm万]|百万)?I?U|[kmuμn]?g|[mdu]?[lL]|m?mol|mEq|单位|国际单位|[千毫微]?克|[毫微]?升)(?![A-Za-z0-9])/i

/** Is the whole number at text[start, end) a dose, or the span a number with its unit? Nobody is numbered so in a sentence. */
export function isDose(text: string, start: number, end: number): boolean {
  const digits = digitsEnd(text, start)
  if (digits === start || digits - start > 8 || digits > end) return false
  return digits === end ? DOSE_UNIT.test(text.slice(end, end + 8)) : isQuantity(text, false, start, end)
}
