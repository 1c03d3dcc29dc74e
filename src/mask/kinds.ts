/**
 * Canonical values: what a method sees of a field, whatever format and spelling it came in (rules-language.md, Kinds).
 * Also the judgement "is this a value of its kind" behind keep, and ages.
 */
import { ageOn, type DateParts, formatDate, parseDate } from './dates.ts'
import { detectsAnything } from './detectors/index.ts'
import { PLATE_REGIONS } from './detectors/plate-regions.ts'
import type { Kind } from './model.ts'
import { clean, isStable, plainDashes, plainDots } from './normal.ts'
import { canonicalPhone } from './phone.ts'
import { parseResidentId } from './resident-id.ts'
import { decodedOnce } from './text/encoded.ts'
import { read } from './text/reading.ts'
import { readAgain } from './text/second-reading.ts'

/**
 * The canonical form. Never fails: what does not have the shape of its kind comes back normalised and trimmed.
 * Case is kept (FHIR ids are case-sensitive) but for the X of an ID number and the domain of an email.
 */
export function canonical(kind: Kind, text: string): string {
  switch (kind) {
    case 'blob':
      return text
    case 'date':
      return canonicalDate(text)
    case 'phone':
      return canonicalPhone(clean(text))
    case 'identifier':
      return canonicalIdentifier(clean(text))
    case 'name':
      return canonicalName(clean(text))
    case 'email':
      return canonicalEmail(clean(text))
    case 'age':
      return canonicalAge(clean(text))
    case 'address':
      return withoutHanBlanks(clean(text))
    default:
      return clean(text)
  }
}

/** White space alone is no value; what only looks like it (zero width, tag characters) may hide one. */
export const isBlank = (text: string): boolean => text.trim() === ''

function canonicalDate(text: string): string {
  if (isIsoDay(text)) return text
  const plain = plainDashes(clean(text))
  const parts = parseDate(plain)
  return parts === null ? plain : formatDate(parts)
}

/** Digits and hyphens as YYYY-MM-DD has them; not that there is such a day. */
export function isIsoDay(text: string): boolean {
  if (text.length !== 10) return false
  for (let i = 0; i < 10; i++) {
    const c = text.charCodeAt(i)
    if (i === 4 || i === 7 ? c !== 45 : c < 48 || c > 57) return false
  }
  return true
}

const GROUPED = /^[\d\s\-·]*[\dXx]$/
/** the blank, hyphen or dot of a plate stands after its second character */
const PLATE = new RegExp(`^[${PLATE_REGIONS}][A-Z][\\s\\-·]?[A-Z0-9]{4,5}[A-Z0-9挂学警港澳]$`, 'i')

function canonicalIdentifier(text: string): string {
  const c = text.charCodeAt(text.length - 1)
  // Runs of letters and digits, by far the commonest, need no look but for the last x of a resident ID.
  if (c !== 0x78 && /^[0-9A-Za-z]+$/.test(text)) return text
  const plain = plainDots(plainDashes(text))
  if (GROUPED.test(plain)) {
    const squeezed = plain.replace(/[\s\-·]/g, '').toUpperCase()
    // 15 and 18: ID numbers; 15 to 19: cards. Shorter groups are local numbers, whose hyphens mean something.
    if (/^(?:\d{15,19}|\d{17}X)$/.test(squeezed)) return squeezed
    return plain
  }
  // At least three of the five characters after the letter are digits (GA 36).
  return PLATE.test(plain) && /(?:\d\D*){3}/.test(plain) ? plain.replace(/[\s\-·]/g, '').toUpperCase() : plain
}

const HAN_BLANK = /(?<=\p{Script=Han}|·)\s+(?=\p{Script=Han}|·)/gu
const withoutHanBlanks = (text: string): string =>
  /\s/.test(text) ? text.replace(HAN_BLANK, '').replace(/\s+/g, ' ') : text

const canonicalName = (text: string): string => withoutHanBlanks(isStable(text) ? text : plainDots(text))

function canonicalEmail(text: string): string {
  const bare = text.replace(/^mailto:/i, '')
  const at = bare.lastIndexOf('@')
  const domain = bare.slice(at + 1)
  return at > 0 && /^(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}$/.test(domain)
    ? bare.slice(0, at + 1) + domain.toLowerCase()
    : bare
}

const YEARS =
  /^0*(\d{1,3})\s*(?:(?:周岁|岁|years?(?:\s*old)?|yrs?|y\/?o|[ya])(?:\s*\d{1,3}\s*(?:个月|月|周|天|日)){0,2})?$/i
const UNDER_A_YEAR =
  /^(\d{1,4})\s*(个月|月龄|月|mo(?:nths?)?|m|周龄|周|weeks?|wk|w|天|日龄|日|days?|d|小时|hours?|h|分钟)(?:\s*\d{1,3}\s*(?:天|日|周|小时|时|分钟?))*$/i

