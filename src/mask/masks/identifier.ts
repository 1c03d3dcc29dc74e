/** Identifiers by what they identify: resident ID 1+2, documents 1+2, cards the last 4, plates, record numbers 2+2. */
import type { Element } from '../model.ts'
import { MARK } from '../transforms/marks.ts'
import type { Bound } from '../transforms/transform.ts'
import { maskPlate } from './plate.ts'
import { keepSpan, pointsIn, type Span } from './span.ts'
import { spanBytes } from './span-bytes.ts'
import { type Gate, gateOf } from './stable-bytes.ts'

type Same = boolean | null
type Mask = (value: string, char: string, same: Same) => string

// Hidden places admit mask characters: a mask's own output comes out again unchanged.
const RESIDENT = /^\d(?:[\d*?X]{15}|[\d*?X]{12})\d[\dX]$/
const RESIDENT_FIXED = /^\d[*?X]{3}\d[\dX]$/
const DOCUMENT = /^[A-Za-z0-9][A-Za-z0-9*?]{2,20}[A-Za-z0-9]{2}$/
const DOCUMENT_FIXED = /^[A-Za-z0-9][*?X]{3}[A-Za-z0-9]{2}$/
const DIGIT_OR_MARK = /\d|[*?X]{3}/
const MILITARY = /^([\u4e00-\u9fa5]{1,2})字第[0-9A-Za-z*?]{4,10}号?$/
const CARD = /^[\d*?X]{8,15}\d{4}$/
const CARD_FIXED = /^[*?X]{3}\d{4}$/
const LAST4 = /^[A-Za-z0-9*?-]{4,60}[A-Za-z0-9]{4}$/
const LAST4_FIXED = /^[*?X]{3}[A-Za-z0-9]{4}$/
const RECORD_FIXED = /^..([*?X]{3})..$/su
const SHORTEST_RECORD = 8

/** Span with a length that may be overridden by the cell. */
const span = (first: number, last: number, char: string, same: Same, byDefault: string | null): Span => ({
  first,
  last,
  char,
  fixed: same === null ? byDefault : same ? null : char.repeat(3),
})

const residentId: Mask = (value, char, same) =>
  RESIDENT.test(value) || RESIDENT_FIXED.test(value) ? keepSpan(value, span(1, 2, char, same, null)) : MARK

const otherDocument: Mask = (value, char, same) => {
  if (RESIDENT.test(value)) return residentId(value, char, same)
  const card = MILITARY.exec(value)
  if (card !== null) return `${card[1]}字第${char.repeat(4)}号`
  // Fewer than four hidden places of a real number hide too little.
  const shaped = DOCUMENT.test(value) && value.length >= 7 && DIGIT_OR_MARK.test(value)
  return shaped || DOCUMENT_FIXED.test(value) ? keepSpan(value, span(1, 2, char, same, null)) : MARK
}

const bankCard: Mask = (value, char, same) =>
  CARD.test(value) || CARD_FIXED.test(value) ? keepSpan(value, span(0, 4, char, same, null)) : MARK

const lastFour: Mask = (value, char, same) =>
  LAST4.test(value) || LAST4_FIXED.test(value) ? keepSpan(value, span(0, 4, char, same, null)) : MARK

const recordNo: Mask = (value, char, same) => {
  const n = pointsIn(value)
  const own = n === 7 && same === false && RECORD_FIXED.exec(value)?.[1] === char.repeat(3)
  return n >= SHORTEST_RECORD || own ? keepSpan(value, span(2, 2, char, same, char.repeat(4))) : MARK
}

const hidden: Mask = () => MARK

const BY_ELEMENT: Readonly<Record<string, Mask>> = {
  'resident-id': residentId,
  'other-document': otherDocument,
  'staff-document': otherDocument,
  'insurance-no': lastFour,
  'insurance-token': hidden,
  credential: hidden,
  'bank-card': bankCard,
  plate: (value, char) => maskPlate(value, char),
}

/** The mask of an element of kind identifier; unnamed ones are treated as record numbers. same: null = by element. */
export const identifierMask = (element: Element): Mask => BY_ELEMENT[element.id] ?? recordNo

const identifier = gateOf('identifier')

/** 18 characters of an ID number, or 15 digits. */
const residentGate: Gate = (source, start, end) => {
  const n = end - start
  if (n !== 18 && n !== 15) return -1
  for (let i = start; i < end - 1; i++) if (source[i]! < 0x30 || source[i]! > 0x39) return -1
  const last = source[end - 1]!
  return (last >= 0x30 && last <= 0x39) || (last === 0x58 && n === 18) ? n : -1
}

const recordGate: Gate = (source, start, end) => {
  const n = identifier(source, start, end)
  return n >= SHORTEST_RECORD ? n : -1
}

/** Fast road for the commonest of them; undefined where there is none. */
export function identifierBytes(element: Element, char: string, same: Same): Bound['bytes'] {
  const mask = identifierMask(element)
  if (mask === residentId) return spanBytes(span(1, 2, char, same, null), residentGate)
  if (mask === recordNo) return spanBytes(span(2, 2, char, same, char.repeat(4)), recordGate)
  return undefined
}
