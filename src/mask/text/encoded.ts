/**
 * Texts that say what they hold in another spelling (X32, X45): base64, URL encoding, JSON escapes in a document that
 * was nested too deep to be opened, character references of XML, marks of emphasis, hexadecimal and local escapes of ER7 the
 * reader left as they are. They are no longer edited in place: only looked into.
 */
import { isUtf8 } from 'node:buffer'
import { isWrapped } from '../wrapped.ts'
import { saidIn, withoutRuns } from './encoded-runs.ts'

const BASE64 = /^[A-Za-z0-9+/_-]{12,}={0,2}$/
const PERCENT = /%([2-7][0-9a-f])/gi
const REFERENCE = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi
/** written with escapes, in a document or in a text that was made a string too often */
const SPELT = /\\u[0-9a-f]{4}/i
const ESCAPE = /\\(?:u([0-9a-f]{4})|([\s\S]))/gi
/** `\\X..\\` of an odd length or in lower case; `\\Z..\\` stands for nothing a reader sees */
const HEX = /\\x((?:[0-9a-f]{2}){4,})/gi
const LOCAL = /\\Z[^\\]{0,12}\\/g
/** marks that part no words: a number is read over them, cells of a table are not */
const EMPHASIS = /<\/?(?:[bius]|em|strong|font|mark)(?:\s[^<>]{0,200})?>|<!--[\s\S]{0,200}?-->/gi
/** the escapes of RFC 8259 that stand for a control */
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** What the text says in plain spelling, one layer down; null = it is written as it is meant. */
export function decodedOnce(text: string): string | null {
  if (text.includes('%')) {
    const plain = text.replace(PERCENT, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    if (plain !== text) return plain
  }
  if (text.includes('&#')) {
    const plain = text.replace(REFERENCE, (all, hex?: string, digits?: string) => signOf(hex, digits) ?? all)
    if (plain !== text) return plain
  }
  if (text.includes('\\')) return SPELT.test(text) || isWrapped(text) ? text.replace(ESCAPE, unescaped) : ofEr7(text)
  if (text.includes('<')) {
    const plain = text.replace(EMPHASIS, '')
    if (plain !== text) return plain
  }
  return (BASE64.test(text) ? ofBase64(text) : null) ?? withoutRuns(text)
}

function signOf(hex: string | undefined, digits: string | undefined): string | null {
  const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null
}

const unescaped = (_: string, hex: string | undefined, sign: string): string =>
  hex === undefined ? (CONTROLS[sign] ?? sign) : String.fromCharCode(Number.parseInt(hex, 16))

function ofEr7(text: string): string | null {
  const plain = text.replace(LOCAL, '').replace(HEX, (_, hex: string) => Buffer.from(hex, 'hex').toString('utf8'))
  return plain === text ? null : plain
}

function ofBase64(text: string): string | null {
  const bytes = Buffer.from(text, 'base64')
  return saidIn(bytes) ?? (isUtf8(bytes) ? bytes.toString('utf8') : null)
}
