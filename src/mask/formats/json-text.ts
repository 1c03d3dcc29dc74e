/** Texts of JSON values: decoding, writing, and what a FHIR primitive admits (datatypes.html of R4). */
import { textOf } from '../../base/short-text.ts'
import type { Edits } from '../../base/splice.ts'
import type { Admits } from '../site.ts'

/** RFC 8259 section 6 */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const DATE = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/
const INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/
const ID = /^[A-Za-z0-9.-]{1,64}$/
const CODE = /^[^\s*]+(?: [^\s*]+)*$/
const URI = /^[^\s*]+$/

export const isNumberText = (text: string): boolean => NUMBER.test(text)

/** Does a string of this type take the text? `***` is no date, code, id or URI; a year is a date. */
export function admitsText(admits: Admits, text: string): boolean {
  switch (admits) {
    case 'text':
      return true
    case 'id':
      return ID.test(text)
    case 'code':
      return CODE.test(text)
    case 'uri':
      return URI.test(text)
    case 'date':
      return DATE.test(text)
    case 'datetime':
      return DATE.test(text) || INSTANT.test(text)
    case 'instant':
      return INSTANT.test(text)
    case 'number':
      return NUMBER.test(text)
    case 'none':
      return false
  }
}

/** Text of a string literal, quotes included in [start, end). */
export function readString(source: Buffer, start: number, end: number, escaped: boolean): string {
  return escaped ? JSON.parse(source.toString('utf8', start, end)) : textOf(source, start + 1, end - 1)
}

const SPECIAL = /["\\\u0000-\u001f]|[\ud800-\udfff]/

/** Replaces [start, end) by the text as a string literal. */
export function writeString(edits: Edits, start: number, end: number, text: string): void {
  const at = edits.reserve(start, text.length * 6 + 2)
  const target = edits.scratch
  target[at] = 0x22
  const used = text.length <= SHORT ? writeShort(target, at + 1, text) : -1
  if (used >= 0) {
    target[used] = 0x22
    edits.commit(start, end, used + 1)
  } else if (SPECIAL.test(text)) {
    // JSON.stringify escapes what must be, lone surrogates included.
    edits.commit(start, end, at + target.write(JSON.stringify(text), at, 'utf8'))
  } else {
    const last = at + 1 + target.write(text, at + 1, 'utf8')
    target[last] = 0x22
    edits.commit(start, end, last + 1)
  }
}

/** what is written here; for more a call into the runtime and its look for what must be escaped cost less */
const SHORT = 96

/** The text in UTF-8; -1 = something of it must be escaped, or is half of a pair. */
function writeShort(target: Uint8Array, from: number, text: string): number {
  let at = from
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x80) {
      if (c < 0x20 || c === 0x22 || c === 0x5c) return -1
      target[at++] = c
    } else if (c < 0x800) {
      target[at++] = 0xc0 | (c >> 6)
      target[at++] = 0x80 | (c & 0x3f)
    } else {
      if ((c & 0xf800) === 0xd800) return -1
      target[at++] = 0xe0 | (c >> 12)
      target[at++] = 0x80 | ((c >> 6) & 0x3f)
      target[at++] = 0x80 | (c & 0x3f)
    }
  }
  return at
}
