/**
 * Normalised text: what canonical values, detectors and dictionaries see instead of the text as sent. NFKC (UAX 15),
 * default-ignorable code points (zero width, soft hyphen, variation selectors, BOM) dropped.
 */

import { textOf } from '../base/short-text.ts'

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu

/** Does NFKC leave this UTF-16 unit alone next to others of its sort? ASCII, CJK unified ideographs, `、` and `。`. */
export const isStableUnit = (c: number): boolean =>
  c < 0x80 || (c >= 0x4e00 && c <= 0x9fff) || c === 0x3001 || c === 0x3002

/** True when NFKC is known to be the identity without calling it. */
export function isStable(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isStableUnit(text.charCodeAt(i))) return false
  return true
}

/** NFKC, ignorables dropped, trimmed. */
export function clean(text: string): string {
  const n = text.length
  if (isStable(text)) {
    if (n === 0 || (text.charCodeAt(0) > 0x20 && text.charCodeAt(n - 1) > 0x20)) return text
    return text.trim()
  }
  return text.replace(IGNORABLE, '').normalize('NFKC').trim()
}

/** Every sort of dash becomes `-`; used where a dash separates groups of digits. */
export const plainDashes = (text: string): string => text.replace(/[\u2010-\u2015\u2212]/g, '-')

/** Unifies the middle dots of transcribed names (U+2022, U+2027, U+30FB, U+FF65, U+0387, U+16EB, U+2E31) to U+00B7. */
export const plainDots = (text: string): string =>
  text.replace(/[\u0387\u16eb\u2022\u2027\u2219\u22c5\u2e31\u30fb]/g, '\u00b7')

/** A normalised copy of a text that remembers where each unit came from. */
export interface Shadow {
  readonly text: string
  /** offset in the original of shadow offset i; `size` gives the end */
  readonly origin: (i: number) => number
}

const IDENTITY = (i: number): number => i

/**
 * Shadow of a text: per code point NFKC, ignorables dropped, dashes and middle dots unified. A number sign that is no
 * digit (①, ², ㍘) stays as it is: it would make another number of the digits beside it. Offsets are UTF-16 units.
 */
export function shadowOf(text: string): Shadow {
  const n = text.length
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i)
    let to = ONE[c]!
    if (to === ASK) to = ONE[c] = oneUnit(c)
    if (to === c) continue
    return to === MANY ? unevenShadow(text) : evenShadow(text, i)
  }
  return { text, origin: IDENTITY }
}

/** A shadow while it is written, as UTF-16LE: pieces put together one by one cost several times as much. */
const scratch = Buffer.alloc(1 << 16)

/** The first `from` units stay. */
function evenShadow(text: string, from: number): Shadow {
  const n = text.length
  const target = 2 * n > scratch.length ? Buffer.alloc(2 * n) : scratch
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i)
    let to = c
    if (i >= from) {
      to = ONE[c]!
      if (to === ASK) to = ONE[c] = oneUnit(c)
      if (to === MANY) return unevenShadow(text)
    }
    target[2 * i] = to
    target[2 * i + 1] = to >>> 8
  }
  return { text: target.toString('utf16le', 0, 2 * n), origin: IDENTITY }
}

/** units of the shadow made last of bytes, as a processor of little end keeps them: one store each */
const units = new Uint16Array(1 << 15)
const unitBytes = Buffer.from(units.buffer)

/** bytes of a text that is made at less cost than a shadow of them */
const FEW = 30

/** The shadow of UTF-8 bytes as `shadowOf` gives it of their text; null = it takes that, or there may be nothing but blanks. */
export function shadowOfBytes(source: Buffer, start: number, end: number): string | null {
  if (end - start <= FEW) {
    const text = textOf(source, start, end)
    return text.trim() === '' ? null : shadowOf(text).text
  }
  if (end - start > units.length) return null
  let said = false
  let n = 0
  for (let i = start; i < end; n++) {
    let c = source[i]!
    if (c < 0x80) i++
    else {
      i += c < 0xe0 ? 2 : 3
      c = pointBefore(source, i, c, end)
      if (c < 0) return null
    }
    let to = c
    if (c < 0x4e00 || c > 0x9fff) {
      to = ONE[c]!
      if (to === ASK) to = ONE[c] = oneUnit(c)
      if (to === MANY) return null
    }
    said ||= c > 0x20 && isStableUnit(c)
    units[n] = to
  }
  return said ? unitBytes.toString('utf16le', 0, 2 * n) : null
}

/** The code point of the two or three bytes before `i`; -1 = they are none, or one that few texts hold. */
function pointBefore(source: Uint8Array, i: number, lead: number, end: number): number {
  const last = source[i - 1]!
  if (i > end || (last & 0xc0) !== 0x80) return -1
  if (lead < 0xe0) return lead < 0xc2 ? -1 : ((lead & 0x1f) << 6) | (last & 0x3f)
  const second = source[i - 2]!
  // E0 and ED may begin what is overlong or half a pair.
  if (lead === 0xe0 || lead === 0xed || lead >= 0xf0 || (second & 0xc0) !== 0x80) return -1
  return ((lead & 0xf) << 12) | ((second & 0x3f) << 6) | (last & 0x3f)
}

/** what one unit becomes when that is one unit; filled as units are met */
const ONE = new Uint16Array(65_536)
const ASK = 0
/** it is dropped, spelled out, or half of a pair */
const MANY = 0xffff
for (let c = 1; c < 65_536; c++) if (isStableUnit(c)) ONE[c] = c

function oneUnit(c: number): number {
  if (c === 0) return 0
  const to = foldPoint(String.fromCharCode(c))
  return to.length === 1 && (c & 0xf800) !== 0xd800 ? to.charCodeAt(0) : MANY
}

function unevenShadow(text: string): Shadow {
  const n = text.length
  let out = ''
  let from = 0
  const map: number[] = []
  for (let i = 0; i < n; ) {
    const c = text.charCodeAt(i)
    let one = ONE[c]!
    if (one === ASK) one = ONE[c] = oneUnit(c)
    if (one === c) {
      map.push(i++)
      continue
    }
    const code = text.codePointAt(i)!
    const to = one === MANY ? foldPoint(String.fromCodePoint(code)) : String.fromCharCode(one)
    out += text.slice(from, i) + to
    for (let k = 0; k < to.length; k++) map.push(i)
    i += code > 0xffff ? 2 : 1
    from = i
  }
  map.push(n)
  return { text: out + text.slice(from), origin: (i) => map[i]! }
}

const folded = new Map<string, string>()

function foldPoint(point: string): string {
  const known = folded.get(point)
  if (known !== undefined) return known
  const plain = plainDots(plainDashes(point.replace(IGNORABLE, '').normalize('NFKC')))
  const to = /[0-9]/.test(plain) && !/^\p{Nd}$/u.test(point) ? point : plain
  // Bounded: hostile text may hold every code point there is.
  if (folded.size < 4096) folded.set(point, to)
  return to
}
