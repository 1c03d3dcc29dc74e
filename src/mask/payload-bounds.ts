/** Where the payload itself begins and ends: without blanks, line breaks and a byte order mark around it. */
const isBlank = (c: number): boolean => c <= 0x20 || c === 0xef || c === 0xbb || c === 0xbf

/** First byte that says something, and the byte after the last one. */
export function boundsOf(source: Buffer): { readonly start: number; readonly end: number } {
  let start = 0
  let end = source.length
  while (start < end && isBlank(source[start]!)) start++
  while (end > start && isBlank(source[end - 1]!)) end--
  return { start, end }
}

/** Is there nothing but blanks outside of [start, end)? */
export function isWholePayload(source: Buffer, start: number, end: number): boolean {
  const bounds = boundsOf(source)
  return start <= bounds.start && end >= bounds.end
}
