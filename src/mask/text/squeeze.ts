/**
 * Known values are searched without blanks and the separators people put between digits and names (138-1234-5678,
 * 张 三 丰, (023) 6876 5432) and with Latin letters in lower case.
 */

/** a separator */
export const SKIPPED = 0
const UNIT = new Uint16Array(0x250)
for (let c = 0; c < 0x250; c++) UNIT[c] = c
for (const c of '\t\n\v\f\r  -_.·()/,') UNIT[c.charCodeAt(0)] = SKIPPED
for (let c = 0x41; c <= 0x5a; c++) UNIT[c] = c + 0x20
for (let c = 0xc0; c <= 0xde; c++) if (c !== 0xd7) UNIT[c] = c + 0x20

/** The unit as it is compared, or {@link SKIPPED}. */
export const squeezed = (c: number): number => (c < 0x250 ? UNIT[c]! : c)

/** A text with separators gone, in lower case. */
export function squeeze(text: string): string {
  let same = 0
  for (; same < text.length; same++) {
    const c = text.charCodeAt(same)
    if (c === SKIPPED || squeezed(c) !== c) break
  }
  // Most names and numbers are written tight.
  if (same === text.length) return text
  let out = text.slice(0, same)
  for (let i = same; i < text.length; i++) {
    const c = squeezed(text.charCodeAt(i))
    if (c !== SKIPPED) out += String.fromCharCode(c)
  }
  return out
}
