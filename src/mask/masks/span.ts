/** Keeping n leading and m trailing code points of any text: the one rule every partial mask comes down to. */
import { MARK } from '../transforms/marks.ts'

export interface Span {
  readonly first: number
  readonly last: number
  /** one of `*`, `?`, `X` */
  readonly char: string
  /** what stands for the hidden part; null: one char per hidden code point */
  readonly fixed: string | null
}

/** Nothing of a text of first + last code points or fewer stays visible. */
export function keepSpan(value: string, span: Span): string {
  const { first, last, char, fixed } = span
  const n = pointsIn(value)
  if (n <= first + last) return fixed === null ? char.repeat(n) : MARK
  const hidden = fixed ?? char.repeat(n - first - last)
  if (n === value.length) return value.slice(0, first) + hidden + value.slice(n - last)
  const points = Array.from(value)
  return points.slice(0, first).join('') + hidden + points.slice(n - last).join('')
}

/** Code points of a text; a lone surrogate counts as one. */
export function pointsIn(text: string): number {
  let n = text.length
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      n--
      i++
    }
  }
  return n
}
