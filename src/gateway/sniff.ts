/**
 * Does the head of a file look like a patient record in disguise (X23)? Asked of entries with `masking: none` only:
 * images, PDF and archives begin with bytes that no JSON, XML, HL7 v2 or delimited text begins with.
 */

/** bytes of an answer that are looked at */
export const SNIFF_BYTES = 4096

/** True for JSON, XML, HL7 v2 (any charset with ASCII delimiters, UTF-16 included) and for delimited text. */
export function looksLikeRecord(head: Buffer): boolean {
  const text = plainText(head)
  if (text === null) return false
  const start = text.trimStart()
  return /^[[{<"]/.test(start) || /^(\x0b?MSH|FHS|BHS)[^A-Za-z0-9\s]/.test(start) || isDelimited(start)
}

/** The head as text with one character a byte, or null when it is binary. */
function plainText(head: Buffer): string | null {
  const wide = wideOrder(head)
  if (wide !== null) return new TextDecoder(wide).decode(head.subarray(0, head.length & ~1)).replace(/^\uFEFF/, '')
  const from = head.length >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  for (let i = from; i < head.length; i++) {
    const b = head[i]!
    // control characters that text files do not hold; 0x0b and 0x1c frame HL7 over MLLP
    if (b < 0x20 && b !== 0x09 && b !== 0x0a && b !== 0x0d && b !== 0x0b && b !== 0x1c) return null
  }
  return head.toString('latin1', from)
}

function wideOrder(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head.length < 4) return null
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0) return 'utf-16le'
  if (head[0] === 0 && head[1] !== 0 && head[2] === 0 && head[3] !== 0) return 'utf-16be'
  return null
}

/** Two lines or more, each with the same number of one delimiter. A last line that is cut off does not count. */
function isDelimited(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/).slice(0, -1)
  if (lines.length < 2) return false
  return [',', '\t', ';', '|'].some((mark) => {
    const count = (lines[0] ?? '').split(mark).length
    return count > 1 && lines.slice(0, 5).every((line) => line.split(mark).length === count)
  })
}
