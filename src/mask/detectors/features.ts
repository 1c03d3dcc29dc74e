/**
 * One look at every unit of a text, before any pattern: which sorts of characters and words it holds, how many digits
 * and how many of them in a row, how many Chinese numerals. Most texts of a payload lack what every detector needs, and
 * are done with after this.
 */
import words from '../../../data/name-context.json' with { type: 'json' }
import { UnitSet } from '../../base/unit-set.ts'
import { isStableUnit } from '../normal.ts'
import { PLATE_REGIONS } from './plate-regions.ts'

/** 1 is a digit, counted and not a feature of its own */
const DIGIT = 1
export const AT = 2
/** 号 and its like, in the words that name a number */
export const NUMBER_WORD = 4
/** 字, of 字第 */
export const CARD_WORD = 8
/** a word that announces the patient or a relative (data/name-context.json) */
export const PERSON_WORD = 16
/** first character of a plate */
export const REGION = 32
/** 岁, or the last letter of `years old` and `y/o` */
export const YEARS = 64
/** NFKC may change it, or it is dropped: a shadow is needed */
export const UNSTABLE = 128
/** `.`, `:` and `-`, of addresses of machines */
export const JOINT = 256
/** a label of a signature line */
export const STAFF_WORD = 512
/** a line break, or the escape character of HL7 */
export const BREAK = 1024
/** a title after a name */
export const TITLE_WORD = 2048
const FEATURES = 0xfff
/** sorts of units that are looked at more closely: last of a word of two and more, a numeral */
const WORD_END = 4096
const NUMERAL = 8192
/**
 * above the features: numerals (as many as 15), digits (31), the longest unbroken row of them (15), the longest with at
 * most two blanks or hyphens between two of them (31)
 */
const NUMERALS = 12
const DIGITS = 16
const SOLID = 21
const LOOSE = 25

const CLASS = new Uint16Array(65_536)
for (let c = 0; c < 65_536; c++) if (!isStableUnit(c)) CLASS[c] = UNSTABLE
const mark = (chars: string, bit: number): void => {
  for (const char of chars) CLASS[char.charCodeAt(0)]! |= bit
}
mark('0123456789０１２３４５６７８９', DIGIT)
mark('@＠', AT)
mark('号话机', NUMBER_WORD)
mark('字', CARD_WORD)
mark(PLATE_REGIONS, REGION)
mark('岁dDoO', YEARS)
mark('.:-：', JOINT)
mark('\n\r\\', BREAK)
mark('〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺⓪①②③④⑤⑥⑦⑧⑨', NUMERAL)
/** digits of other scripts (text/second-reading.ts) */
for (const zero of [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810])
  for (let i = 0; i < 10; i++) CLASS[zero + i]! |= NUMERAL

/** hashed last two characters of every word -> its features: of two pairs in one place both are said to be there */
const ENDINGS = new Uint16Array(4096)
const endingOf = (before: number, last: number): number => (Math.imul(before, 31) ^ last) & 4095
for (const [list, bit] of [
  [`${words.person} ${words.labels}`, PERSON_WORD],
  [words.staff, STAFF_WORD],
  [words.titles, TITLE_WORD],
] as const)
  for (const word of list.split(' ')) {
    const last = word.length - 1
    mark(word[last]!, WORD_END)
    ENDINGS[endingOf(word.charCodeAt(last - 1), word.charCodeAt(last))]! |= bit
  }

/** units that have any class */
const CLASSED = new UnitSet()
for (let c = 0; c < 65_536; c++) if (CLASS[c] !== 0) CLASSED.add(c)

/** Features of a text with its numbers of digits and numerals, packed; read with {@link has}, {@link digitsOf} and the like. */
export function featuresOf(text: string): number {
  let bits = 0
  let digits = 0
  let numerals = 0
  let last = -2
  let solid = 0
  let loose = 0
  let longest = 0
  let longestLoose = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (!CLASSED.has(unit)) continue
    const c = CLASS[unit]!
    bits |= c
    if ((c & DIGIT) !== 0) {
      digits++
      solid = last === i - 1 ? solid + 1 : 1
      loose = last === i - 1 || isJoined(text, last, i) ? loose + 1 : 1
      last = i
      if (solid > longest) longest = solid
      if (loose > longestLoose) longestLoose = loose
    } else if (c >= WORD_END) {
      if (c >= NUMERAL) numerals++
      if ((c & WORD_END) !== 0 && i > 0) bits |= ENDINGS[endingOf(text.charCodeAt(i - 1), text.charCodeAt(i))]!
    }
  }
  return (
    (bits & FEATURES & ~DIGIT) |
    (Math.min(numerals, 15) << NUMERALS) |
    (Math.min(digits, 31) << DIGITS) |
    (Math.min(longest, 15) << SOLID) |
    (Math.min(longestLoose, 31) << LOOSE)
  )
}

/** Do one or two blanks or hyphens stand between two digits, and nothing else? */
function isJoined(text: string, before: number, at: number): boolean {
  if (at - before > 3) return false
  for (let i = before + 1; i < at; i++) {
    const c = text.charCodeAt(i)
    if (c !== 0x20 && c !== 0x2d && c !== 0x09) return false
  }
  return true
}

/** Features of one unit, {@link COUNTED} where it is a digit, a numeral or the last of a word that is a feature. */
export const featuresOfUnit = (unit: number): number => {
  const c = CLASS[unit]!
  return (c & (DIGIT | WORD_END | NUMERAL)) === 0 ? c : c | COUNTED
}
/** no feature of a text */
export const COUNTED = 1 << 14
/** Is the unit the last of a word, and nothing that counts where it is the first of a text? */
export const onlyEndsWords = (unit: number): boolean => CLASS[unit] === WORD_END

export const has = (features: number, needs: number): boolean => (features & needs) === needs
/** number of digits, 31 for more */
export const digitsOf = (features: number): number => (features >>> DIGITS) & 31
/** length of the longest unbroken row of digits, 15 for more */
export const solidOf = (features: number): number => (features >>> SOLID) & 15
/** digits of the longest row in which at most two blanks or hyphens stand between two of them, 31 for more */
export const looseOf = (features: number): number => (features >>> LOOSE) & 31
export const numeralsOf = (features: number): number => (features >>> NUMERALS) & 15
