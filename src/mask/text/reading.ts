/** A text as detectors, known values and dictionaries see it, and the way back to the text as sent. */
import { featuresOf } from '../detectors/features.ts'
import { shadowOf } from '../normal.ts'

export interface Reading {
  readonly raw: string
  /** the shadow (normal.ts): NFKC, ignorables dropped, dashes and middle dots unified */
  readonly shadow: string
  /** features of the shadow (detectors/features.ts) */
  readonly features: number
  /** offset in the raw text of the unit shadow offset i came from */
  readonly origin: (i: number) => number
}

export function read(raw: string): Reading {
  const { text, origin } = shadowOf(raw)
  return { raw, shadow: text, features: featuresOf(text), origin }
}

/** End in the raw text of a span that ends at shadow offset i: a character NFKC spells out goes whole or not at all. */
export function originEnd({ raw, shadow, origin }: Reading, i: number): number {
  if (i >= shadow.length) return raw.length
  let k = i
  while (k < shadow.length && origin(k) === origin(i - 1)) k++
  return k < shadow.length ? origin(k) : raw.length
}
