/**
 * Escape sequences of ER7 (HL7 v2.7.1 chapter 2.7). Reading resolves them into bytes first and into text last, so that
 * a character split over `\X..\` sequences comes out whole. What is no known sequence stays as it stands: an unpaired
 * escape character is common in Chinese text (paths), and what a local `\Z..\` holds must be seen by detectors.
 */
import type { Delimiters } from '../scan/hl7v2-delimiters.ts'
import type { Charset } from './charset.ts'

const LETTERS = {
  F: 0x46,
  S: 0x53,
  T: 0x54,
  R: 0x52,
  E: 0x45,
  P: 0x50,
  X: 0x58,
  H: 0x48,
  N: 0x4e,
  C: 0x43,
  M: 0x4d,
  DOT: 0x2e,
}

/** Text of source[start, end) with escapes resolved. Formatting becomes a line break, highlighting nothing. */
export function readEscaped(source: Buffer, start: number, end: number, d: Delimiters, charset: Charset): string {
  const out = Buffer.allocUnsafe(end - start)
  let used = 0
  for (let i = start; i < end; ) {
    const c = source[i]!
    if (charset.multibyte && c >= 0x81) {
      const length = source[i + 1]! >= 0x30 && source[i + 1]! <= 0x39 ? 4 : 2
      for (let k = 0; k < length && i < end; k++) out[used++] = source[i++]!
      continue
    }
    if (c === d.escape) {
      const close = closing(source, i + 1, end, d.escape)
      const grown = close < 0 ? -1 : resolve(source, i + 1, close, d, out, used)
      if (grown >= 0) {
        used = grown
        i = close + 1
        continue
      }
    }
    out[used++] = c
    i++
  }
  return charset.decode(out, 0, used)
}

/** Longest sequence worth looking for; hex strings may be long, but a path must not cost its square. */
function closing(source: Buffer, from: number, end: number, mark: number): number {
  const first = source[from]
  const hex = first === LETTERS.X
  for (let i = from; i < end; i++) {
    const c = source[i]!
    if (c === mark) return i
    if (i > from && hex ? !isHex(c) : i - from > 12) return -1
  }
  return -1
}

/** Writes what the sequence between two escape characters stands for; -1 = it is none we know. */
function resolve(source: Buffer, from: number, to: number, d: Delimiters, out: Buffer, used: number): number {
  const first = source[from]!
  const length = to - from
  if (length === 1) {
    const byte = single(first, d)
    if (byte < 0) return -1
    if (byte > 0) out[used++] = byte
    return used
  }
  if (first === LETTERS.X) return length % 2 === 1 ? hexInto(source, from + 1, to, out, used) : -1
  if (first === LETTERS.DOT) {
    if (!/^\.(?:br|sp|fi|nf|in|ti|sk|ce)[+-]?\d{0,4}$/.test(source.toString('latin1', from, to))) return -1
    out[used++] = 0x0a
    return used
  }
  const charsetSwitch = (first === LETTERS.C && length === 5) || (first === LETTERS.M && (length === 5 || length === 7))
  if (!charsetSwitch) return -1
  for (let i = from + 1; i < to; i++) if (!isHex(source[i]!)) return -1
  return used
}

/** byte of a one-letter sequence, 0 = nothing to see, -1 = unknown */
function single(letter: number, d: Delimiters): number {
  switch (letter) {
    case LETTERS.F:
      return d.field
    case LETTERS.S:
      return d.component
    case LETTERS.T:
      return d.subcomponent < 0 ? -1 : d.subcomponent
    case LETTERS.R:
      return d.repetition
    case LETTERS.E:
      return d.escape
    case LETTERS.P:
      return Math.max(d.truncation, 0)
    case LETTERS.H:
    case LETTERS.N:
      return 0
    default:
      return -1
  }
}

function hexInto(source: Buffer, from: number, to: number, out: Buffer, used: number): number {
  for (let i = from; i < to; i += 2) if (!isHex(source[i]!) || !isHex(source[i + 1]!)) return -1
  let at = used
  for (let i = from; i < to; i += 2) out[at++] = (nibble(source[i]!) << 4) | nibble(source[i + 1]!)
  return at
}

const isHex = (c: number): boolean => (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66)
const nibble = (c: number): number => (c <= 0x39 ? c - 0x30 : (c & 0x0f) + 9)

/** Letter that stands for a delimiter, by its code. */
function letterFor(code: number, d: Delimiters): string | null {
  if (code === d.field) return 'F'
  if (code === d.component) return 'S'
  if (code === d.repetition) return 'R'
  if (code === d.escape) return 'E'
  if (code === d.subcomponent) return 'T'
  return code === d.truncation ? 'P' : null
}

/** True when the text can be written as it is. */
export function isPlain(text: string, d: Delimiters): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x20 || c === 0x7f || (c < 0x7f && letterFor(c, d) !== null)) return false
  }
  return true
}

/** The text with delimiters and control characters as escape sequences of the message. */
export function writeEscaped(text: string, d: Delimiters): string {
  const e = String.fromCharCode(d.escape)
  let out = ''
  for (const char of text) {
    const c = char.codePointAt(0)!
    const letter = c < 0x7f ? letterFor(c, d) : null
    if (letter !== null) out += e + letter + e
    else if (c === 0x0a) out += `${e}.br${e}`
    else if (c < 0x20 || c === 0x7f) out += `${e}X${c.toString(16).toUpperCase().padStart(2, '0')}${e}`
    else out += char
  }
  return out
}
