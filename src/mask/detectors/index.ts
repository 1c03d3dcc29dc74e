/** All detectors, in the order in which they claim spans: an ID before a card before a phone (domain.md 2.6). */
import { shadowOf } from '../normal.ts'
import { bankCard } from './bank-card.ts'
import type { Detector } from './detector.ts'
import { email } from './email.ts'
import { foreignResident } from './foreign-resident.ts'
import { landline } from './landline.ts'
import { military } from './military.ts'
import { mobile } from './mobile.ts'
import { nameContext } from './name-context.ts'
import { passport } from './passport.ts'
import { plate } from './plate.ts'
import { recordNo } from './record-no.ts'
import { residentId } from './resident-id.ts'
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
]

export interface Hit {
  readonly detector: string
  /** UTF-16 offsets into the text as given */
  readonly start: number
  readonly end: number
}

export interface DetectOptions {
  /** also numbers whose check digit fails; default true */
  readonly strict?: boolean
}

/** Identifiers in a text, in order of place, not overlapping. */
export function detect(text: string, options: DetectOptions = {}): Hit[] {
  if (isHarmless(text)) return []
  const strict = options.strict ?? true
  const shadow = shadowOf(text)
  const body = blankDigests(shadow.text)
  const claimed: { detector: string; start: number; end: number }[] = []
  for (const detector of DETECTORS) {
    if (!detector.may(body)) continue
    for (const { start, end } of detector.find(body, strict)) {
      if (claimed.every((c) => end <= c.start || start >= c.end)) claimed.push({ detector: detector.name, start, end })
    }
  }
  claimed.sort((a, b) => a.start - b.start)
  return claimed.map(({ detector, start, end }) => ({ detector, start: shadow.origin(start), end: shadow.origin(end) }))
}

/** Does any detector hit, strict? Cheap for what most fields hold: few digits, no `@`. */
export function detectsAnything(text: string): boolean {
  if (isHarmless(text)) return false
  const body = blankDigests(shadowOf(text).text)
  for (const detector of DETECTORS) if (detector.may(body) && detector.find(body, true).length > 0) return true
  return false
}

/** ASCII with fewer than seven digits and no `@` holds nothing that any detector knows. */
function isHarmless(text: string): boolean {
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c >= 0x80 || c === 64) return false
    if (c >= 48 && c <= 57 && ++digits === 7) return false
  }
  return true
}

const DIGEST = /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,128})(?![0-9A-Za-z])/gi

/** UUIDs and digests hold chance runs of digits; one without a letter is not taken for such and stays. */
const blankDigests = (text: string): string =>
  text.length < 32 ? text : text.replace(DIGEST, (m) => (/[a-f]/i.test(m) ? '_'.repeat(m.length) : m))
