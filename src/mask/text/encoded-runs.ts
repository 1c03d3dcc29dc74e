/**
 * Rows of letters and digits in a text that are another text in base64 or hexadecimal: in a data: URL, a query, an
 * element of XML, between other words (X32).
 */
import { isUtf8 } from 'node:buffer'

/** base64 of eleven digits has this many signs without its padding, hexadecimal more */
export const SHORTEST_RUN = 15
const RUN = /[A-Za-z0-9+/_-]{15,}/g
const HEX = /^(?:0x)?((?:[0-9a-f]{2})+)$/i
/** lines base64 is broken into */
const FOLD = /[\r\n]+/g
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]/
/** letters, digits, `+ / _ -` */
const SIGNS = new Uint8Array(0x80)
for (let c = 0x2b; c < 0x7b; c++) if (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(c))) SIGNS[c] = 1

/** The text with such rows said plainly; null = it holds none. */
export function withoutRuns(text: string): string | null {
  if (!holdsRun(text)) return null
  const body = text.includes('\n') || text.includes('\r') ? text.replace(FOLD, '') : text
  const plain = body.replace(RUN, (run) => plainOf(run) ?? run)
  return plain === body ? null : plain
}

/** One sign of a long row stands at every fifteenth place. */
function holdsRun(text: string): boolean {
  for (let i = SHORTEST_RUN - 1; i < text.length; i += SHORTEST_RUN) {
    if (!isSign(text.charCodeAt(i))) continue
    let start = i
    let end = i + 1
    while (start > 0 && isSign(text.charCodeAt(start - 1))) start--
    while (end < text.length && isSign(text.charCodeAt(end))) end++
    if (end - start >= SHORTEST_RUN) return true
  }
  return false
}

const isSign = (c: number): boolean => c < 0x80 && SIGNS[c] === 1

function plainOf(run: string): string | null {
  const hex = HEX.exec(run)
  return (hex === null ? null : saidIn(Buffer.from(hex[1]!, 'hex'))) ?? saidIn(Buffer.from(run, 'base64'))
}

/** Bytes as a text somebody wrote, in UTF-8 or UTF-16; null = they are none. */
export function saidIn(bytes: Buffer): string | null {
  if (bytes.includes(0)) return bytes.length % 2 === 0 ? written(wide(bytes)) : null
  return isUtf8(bytes) ? written(bytes.toString('utf8')) : null
}

/** Digits and Latin letters have their zero in the second byte, or in the first. */
function wide(bytes: Buffer): string {
  let second = 0
  for (let i = 1; i < bytes.length; i += 2) if (bytes[i] === 0) second++
  return (second * 4 > bytes.length / 2 ? bytes : Buffer.from(bytes).swap16()).toString('utf16le')
}

const written = (text: string): string | null => (CONTROL.test(text) ? null : text)
