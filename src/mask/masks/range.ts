/** Hiding or showing code points by place: what ShardingSphere's mask algorithms do, but never the value itself. */
import { MARK } from '../transforms/marks.ts'

/** Hides the code points from `from` to `to` (counted from 1, both included), shows the others. */
export function hideRange(value: string, from: number, to: number, char: string): string {
  const points = Array.from(value)
  // A value that ends before the range would show all of itself.
  if (points.length < to) return char.repeat(points.length)
  return points.map((p, i) => (i + 1 >= from && i + 1 <= to ? char : p)).join('')
}

/** Shows the code points from `from` to `to` only. */
export function showRange(value: string, from: number, to: number, char: string): string {
  const points = Array.from(value)
  if (points.length <= to - from + 1) return char.repeat(points.length)
  return points.map((p, i) => (i + 1 >= from && i + 1 <= to ? p : char)).join('')
}

/** Hides the first and the last ones, shows the middle. */
export function hideEnds(value: string, first: number, last: number, char: string): string {
  const points = Array.from(value)
  if (points.length <= first + last) return char.repeat(points.length)
  return points.map((p, i) => (i < first || i >= points.length - last ? char : p)).join('')
}

/** The fixed mark instead of all before (or after) the first place of a text; the mark alone where it is not found. */
export function hideBeside(value: string, mark: string, side: 'before' | 'after'): string {
  const at = value.indexOf(mark)
  if (at < 0) return MARK
  if (side === 'before') return at === 0 ? MARK : MARK + value.slice(at)
  return at + mark.length === value.length ? MARK : value.slice(0, at + mark.length) + MARK
}
