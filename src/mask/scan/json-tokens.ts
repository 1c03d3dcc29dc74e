/** The tokens of RFC 8259 whose end is found byte by byte: escapes, numbers, literals; and how they are refused. */
import { GatewayError } from '../../base/errors.ts'

/** after a backslash: 1 = one character, 2 = `u` and four hex digits */
const ESCAPE = new Uint8Array(256)
for (const c of '"\\/bfnrt') ESCAPE[c.charCodeAt(0)] = 1
ESCAPE[0x75] = 2
const HEX = new Uint8Array(256)
for (const c of '0123456789abcdefABCDEF') HEX[c.charCodeAt(0)] = 1

export function fail(offset: number): never {
  throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset })
}

export function deep(offset: number): never {
  throw new GatewayError('PAYLOAD_TOO_DEEP', { offset })
}

export function invalid(offset: number): never {
  throw new GatewayError('PAYLOAD_INVALID', { offset })
}

/** Offset after the escape sequence at p. */
export function afterEscape(b: Uint8Array, p: number): number {
  const kind = ESCAPE[b[p + 1]!]
  if (kind === 1) return p + 2
  if (kind === 2 && HEX[b[p + 2]!]! + HEX[b[p + 3]!]! + HEX[b[p + 4]!]! + HEX[b[p + 5]!]! === 4) return p + 6
  return fail(p)
}

export function afterNumber(b: Uint8Array, p: number): number {
  let c = b[p]!
  if (c === 0x2d) c = b[++p]!
  if (c === 0x30) c = b[++p]!
  else {
    if (c < 0x31 || c > 0x39) fail(p)
    do c = b[++p]!
    while (c >= 0x30 && c <= 0x39)
  }
  if (c === 0x2e) {
    c = b[++p]!
    if (c < 0x30 || c > 0x39) fail(p)
    do c = b[++p]!
    while (c >= 0x30 && c <= 0x39)
  }
  if (c === 0x65 || c === 0x45) {
    c = b[++p]!
    if (c === 0x2b || c === 0x2d) c = b[++p]!
    if (c < 0x30 || c > 0x39) fail(p)
    do c = b[++p]!
    while (c >= 0x30 && c <= 0x39)
  }
  return p
}

export function afterLiteral(b: Uint8Array, p: number): number {
  const c = b[p]
  if (c === 0x74 && b[p + 1] === 0x72 && b[p + 2] === 0x75 && b[p + 3] === 0x65) return p + 4
  if (c === 0x66 && b[p + 1] === 0x61 && b[p + 2] === 0x6c && b[p + 3] === 0x73 && b[p + 4] === 0x65) return p + 5
  if (c === 0x6e && b[p + 1] === 0x75 && b[p + 2] === 0x6c && b[p + 3] === 0x6c) return p + 4
  return fail(p)
}

/** Text of a string literal, quotes included in [start, end). */
export function stringText(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): string {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
  if (!raw.includes('\\')) return raw.slice(1, -1)
  try {
    return JSON.parse(raw)
  } catch {
    // Only a resourceType looked up ahead of the scan can be malformed here.
    return fail(start)
  }
}

/** Text of the string literal that begins at `at` in n bytes. */
export function textAt(bytes: Uint8Array<ArrayBuffer>, at: number, n: number): string {
  let end = at + 1
  while (bytes[end] !== 0x22) {
    if (end >= n) fail(end)
    end = bytes[end] === 0x5c ? afterEscape(bytes, end) : end + 1
  }
  return stringText(bytes, at, end + 1)
}
