import type { WordStarts } from './word-starts.ts'

/**
 * The contract of a detector (one file each, listed in index.ts): finds identifiers of one sort in a normalised text
 * (normal.ts). Patterns are linear; every one has digit look-arounds, letters may touch.
 */
export interface Detector {
  readonly name: string
  readonly zh: string
  /** whose treatment a hit gets where elements.yaml names no element with `detect: <name>` */
  readonly element: string
  /**
   * features (features.ts) of which a text must have one (0 = none is asked for), and the least number of digits in a
   * row, blanks and hyphens between them read over (digits) or not (solid): without them nothing can hit
   */
  readonly needs: number
  readonly digits: number
  readonly solid?: number
  /** what is left of a span that meets an earlier claim is still one: a word says that all of it is a number or a name */
  readonly parts?: boolean
  /** asked where prose is read only: the value of a field of its own kind is not judged by it */
  readonly prose?: boolean
  /** spans of the shadow text; strict: also structure whose check digit fails (a typing error of a real number) */
  readonly find: (text: string, strict: boolean) => Span[]
}

/** [start, end) of a shadow text. */
export interface Span {
  readonly start: number
  readonly end: number
  /** another element than the detector's, where a word beside the value names it */
  readonly element?: string
}

/** A span and whose it is. */
export interface Claim extends Span {
  readonly detector: Detector
  readonly element: string
}

/**
 * Every match of a global pattern. A loop of `exec`: `matchAll` makes a new pattern for every text. Patterns are used
 * by one text at a time.
 */
export function eachMatch(pattern: RegExp, text: string, visit: (match: RegExpExecArray) => void): void {
  pattern.lastIndex = 0
  for (let m = pattern.exec(text); m !== null; m = pattern.exec(text)) visit(m)
}

/** All matches of a global pattern whose text passes the test. */
export function spansOf(
  pattern: RegExp,
  text: string,
  accept: (match: string, at: number) => boolean = () => true,
): Span[] {
  const found: Span[] = []
  eachMatch(pattern, text, (m) => {
    if (accept(m[0], m.index)) found.push({ start: m.index, end: m.index + m[0].length })
  })
  return found
}

/** The same for the last group of a pattern that begins with a context word; `accept` is given group and whole match. */
export function groupSpansOf(
  pattern: RegExp | WordStarts,
  text: string,
  accept: (group: string, match: string) => boolean | string = () => true,
): Span[] {
  const found: Span[] = []
  const visit = (m: RegExpExecArray): void => {
    const group = m[m.length - 1]
    if (group === undefined) return
    const verdict = accept(group, m[0])
    if (verdict === false) return
    const start = m.index + m[0].lastIndexOf(group)
    const end = start + group.length
    found.push(typeof verdict === 'string' ? { start, end, element: verdict } : { start, end })
  }
  if (pattern instanceof RegExp) eachMatch(pattern, text, visit)
  else pattern.eachMatch(text, visit)
  return found
}