function canonicalAge(text: string): string {
  const years = YEARS.exec(text)
  if (years !== null) return String(Number(years[1]))
  const small = UNDER_A_YEAR.exec(text)
  if (small === null) return text
  const n = Number(small[1])
  const unit = small[2]!.toLowerCase()
  if (/^(?:个月|月|m)/.test(unit)) return String(Math.floor(n / 12))
  if (/^(?:周|w)/.test(unit)) return String(Math.floor(n / 52.18))
  return /^(?:天|日|d)/.test(unit) ? String(Math.floor(n / 365.25)) : '0'
}

const NUMBER = /^(?:(?:<=|>=|[<>≤≥~])\s?)?[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/
const BY_KIND: ReadonlySet<Kind> = new Set<Kind>(['number', 'code', 'date', 'age'])

/**
 * Is what is kept of such an element judged by {@link fitsKind} outside direct care? Text up to level 2 (a dose, a
 * range, a hospital) and names of that level (staff) identify no patient by their level: where a detector hits it is
 * something else.
 */
export const hasShape = ({ kind, level }: { readonly kind: Kind; readonly level: number }): boolean =>
  BY_KIND.has(kind) || ((kind === 'text' || kind === 'name') && level <= 2)

/**
 * What a code or its display holds: letters of any script, digits, and the marks of LOINC, UCUM, SNOMED CT, ICD and
 * Chinese item names. No line breaks, no sentence marks: a sentence is no code.
 */
const CODE = /^[\p{L}\p{M}\p{N} .,_\-/\\()[\]{}%+*^:'"&#<>=~|·、（）：，°′″µμ‰×→±≤≥²³]{1,64}$/u

/**
 * Is the text as sent a value of its kind? Judged for number, code, date and age, and for text and names of a level that
 * identifies nobody; the other kinds have no shape that would make a value harmless, so the answer is yes and levels
 * and floors decide.
 * number: a JSON number, or a comparator before one (<0.5), at most 9 digits. code: at most 64 characters of
 * {@link CODE}; displays are admitted, so a bare name passes as one, which is why identity elements are never codes.
 * All: without a detector hit.
 */
export function fitsKind(kind: Kind, text: string): boolean {
  switch (kind) {
    case 'number': {
      const t = text.trim()
      return t.length <= 24 && NUMBER.test(t) && t.replace(/\D/g, '').length <= 9 && !detectsAnything(t)
    }
    case 'code':
      return text.length <= 128 && CODE.test(text) && !hidesSomebody(text)
    case 'date': {
      const parts = parseDate(plainDashes(clean(text)))
      return parts !== null && parts.year >= 1850 && parts.year <= 2199
    }
    case 'age': {
      const age = canonicalAge(clean(text))
      return /^\d{1,3}$/.test(age) ? Number(age) <= 150 : /^(?:<1岁|\d{1,2}-\d{1,2}岁|\d{2}岁及以上)$/.test(age)
    }
    case 'text':
    case 'name':
      return !hidesSomebody(text)
    default:
      return true
  }
}

/** Shorter than this no identifier is spelt in another way. */
const SHORTEST_SPELT = 12

/** An identifier, as it is written, read a second time, or spelt in base64, URL encoding or character references. */
function hidesSomebody(text: string): boolean {
  if (detectsAnything(text) || isReadOtherwise(text)) return true
  const plain = text.length < SHORTEST_SPELT ? null : decodedOnce(text)
  return plain !== null && (detectsAnything(plain) || isReadOtherwise(plain))
}

function isReadOtherwise(text: string): boolean {
  const { shadow, features } = read(text)
  const again = readAgain(shadow, features)
  return again !== null && detectsAnything(again.text)
}

/** Completed years on `today` (YYYY-MM-DD) of a canonical birth date, age or resident ID; null = not to be had. */
export function ageAt(kind: Kind, value: string, today: string): number | null {
  if (kind === 'age') return /^\d{1,3}$/.test(value) ? Number(value) : value === '<1岁' ? 0 : null
  const now = parseDate(today)
  const birth = birthOf(kind, value)
  return now === null || birth === null ? null : yearsOn(birth, now)
}

/** Completed years of somebody born then; null = not born yet. */
export function yearsOn(birth: DateParts, now: DateParts): number | null {
  const age = ageOn(birth, now)
  // A year of birth that is this year has not had its last day yet.
  return age < -1 ? null : Math.max(0, age)
}

/** Birth date in a canonical date or resident ID; a number whose check digit fails gives none. */
export function birthOf(kind: Kind, value: string): DateParts | null {
  if (kind === 'date') return parseDate(value)
  if (kind !== 'identifier') return null
  const id = parseResidentId(value)
  return id === null || (id.length === 18 && !id.checked) ? null : id.birth
}
