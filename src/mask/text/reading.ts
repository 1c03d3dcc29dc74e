/** A text as detectors, known values and dictionaries see it, and the way back to the text as sent. */
import { featuresOf } from '../detectors/features.ts'
import { shadowOf, shadowOfBytes } from '../normal.ts'

export interface Seen {
  /** the shadow (normal.ts): NFKC, ignorables dropped, dashes and middle dots unified */
  readonly shadow: string
  /** features of the shadow (detectors/features.ts) */
  readonly features: number
}

export interface Reading extends Seen {
  readonly raw: string
  /** offset in the raw text of the unit shadow offset i came from */
  readonly origin: (i: number) => number
}

export function read(raw: string): Reading {
  const { text, origin } = shadowOf(raw)
  return { raw, shadow: text, features: featuresOf(text), origin }
}

/** What there is to be seen of UTF-8 bytes; null = not certain, or the text is of blanks: read it. */
export function readBytes(source: Buffer, start: number, end: number): Seen | null {
  const shadow = shadowOfBytes(source, start, end)
  return shadow === null ? null : { shadow, features: featuresOf(shadow) }
}

/** End in the raw text of a span that ends at shadow offset i: a character NFKC spells out goes whole or not at all. */
export function originEnd({ raw, shadow, origin }: Reading, i: number): number {
  if (i >= shadow.length) return raw.length
  let k = i
  while (k < shadow.length && origin(k) === origin(i - 1)) k++
  return k < shadow.length ? origin(k) : raw.length
}
