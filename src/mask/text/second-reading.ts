/**
 * Numbers written so that no pattern of digits sees them (attack case X37): in Chinese numerals (一三八…), in digits of
 * another script, with letters O and l among them, broken by one line break or HL7 `\.br\`, parted by dots and
 * brackets. They are read a second time; what a second reading finds is added to the first, so nothing gets lost by it.
 */

import { eachMatch } from '../detectors/detector.ts'
import { BREAK, digitsOf, has, numeralsOf, solidOf } from '../detectors/features.ts'
import { parseResidentId } from '../resident-id.ts'

export interface SecondReading {
  readonly text: string
  /** offset in the shadow of offset i here; text.length gives the shadow's */
  readonly at: readonly number[]
}

const NUMERALS = '〇零一二三四五六七八九'
const NUMERAL_DIGITS = '00123456789'
const FORMAL = '壹贰叁肆伍陆柒捌玖幺⓪①②③④⑤⑥⑦⑧⑨'
const FORMAL_DIGITS = '12345678910123456789'
/** ten decimal digits each: Arabic, Persian, Devanagari, Bengali, Thai, Lao, Tibetan, Burmese, Khmer, Mongolian */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810]

const numeral = new Map<string, string>([
  ...[...NUMERALS].map((c, i) => [c, NUMERAL_DIGITS[i]!] as const),
  ...[...FORMAL].map((c, i) => [c, FORMAL_DIGITS[i]!] as const),
  ...ZEROS.flatMap((zero) => Array.from({ length: 10 }, (_, i) => [String.fromCharCode(zero + i), String(i)] as const)),
])
const NUMERAL_CLASS = [...numeral.keys()].join('')

/** seven and more numerals in a row: nobody counts like that */
const NUMERAL_RUN = new RegExp(`[${NUMERAL_CLASS}](?:[ -]?[${NUMERAL_CLASS}\\d]){6,}[Xx]?`, 'g')
/** letters taken for digits, in a run of at least eleven of both */
const LOOKALIKE_RUN = /(?<![A-Za-z])[\dOoIl|](?:[ -]?[\dOoIl|]){9,17}[\dOoIl|Xx](?![A-Za-z\d])/g
/** one break between two runs of digits that are themselves unbroken */
const BROKEN_RUN =
  /(?<![\d\n])(\d[\d -]{0,20})(\s?(?:\r\n|\n|\r|\\\.br\\)\s?)(\d[\d -]{0,20}[\dXx]?)(?!\d|\s?\n\s?\d|\\\.br\\\d)/g

/** a mobile parted as people part it, by one sign twice or with its beginning in brackets */
const PARTED_MOBILE = /(?<!\d|\d[.·_])1[3-9]\d([.·_])\d{4}\1\d{4}(?![.·_]?\d)|\(1[3-9]\d\)[ -]?\d{4}[ -]?\d{4}(?!\d)/g
/** with signs that part lists of values too (fluid balance 150/2500/1800): only right after a word that announces a telephone */
const ANNOUNCED_MOBILE =
  /(?<=(?:电话|手机|联系方式|微信|致电|回电|phone|mobile|tel)(?:号码|号)?[\s:：为是#.]{0,3})1[3-9]\d([/\\~,、])\d{4}\1\d{4}(?![/\\~,、]?\d)/gi
/** digits with at most one sign between two of them: worth a look where region, date and check digit agree */
const PARTED_ID = /(?<!\d)[1-9](?:[ .·_/,:-]?\d){16}[ .·_/,:-]?[\dXx](?!\d)/g

/** lengths of the numbers worth joining: mobile, old ID, ID and cards */
const WHOLE = new Set([11, 15, 16, 17, 18, 19])

/** Null when there is nothing to be read otherwise, which is nearly always. `features` are those of the shadow. */
export function readAgain(shadow: string, features: number): SecondReading | null {
  const digits = digitsOf(features)
  const edits: Edit[] = []
  if (numeralsOf(features) >= 7) inNumerals(shadow, edits)
  if (digits >= 8) amongLetters(shadow, edits)
  if (digits >= 11 && has(features, BREAK)) overBreaks(shadow, edits)
  if (digits >= 11 && solidOf(features) < 11) overSigns(shadow, digits, edits)
  return edits.length === 0 ? null : apply(shadow, edits)
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function inNumerals(shadow: string, edits: Edit[]): void {
  eachMatch(NUMERAL_RUN, shadow, (m) => {
    const text = m[0].replace(/./gu, (c) => numeral.get(c) ?? c)
    edits.push({ start: m.index, end: m.index + m[0].length, text })
  })
}

function amongLetters(shadow: string, edits: Edit[]): void {
  eachMatch(LOOKALIKE_RUN, shadow, (m) => {
    if (!/[OoIl|]/.test(m[0]) || m[0].replace(/\D/g, '').length < 8) return
    const text = m[0].replace(/[Oo]/g, '0').replace(/[Il|]/g, '1')
    edits.push({ start: m.index, end: m.index + m[0].length, text })
  })
}

function overBreaks(shadow: string, edits: Edit[]): void {
  eachMatch(BROKEN_RUN, shadow, (m) => {
    if (!WHOLE.has((m[1]! + m[3]!).replace(/[ -]/g, '').length)) return
    const start = m.index + m[1]!.length
    edits.push({ start, end: start + m[2]!.length, text: '' })
  })
}

function overSigns(shadow: string, digits: number, edits: Edit[]): void {
  eachMatch(PARTED_MOBILE, shadow, (m) => {
    const text = m[0].replace(/^\((\d{3})\)/, '$1  ').replace(/[.·_]/g, '-')
    edits.push({ start: m.index, end: m.index + m[0].length, text })
  })
  eachMatch(ANNOUNCED_MOBILE, shadow, (m) => {
    edits.push({ start: m.index, end: m.index + m[0].length, text: m[0].replace(/\D/g, '-') })
  })
  if (digits < 17) return
  eachMatch(PARTED_ID, shadow, (m) => {
    if (parseResidentId(m[0].replace(/[^\dXx]/g, '').toUpperCase())?.checked !== true) return
    edits.push({ start: m.index, end: m.index + m[0].length, text: m[0].replace(/[^\dXx]/g, '-') })
  })
}

function apply(shadow: string, edits: Edit[]): SecondReading {
  edits.sort((a, b) => a.start - b.start)
  const at: number[] = []
  let text = ''
  let from = 0
  const copy = (to: number): void => {
    for (; from < to; from++) at.push(from)
  }
  for (const edit of edits) {
    if (edit.start < from) continue
    text += shadow.slice(from, edit.start) + edit.text
    copy(edit.start)
    // Replacements are as long as what they replace, or empty.
    for (let i = 0; i < edit.text.length; i++) at.push(edit.start + i)
    from = edit.end
  }
  text += shadow.slice(from)
  copy(shadow.length + 1)
  return { text, at }
}
