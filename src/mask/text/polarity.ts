/** Marks that say a finding is there or not (data/polarity-marks.json); the only words codes-only has beside dictionaries. */
import marks from '../../../data/polarity-marks.json' with { type: 'json' }
import { UnitSet } from '../../base/unit-set.ts'

export interface Said {
  readonly start: number
  readonly end: number
  /** as the list spells it */
  readonly text: string
  readonly sort: 'negation' | 'finding'
}

interface Word {
  readonly text: string
  /** of Latin letters: a blank or a hyphen stands between two words, letters beside it make it another word */
  readonly latin: boolean
  readonly sort: 'negation' | 'finding'
  /** second unit of a word of Han characters; 0 = it has none, or is Latin */
  readonly second: number
}

const wordsOf = (list: string, sort: Said['sort']): readonly Word[] =>
  list.split(' ').map((text) => {
    const latin = /^[a-z-]+$/.test(text)
    return { text, latin, sort, second: latin || text.length === 1 ? 0 : text.charCodeAt(1) }
  })

const WORDS = [...wordsOf(marks.negation, 'negation'), ...wordsOf(marks.finding, 'finding')].toSorted(
  (a, b) => b.text.length - a.text.length,
)
/** place in {@link LISTS} of the words that begin with a unit; 0 = none does, as of nearly every unit */
const FIRST = new Uint8Array(0x10000)
const STARTS = new UnitSet()
const LISTS: Word[][] = [[]]
for (const word of WORDS)
  for (const first of new Set([word.text[0]!, word.text[0]!.toUpperCase()])) {
    const c = first.charCodeAt(0)
    STARTS.add(c)
    if (FIRST[c] === 0) FIRST[c] = LISTS.push([]) - 1
    LISTS[FIRST[c]!]!.push(word)
  }

export const MARKS: ReadonlySet<string> = new Set(WORDS.map((w) => w.text))

/** All marks of a text in order of place, the longest at each. */
export function marksOfPolarity(shadow: string): Said[] {
  const found: Said[] = []
  for (let i = 0; i < shadow.length; i++) {
    const c = shadow.charCodeAt(i)
    if (!STARTS.has(c)) continue
    const word = wordAt(LISTS[FIRST[c]!]!, shadow, i)
    if (word === null) continue
    const end = i + word.text.length
    found.push({ start: i, end, text: word.text, sort: word.sort })
    i = end - 1
  }
  return found
}

function wordAt(words: readonly Word[], shadow: string, i: number): Word | null {
  const next = shadow.charCodeAt(i + 1)
  for (const word of words) {
    if (word.second !== 0 && word.second !== next) continue
    if (word.latin ? isLatinAt(word.text, shadow, i) : word.text.length < 3 || shadow.startsWith(word.text, i))
      return word
  }
  return null
}

function isLatinAt(text: string, shadow: string, i: number): boolean {
  if (isLetter(shadow.charCodeAt(i - 1)) || isLetter(shadow.charCodeAt(i + text.length))) return false
  for (let k = 0; k < text.length; k++) {
    const c = shadow.charCodeAt(i + k)
    if (text[k] === '-' ? c !== 0x20 && c !== 0x2d : (c | 0x20) !== text.charCodeAt(k)) return false
  }
  return true
}

const isLetter = (c: number): boolean => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a
