/**
 * The contract of a detector (one file each, listed in index.ts): finds identifiers of one sort in a normalised text
 * (normal.ts). Patterns are linear; every one has digit look-arounds, letters may touch.
 */
export interface Detector {
  readonly name: string
  readonly zh: string
  /** a cheap look before {@link find}: false = cannot hit */
  readonly may: (text: string) => boolean
  /** spans [start, end) of the shadow text; strict: also structure whose check digit fails (a typing error of a real number) */
  readonly find: (text: string, strict: boolean) => Span[]
}

export interface Span {
  readonly start: number
  readonly end: number
}

/** All matches of a global pattern whose text passes the test. */
export function spansOf(
  pattern: RegExp,
  text: string,
  accept: (match: string, at: number) => boolean = () => true,
): Span[] {
  const found: Span[] = []
  for (const m of text.matchAll(pattern))
    if (accept(m[0], m.index)) found.push({ start: m.index, end: m.index + m[0].length })
  return found
}

/** The same for the first group of a pattern that begins with a context word. */
export function groupSpansOf(pattern: RegExp, text: string, accept: (group: string) => boolean = () => true): Span[] {
  const found: Span[] = []
  for (const m of text.matchAll(pattern)) {
    const group = m[1]
    if (group === undefined || !accept(group)) continue
    const start = m.index + m[0].lastIndexOf(group)
    found.push({ start, end: start + group.length })
  }
  return found
}
