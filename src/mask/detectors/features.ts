/**
 * One look at every unit of a text, before any pattern: which sorts of characters and words it holds, how many digits,
 * how many Chinese numerals. Most texts of a payload lack what every detector needs, and are done with after this.
 */
import words from '../../../data/name-context.json' with { type: 'json' }
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
/** a label of a signature line, or a title */
export const STAFF_WORD = 512
/** a line break, or the escape character of HL7 */
export const BREAK = 1024
const FEATURES = 0x7ff
/** sorts of units that are looked at more closely: last of a word of two and more, a numeral */
const WORD_END = 2048
const NUMERAL = 4096
/** above the features: four bits of numerals (as many as 15), then the number of digits */
const NUMERALS = 11
const DIGITS = 15

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

/** last two characters of every word -> its feature */
const ENDINGS = new Map<number, number>()
for (const [list, bit] of [
  [`${words.person} ${words.labels}`, PERSON_WORD],
  [`${words.staff} ${words.titles}`, STAFF_WORD],
] as const)
  for (const word of list.split(' ')) {
    const last = word.length - 1
    mark(word[last]!, WORD_END)
    const pair = word.charCodeAt(last - 1) * 65_536 + word.charCodeAt(last)
    ENDINGS.set(pair, (ENDINGS.get(pair) ?? 0) | bit)
  }

/** Features of a text with its numbers of digits and numerals, packed; read with {@link has} and {@link digitsOf}. */
export function featuresOf(text: string): number {
  let bits = 0
  let digits = 0
  let numerals = 0
  for (let i = 0; i < text.length; i++) {
    const c = CLASS[text.charCodeAt(i)]!
    if (c === 0) continue
    bits |= c
    digits += c & DIGIT
    if (c >= WORD_END) {
      if (c >= NUMERAL) numerals++
      if ((c & WORD_END) !== 0 && i > 0) bits |= ENDINGS.get(text.charCodeAt(i - 1) * 65_536 + text.charCodeAt(i)) ?? 0
    }
  }
  return (bits & FEATURES & ~DIGIT) | (Math.min(numerals, 15) << NUMERALS) | (Math.min(digits, 0xffff) << DIGITS)
}

export const has = (features: number, needs: number): boolean => (features & needs) === needs
export const digitsOf = (features: number): number => features >>> DIGITS
export const numeralsOf = (features: number): number => (features >>> NUMERALS) & 15
