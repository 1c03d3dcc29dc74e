/** Marks that say a finding is there or not (data/polarity-marks.json); the only words codes-only has beside dictionaries. */
import marks from '../../../data/polarity-marks.json' with { type: 'json' }

export interface Said {
  readonly start: number
  readonly end: number
  /** as the list spells it */
  readonly text: string
  readonly negates: boolean
}

interface Word {
  readonly text: string
  /** as it is looked for: a blank or a hyphen between Latin words */
  readonly pattern: RegExp | null
  readonly negates: boolean
}

const wordsOf = (list: string, negates: boolean): readonly Word[] =>
  list.split(' ').map((text) => ({
    text,
    pattern: /^[a-z-]+$/.test(text) ? new RegExp(`${text.replace('-', '[ -]')}(?![A-Za-z])`, 'iy') : null,
    negates,
  }))

const WORDS = [...wordsOf(marks.negation, true), ...wordsOf(marks.finding, false)].toSorted(
  (a, b) => b.text.length - a.text.length,
)
const BY_FIRST = new Map<number, Word[]>()
/** hashed first units: a cheap no for most places of a text */
const FIRST = new Uint8Array(4096)
for (const word of WORDS)
  for (const first of new Set([word.text[0]!, word.text[0]!.toUpperCase()])) {
    const c = first.charCodeAt(0)
    FIRST[c & 4095] = 1
    BY_FIRST.set(c, [...(BY_FIRST.get(c) ?? []), word])
  }

export const MARKS: ReadonlySet<string> = new Set(WORDS.map((w) => w.text))

/** All marks of a text in order of place, the longest at each. */
export function marksOfPolarity(shadow: string): Said[] {
  const found: Said[] = []
  for (let i = 0; i < shadow.length; i++) {
    const c = shadow.charCodeAt(i)
    if (FIRST[c & 4095] === 0) continue
    const word = BY_FIRST.get(c)?.find((w) => isAt(w, shadow, i))
    if (word === undefined) continue
    const end = i + word.text.length
    found.push({ start: i, end, text: word.text, negates: word.negates })
    i = end - 1
  }
  return found
}

function isAt({ text, pattern }: Word, shadow: string, i: number): boolean {
  if (pattern === null) return shadow.startsWith(text, i)
  if (i > 0 && /[A-Za-z]/.test(shadow[i - 1]!)) return false
  pattern.lastIndex = i
  return pattern.test(shadow)
}
