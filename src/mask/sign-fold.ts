/**
 * How signs of level 5 and the values they stand in are compared: width, case, blanks and hyphens do not hide a sign.
 * NFKC, trimmed, lower case; blanks beside a Han character are nothing, other runs of blanks, hyphens and underscores
 * are one hyphen.
 */
import { clean } from './normal.ts'

/** a value while it is folded, as UTF-16LE */
const scratch = Buffer.alloc(1 << 12)

export function foldSign(text: string): string {
  const n = text.length
  if (2 * n > scratch.length) return foldLong(text)
  let used = 0
  let last = 0
  let gap = false
  let hyphen = false
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i)
    let to = ONE[c]!
    if (to === ASK) to = ONE[c] = oneUnit(c)
    if (to === MANY) return foldLong(text)
    if (to === BLANK) gap = true
    else if (to === HYPHEN) gap = hyphen = true
    else {
      if (gap) {
        if (hyphen || (used > 0 && !isHan(last) && !isHan(to))) used = put(used, HYPHEN)
        gap = hyphen = false
      }
      used = put(used, to)
      last = to
    }
  }
  if (hyphen) used = put(used, HYPHEN)
  return scratch.toString('utf16le', 0, used)
}

function put(at: number, unit: number): number {
  scratch[at] = unit
  scratch[at + 1] = unit >>> 8
  return at + 2
}

/** The same by its definition, for what is not folded unit by unit. */
export function foldLong(text: string): string {
  const value = clean(text).toLowerCase()
  if (!/[\s_-]/.test(value)) return value
  return value.replace(/(?<=\p{Script=Han})\s+|\s+(?=\p{Script=Han})/gu, '').replace(/[\s_-]+/g, '-')
}

const ASK = 0
const BLANK = 0x20
const HYPHEN = 0x2d
/** spelled out, dropped, lost in its neighbours, or not told by itself */
const MANY = 0xffff
/** what one unit becomes, every blank a blank, `_` a hyphen; filled as units are met */
const ONE = new Uint16Array(0x10000)

/** what joins its neighbours, is half of a pair or, as the last of a word, has another small letter */
const AWKWARD = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Cs}\p{Cc}\u1100-\u11ff\u03a3]/u

function oneUnit(c: number): number {
  if (c >= 0x09 && c <= 0x0d) return BLANK
  const sign = String.fromCharCode(c)
  const plain = sign.normalize('NFKC')
  const to = plain.toLowerCase()
  if (to.length !== 1 || AWKWARD.test(sign) || AWKWARD.test(plain)) return MANY
  return /\s/.test(to) ? BLANK : to === '_' ? HYPHEN : to.charCodeAt(0)
}

/** The script, of one unit. */
const isHan = (c: number): boolean =>
  (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x2e80 && /\p{Script=Han}/u.test(String.fromCharCode(c)))
