/**
 * Which character set an HL7 v2 payload is in: interface entry > HTTP charset > MSH-18 of the first message > strict
 * UTF-8 test > GB18030 (domain.md 6.1.6). The whole payload must decode strictly in it, or it is refused.
 */
import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../../base/errors.ts'
import type { ReadHints } from '../plan.ts'
import { CR, FS, LF, VT } from '../scan/hl7v2-delimiters.ts'
import { ASCII, type Charset, charsetNamed, GBK, UTF_8 } from './charset.ts'

const CHARSET_FIELD = 18

/**
 * @throws GatewayError UNSUPPORTED_CHARSET (UTF-16, BIG-5 and such; a label that contradicts the bytes so that
 * delimiters would be read differently), PAYLOAD_UNPARSEABLE (bytes that mean nothing in the set)
 */
export function charsetFor(source: Buffer, ascii: boolean, hints: ReadHints): Charset {
  if (source[0]! >= 0xfe || source[0] === 0 || source[1] === 0) throw new GatewayError('UNSUPPORTED_CHARSET')
  const utf8 = ascii || isUtf8(source)
  const declared = hints.entryCharset ?? hints.charset
  const named = charsetNamed(declared ?? label(source, firstHeader(source), !utf8))
  if (named === undefined) throw new GatewayError('UNSUPPORTED_CHARSET')
  const charset = source[0] === 0xef && utf8 ? UTF_8 : settle(source, named, ascii, utf8, hints.entryCharset !== null)
  if (!(charset.utf8 ? utf8 : ascii || charset.accepts(source))) throw new GatewayError('PAYLOAD_UNPARSEABLE')
  return charset
}

/**
 * A batch is read in one set: a message that names another one would be misread.
 * @throws GatewayError UNSUPPORTED_CHARSET
 */
export function checkAgreement(source: Buffer, charset: Charset, messages: readonly number[], hints: ReadHints): void {
  if (hints.entryCharset !== null || hints.charset !== null) return
  for (let i = 1; i < messages.length; i++) {
    const at = messages[i]!
    const named = charsetNamed(label(source, source[at] === VT ? at + 1 : at, charset.multibyte))
    if (named === null || named === ASCII || named === charset || (named?.multibyte && charset.multibyte)) continue
    throw new GatewayError('UNSUPPORTED_CHARSET')
  }
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
  const at = Math.max(0, firstHeader(source))
  const delimiters = source.subarray(at + 3, at + 9)
  for (let i = 0; i + 1 < source.length; i++) {
    if (source[i]! < 0x81) continue
    const d = source[i + 1]!
    if (d < 0x7f && d >= 0x40 && delimiters.includes(d)) return true
    i++
  }
  return false
}

/** The first `MSH` at the start of a line; -1 = none. */
function firstHeader(source: Buffer): number {
  const bom = source[0] === 0xef ? 3 : 0
  for (
    let at = isHeader(source, bom) ? bom : source.indexOf('MSH', bom, 'latin1');
    at >= 0;
    at = source.indexOf('MSH', at + 1, 'latin1')
  ) {
    const before = source[at - 1]
    if (at === bom || before === CR || before === LF || before === VT) return at
  }
  return -1
}

const isHeader = (source: Buffer, at: number): boolean =>
  source[at] === 0x4d && source[at + 1] === 0x53 && source[at + 2] === 0x48

/** First repetition of MSH-18 of the header at `at`; empty = not there. */
function label(source: Buffer, at: number, multibyte: boolean): string {
  if (at < 0) return ''
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
  while (
    end < source.length &&
    source[end]! > FS &&
    source[end] !== field &&
    source[end] !== repetition &&
    end - i < 64
  )
    end++
  return source.toString('latin1', i, end)
}
