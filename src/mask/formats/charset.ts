/**
 * The door of iconv-lite: character sets of payloads that are not UTF-8. Strict when reading (WHATWG decoders in fatal
 * mode: a byte that means nothing is refused, never replaced), forgiving when writing: what the set cannot say is `*`.
 */
import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

export interface Charset {
  /** WHATWG name */
  readonly name: string
  /** two- and four-byte codes whose later bytes may look like ASCII (GBK, GB18030) */
  readonly multibyte: boolean
  /** the bytes of any text are its UTF-8 */
  readonly utf8: boolean
  /** false when some byte sequence means nothing in this set */
  readonly accepts: (bytes: Buffer) => boolean
  /** text of bytes that were accepted; what an escape brought in may be broken and gives U+FFFD */
  readonly decode: (bytes: Buffer, start: number, end: number) => string
  readonly encode: (text: string) => Buffer
}

export const UTF_8: Charset = {
  name: 'utf-8',
  multibyte: false,
  utf8: true,
  accepts: isUtf8,
  decode: (bytes, start, end) => bytes.toString('utf8', start, end),
  encode: (text) => Buffer.from(text, 'utf8'),
}

export const ASCII: Charset = {
  name: 'us-ascii',
  multibyte: false,
  utf8: true,
  accepts: isAscii,
  decode: UTF_8.decode,
  encode: (text) => Buffer.from(text.replace(/[^\x00-\x7f]/gu, '*'), 'latin1'),
}

function chinese(name: string): Charset {
  const lenient = new TextDecoder('gb18030')
  const decode = (bytes: Uint8Array): string => lenient.decode(bytes)
  return {
    name,
    multibyte: true,
    utf8: false,
    accepts: (bytes) => wellFormedGb(bytes) && decodes('gb18030', bytes),
    decode: (bytes, start, end) => decode(bytes.subarray(start, end)),
    encode: (text) => encodeWith(name, text, decode),
  }
}

/** GB 18030-2000: the superset every Chinese label is read with. */
export const GB18030 = chinese('gb18030')
/** Receivers of GB2312 and GBK know no four-byte codes: replacements avoid them. */
export const GBK = chinese('gbk')

function singleByte(name: string): Charset {
  const decode = (bytes: Uint8Array): string => iconv.decode(bytes, name)
  return {
    name,
    multibyte: false,
    utf8: false,
    accepts: (bytes) => !decode(bytes).includes('\ufffd'),
    decode: (bytes, start, end) => decode(bytes.subarray(start, end)),
    encode: (text) => encodeWith(name, text, decode),
  }
}

const LATIN: ReadonlyMap<string, Charset> = new Map(
  ['1', '2', '3', '4', '5', '6', '7', '8', '9', '15'].map((part) => [part, singleByte(`iso-8859-${part}`)]),
)

const UTF_8_LABELS = new Set(['utf8', 'unicodeutf8', 'unicode', 'unicode11utf8'])
const GB18030_LABELS = new Set(['gb18030', 'gb180302000', 'gb180302005', 'gb180302022'])
const GBK_LABELS = new Set([
  'gbk',
  'gb2312',
  'gb231280',
  'gb23121980',
  'euccn',
  'cp936',
  'ms936',
  'windows936',
  'xgbk',
  'gb',
])
const ASCII_LABELS = new Set(['ascii', 'usascii', 'isoir6'])

/**
 * The set a label names: HL7 table 0211, IANA names, and what Chinese senders put. null = the label says nothing,
 * undefined = a set that is not supported (UTF-16, BIG-5, CNS 11643, JIS, KS ...).
 */
export function charsetNamed(label: string): Charset | null | undefined {
  let named = labels.get(label)
  if (named === undefined && !labels.has(label)) {
    named = resolveLabel(label)
    if (labels.size < MAX_LABELS) labels.set(label, named)
  }
  return named
}

/** Labels repeat from message to message; a hostile sender's are not kept beyond a bound. */
const labels = new Map<string, Charset | null | undefined>()
const MAX_LABELS = 256

function resolveLabel(label: string): Charset | null | undefined {
  const plain = label.toLowerCase().replace(/[^a-z0-9/]/g, '')
  if (plain === '') return null
  const word = plain.replaceAll('/', '')
  if (UTF_8_LABELS.has(word)) return UTF_8
  if (GB18030_LABELS.has(word)) return GB18030
  if (GBK_LABELS.has(word)) return GBK
  if (ASCII_LABELS.has(word)) return ASCII
  const latin = /^(?:iso)?8859(1[0-5]|[1-9])$/.exec(word)?.[1] ?? (word === 'latin1' ? '1' : undefined)
  return latin === undefined ? undefined : LATIN.get(latin)
}

function decodes(name: string, bytes: Uint8Array): boolean {
  try {
    new TextDecoder(name, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** One, two and four byte codes only: a scanner that skips trail bytes then sees what the decoder sees. */
export function wellFormedGb(bytes: Uint8Array): boolean {
  const n = bytes.length
  for (let i = 0; i < n; ) {
    const c = bytes[i]!
    if (c < 0x80) {
      i++
      continue
    }
    if (c === 0x80 || c === 0xff || i + 1 >= n) return false
    const d = bytes[i + 1]!
    if (d >= 0x40 && d !== 0x7f && d !== 0xff) {
      i += 2
      continue
    }
    if (d < 0x30 || d > 0x39 || i + 3 >= n) return false
    const e = bytes[i + 2]!
    const f = bytes[i + 3]!
    if (e < 0x81 || e === 0xff || f < 0x30 || f > 0x39) return false
    i += 4
  }
  return true
}

function encodeWith(name: string, text: string, decode: (bytes: Uint8Array) => string): Buffer {
  const bytes = iconv.encode(text, name)
  if (decode(bytes) === text) return bytes
  // The library writes `?` for what it cannot say and disagrees with the decoder on some private codes: judge each.
  const parts: Buffer[] = []
  for (const char of text) {
    const one = iconv.encode(char, name)
    parts.push(decode(one) === char ? one : Buffer.from('*'))
  }
  return Buffer.concat(parts)
}
