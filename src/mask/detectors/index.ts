/** All detectors, in the order in which they claim spans: an ID before a card before a phone (domain.md 2.6). */
import { shadowOf } from '../normal.ts'
import { age } from './age.ts'
import { bankCard } from './bank-card.ts'
import { claim } from './claims.ts'
import type { Claim, Detector } from './detector.ts'
import { email } from './email.ts'
import { digitsOf, featuresOf, has, UNSTABLE } from './features.ts'
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
  const digits = digitsOf(features)
  let body: string | null = null
  let claims = NONE
  for (const detector of list) {
    if (digits < detector.digits || !has(features, detector.needs)) continue
    body ??= blankDigests(shadow)
    const spans = detector.find(body, strict)
    if (spans.length > 0) claims = claim(claims, detector, spans)
  }
  return claims
}

/** Does any detector hit, strict? Cheap for what most fields hold: few digits, none of the words. */
export function detectsAnything(text: string): boolean {
  let features = featuresOf(text)
  if (isHarmless(features, false)) return false
  let shadow = text
  if (has(features, UNSTABLE)) {
    shadow = shadowOf(text).text
    features = featuresOf(shadow)
  }
  const digits = digitsOf(features)
  let body: string | null = null
  for (const detector of OF_FIELDS) {
    if (digits < detector.digits || !has(features, detector.needs)) continue
    body ??= blankDigests(shadow)
    if (detector.find(body, true).length > 0) return true
  }
  return false
}

/** What a detector needs that asks for less than seven digits. */
const OF_FEW_DIGITS = (list: readonly Detector[]): number =>
  list.reduce((bits, d) => (d.digits < 7 ? bits | d.needs : bits), UNSTABLE)
const FIELD_FEATURES = OF_FEW_DIGITS(OF_FIELDS)
const PROSE_FEATURES = OF_FEW_DIGITS(DETECTORS)

const isHarmless = (features: number, prose: boolean): boolean =>
  digitsOf(features) < 7 && (features & (prose ? PROSE_FEATURES : FIELD_FEATURES)) === 0

const DIGEST = /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,128})(?![0-9A-Za-z])/gi

/** UUIDs and digests hold chance runs of digits; one without a letter is not taken for such and stays. */
const blankDigests = (text: string): string =>
  text.length < 32 ? text : text.replace(DIGEST, (m) => (/[a-f]/i.test(m) ? '_'.repeat(m.length) : m))
