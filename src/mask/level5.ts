/** ICD-10 codes that raise a record to level 5 (data/level5-icd10.json, domain.md E24). */
import table from '../../data/level5-icd10.json' with { type: 'json' }
import { clean, isStableUnit } from './normal.ts'

/** Every code in a text: category and, where given, the fourth character; a Chinese filler x is no fourth character. */
const CODES = /(?<![A-Z0-9.])([A-Z])\s?(\d{2})(?:\s?\.?\s?([0-9]))?/g

interface Range {
  readonly from: string
  readonly to: string
}

/** by category letter; ends as the three characters or three plus the fourth */
const RANGES: ReadonlyMap<string, readonly Range[]> = Map.groupBy(
  table.ranges.map(({ from, to }) => ({ from: from.replace('.', ''), to: to.replace('.', '') })),
  (range) => range.from[0]!,
)

/**
 * Does the text hold such a code? National clinical and insurance extensions (B20.100x001, C73.x00), lower case, blanks,
 * full width, dagger and asterisk pairs and a missing dot are read. A bare category counts when any of its
 * subcategories does: what is not said is taken as the worse.
 */
export function isLevel5Code(text: string): boolean {
  if (!mayHoldCode(text)) return false
  for (const [, letter, digits, fourth] of clean(text).toUpperCase().matchAll(CODES)) {
    const code = letter! + digits!
    for (const { from, to } of RANGES.get(letter!) ?? []) {
      if (from.length === 3 ? code >= from && code <= to : isWithin(code, fourth, from, to)) return true
    }
  }
  return false
}

function isWithin(code: string, fourth: string | undefined, from: string, to: string): boolean {
  if (code !== from.slice(0, 3)) return false
  return fourth === undefined || (fourth >= from[3]! && fourth <= to[3]!)
}

/** Two digits in a row after a letter, or a unit that may stand for one of them: names of diseases hold neither. */
function mayHoldCode(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (!isStableUnit(c)) return true
    if (c >= 0x30 && c <= 0x39 && i > 0) {
      const next = text.charCodeAt(i + 1)
      if (next >= 0x30 && next <= 0x39) return true
    }
  }
  return false
}
