/** What ASCII characters are, by their number: for loops over bytes and UTF-16 units. */

export const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39

/** Do ten bytes stand there as digits and hyphens of YYYY-MM-DD? Whether there is such a day is not asked. */
export function isDayAt(source: Uint8Array, start: number): boolean {
  for (let i = 0; i < 10; i++) {
    const c = source[start + i]!
    if (i === 4 || i === 7 ? c !== 0x2d : !isDigit(c)) return false
  }
  return true
}
