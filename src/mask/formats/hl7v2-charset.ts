/**
 * Which character set an HL7 v2 payload is in: interface entry > HTTP charset > MSH-18 of the first message > strict
 * UTF-8 test > GB18030 (domain.md 6.1.6). The whole payload must decode strictly in it, or it is refused.
 */
import { isAscii, isUtf8 } from 'node:buffer'
import { GatewayError } from '../../base/errors.ts'
import type { ReadHints } from '../plan.ts'
import { CR, FS, LF, VT } from '../scan/hl7v2-delimiters.ts'
import { ASCII, type Charset, charsetNamed, GB18030, GBK, UTF_8 } from './charset.ts'

const CHARSET_FIELD = 18

/**
 * @throws GatewayError UNSUPPORTED_CHARSET (UTF-16, BIG-5 and such; a label that contradicts the bytes so that
 * delimiters would be read differently; messages of one payload that disagree), PAYLOAD_UNPARSEABLE (bytes that mean
 * nothing in the set)
 */
export function charsetFor(source: Buffer, hints: ReadHints): Charset {
  if (source[0]! >= 0xfe || source[0] === 0 || source[1] === 0) throw new GatewayError('UNSUPPORTED_CHARSET')
  const ascii = isAscii(source)
  const utf8 = ascii || isUtf8(source)
  const declared = hints.entryCharset ?? hints.charset
  const named = declared === null ? fromMessages(source, ascii, utf8) : charsetNamed(declared)
  if (named === undefined) throw new GatewayError('UNSUPPORTED_CHARSET')
  const charset = source[0] === 0xef && utf8 ? UTF_8 : settle(source, named, ascii, utf8, hints.entryCharset !== null)
  if (!(charset.utf8 ? utf8 : ascii || charset.accepts(source))) throw new GatewayError('PAYLOAD_UNPARSEABLE')
  return charset
}

function settle(source: Buffer, named: Charset | null, ascii: boolean, utf8: boolean, byEntry: boolean): Charset {
  if (ascii) return named ?? UTF_8
  // Engines put ASCII into MSH-18 whatever they send: it tells no more than an empty field.
  if (named === null || named === ASCII) return utf8 ? UTF_8 : GBK
  if (named.utf8 || byEntry) return named
  if (utf8 && !named.multibyte) return UTF_8
  // GBK under a single-byte label would be cut at bytes that look like delimiters, UTF-8 under GBK would lose some.
  if (utf8 === named.multibyte && hidesDelimiter(source)) throw new GatewayError('UNSUPPORTED_CHARSET')
  return named
}

/** Read as GBK, does a trail byte stand where another reading sees a delimiter? */
function hidesDelimiter(source: Buffer): boolean {
  const at = Math.max(0, nextHeader(source, -1))
  const delimiters = source.subarray(at + 3, at + 9)
  for (let i = 0; i + 1 < source.length; i++) {
    if (source[i]! < 0x81) continue
    const d = source[i + 1]!
    if (d < 0x7f && d >= 0x40 && delimiters.includes(d)) return true
    i++
  }
  return false
}

/** What MSH-18 of all messages says; null = nothing, undefined = a set not supported, or several. */
function fromMessages(source: Buffer, ascii: boolean, utf8: boolean): Charset | null | undefined {
  let named: Charset | null = null
  for (let at = nextHeader(source, -1); at >= 0; at = nextHeader(source, at)) {
    const found = charsetNamed(label(source, at, !utf8))
    if (found === undefined) return undefined
    if (found === null || found === named) continue
    // A batch is read in one set: of two that differ one would be misread.
    if (named !== null && named !== ASCII && found !== ASCII && !(named.multibyte && found.multibyte)) return ascii ? named : undefined
    if (named === null || named === ASCII || named === GB18030) named = found === ASCII ? (named ?? ASCII) : found
    if (ascii) return named
  }
  return named
}

/** Next `MSH` at the start of the payload or of a line after `from`; -1 = none. */
function nextHeader(source: Buffer, from: number): number {
  const bom = source[0] === 0xef ? 3 : 0
  for (let at = source.indexOf('MSH', from + 1, 'latin1'); at >= 0; at = source.indexOf('MSH', at + 1, 'latin1')) {
    const before = source[at - 1]
    if (at === bom || before === CR || before === LF || before === VT) return at
  }
  return -1
}

/** First repetition of MSH-18 of the header at `at`; empty = not there. */
function label(source: Buffer, at: number, multibyte: boolean): string {
  const field = source[at + 3]
  const repetition = source[at + 5]
  let number = 2
  let i = at + 4
  for (; i < source.length && number < CHARSET_FIELD; i++) {
    const c = source[i]!
    if (c === CR || c === LF || c === FS) return ''
    if (multibyte && c >= 0x81) i += source[i + 1]! >= 0x30 && source[i + 1]! <= 0x39 ? 3 : 1
    else if (c === field) number++
  }
  let end = i
  while (end < source.length && source[end]! > FS && source[end] !== field && source[end] !== repetition && end - i < 64) end++
  return source.toString('latin1', i, end)
}
