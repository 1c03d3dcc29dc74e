/** All detectors, in the order in which they claim spans: an ID before a card before a phone (domain.md 2.6). */
import { shadowOf } from '../normal.ts'
import { age } from './age.ts'
import { bankCard } from './bank-card.ts'
import { claim } from './claims.ts'
import type { Claim, Detector } from './detector.ts'
import { email } from './email.ts'
import { COUNTED, featuresOf, featuresOfUnit, has, looseOf, onlyEndsWords, solidOf, UNSTABLE } from './features.ts'
import { foreignResident } from './foreign-resident.ts'
import { landline } from './landline.ts'
import { military } from './military.ts'
import { mobile } from './mobile.ts'
import { nameContext } from './name-context.ts'
import { network } from './network.ts'
import { passport } from './passport.ts'
import { plate } from './plate.ts'
import { recordNo } from './record-no.ts'
import { residentId } from './resident-id.ts'
import { staffContext } from './staff-context.ts'
import { travelPermit } from './travel-permit.ts'

export const DETECTORS: readonly Detector[] = [
  residentId,
  foreignResident,
  bankCard,
  mobile,
  landline,
  email,
  passport,
  travelPermit,
  military,
  plate,
  recordNo,
  nameContext,
  staffContext,
  age,
  network,
]

const OF_FIELDS: readonly Detector[] = DETECTORS.filter((d) => d.prose !== true)

export interface Hit {
  readonly detector: string
  /** UTF-16 offsets into the text as given */
  readonly start: number
  readonly end: number
}

export interface DetectOptions {
  /** also numbers whose check digit fails; default true */
  readonly strict?: boolean
  /** also what only prose is asked for (ages over 89, staff on signature lines); default false */
  readonly prose?: boolean
}

/** Identifiers in a text, in order of place, not overlapping. */
export function detect(text: string, options: DetectOptions = {}): Hit[] {
  const features = featuresOf(text)
  if (isHarmless(features, options.prose === true)) return []
  const shadow = shadowOf(text)
  return claimsIn(shadow.text, shadow.text === text ? features : featuresOf(shadow.text), options).map(
    ({ detector, start, end }) => ({ detector: detector.name, start: shadow.origin(start), end: shadow.origin(end) }),
  )
}

const NONE: readonly Claim[] = []

/** The same for a text that is a shadow already, with its features. */
export function claimsIn(shadow: string, features: number, options: DetectOptions = {}): readonly Claim[] {
  const list = options.prose === true ? DETECTORS : OF_FIELDS
  const strict = options.strict ?? true
  let body: string | null = null
  let claims = NONE
  for (const detector of list) {
    if (!mayHit(detector, features)) continue
    body ??= blankDigests(shadow)
    const spans = detector.find(body, strict)
    if (spans.length > 0) claims = claim(claims, detector, spans)
  }
  return claims
}

/** Does any detector hit a shadow with these features, strict? */
export function anyHits(shadow: string, features: number, prose: boolean): boolean {
  if (isHarmless(features, prose)) return false
  let body: string | null = null
  for (const detector of prose ? DETECTORS : OF_FIELDS) {
    if (!mayHit(detector, features)) continue
    body ??= blankDigests(shadow)
    if (detector.find(body, true).length > 0) return true
  }
  return false
}

/** Does any detector of fields hit, strict? Cheap for what most fields hold: few digits, none of the words. */
export function detectsAnything(text: string): boolean {
  const features = featuresOf(text)
  if (isHarmless(features, false)) return false
  if (!has(features, UNSTABLE)) return anyHits(text, features, false)
  const shadow = shadowOf(text).text
  return anyHits(shadow, shadow === text ? features : featuresOf(shadow), false)
}

/** Is it certain of UTF-8 bytes that no detector of fields hits their text? ASCII, Han characters and the μ of units only. */
export function holdsNothing(source: Uint8Array, start: number, end: number): boolean {
  let digits = 0
  for (let i = start; i < end; ) {
    const first = i === start
    let unit = source[i++]!
    if (unit >= 0x30 && unit <= 0x39) {
      if (++digits >= LEAST_SOLID) return false
      continue
    }
    if (unit === 0xce && i < end && source[i] === 0xbc) {
      i++
      continue
    }
    if (unit >= 0x80) {
      if (unit < 0xe4 || unit > 0xe9 || i + 1 >= end) return false
      unit = ((unit & 0xf) << 12) | ((source[i]! & 0x3f) << 6) | (source[i + 1]! & 0x3f)
      i += 2
    }
    if ((featuresOfUnit(unit) & (FIELD_FEATURES | COUNTED)) !== 0 && !(first && onlyEndsWords(unit))) return false
  }
  return true
}

function mayHit({ needs, digits, solid }: Detector, features: number): boolean {
  if (needs !== 0 && (features & needs) === 0) return false
  return looseOf(features) >= digits && (solid === undefined || solidOf(features) >= solid)
}

/** Rows of digits shorter than these are not enough for the detectors that ask for neither word nor sign. */
const OF_ROWS = DETECTORS.filter(({ needs }) => needs === 0)
const LEAST_SOLID = Math.min(...OF_ROWS.map(({ solid }) => solid ?? Number.POSITIVE_INFINITY))
const LEAST_LOOSE = Math.min(
  ...OF_ROWS.map(({ solid, digits }) => (solid === undefined ? digits : Number.POSITIVE_INFINITY)),
)
const wordsOf = (list: readonly Detector[]): number => list.reduce((bits, { needs }) => bits | needs, UNSTABLE)
const FIELD_FEATURES = wordsOf(OF_FIELDS)
const PROSE_FEATURES = wordsOf(DETECTORS)

const isHarmless = (features: number, prose: boolean): boolean =>
  (features & (prose ? PROSE_FEATURES : FIELD_FEATURES)) === 0 &&
  solidOf(features) < LEAST_SOLID &&
  looseOf(features) < LEAST_LOOSE

const DIGEST = /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,128})(?![0-9A-Za-z])/gi

/** UUIDs and digests hold chance runs of digits; one without a letter is not taken for such and stays. */
const blankDigests = (text: string): string =>
  text.length < 32 || !holdsHexRow(text)
    ? text
    : text.replace(DIGEST, (m) => (/[a-f]/i.test(m) ? '_'.repeat(m.length) : m))

/** Are there eight hexadecimal digits in a row? One of them stands at every eighth place. */
function holdsHexRow(text: string): boolean {
  for (let i = 7; i < text.length; i += 8) {
    if (!isHex(text.charCodeAt(i))) continue
    let start = i
    let end = i + 1
    while (start > 0 && isHex(text.charCodeAt(start - 1))) start--
    while (end < text.length && isHex(text.charCodeAt(end))) end++
    if (end - start >= 8) return true
    i = Math.max(i, end - (end % 8) - 1)
  }
  return false
}

const isHex = (c: number): boolean => (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66)
