/** {@link keepSpan} over UTF-8 bytes, without a string. */
import type { Bound } from '../transforms/transform.ts'
import type { Span } from './span.ts'
import type { Gate } from './stable-bytes.ts'

const STAR = 0x2a

export function spanBytes(span: Span, gate: Gate): NonNullable<Bound['bytes']> {
  const { first, last } = span
  const char = span.char.charCodeAt(0)
  const fixed = span.fixed === null ? -1 : span.fixed.length
  return (source, start, end, target, at) => {
    const n = gate(source, start, end)
    if (n < 0) return -1
    if (n <= first + last) return fixed < 0 ? fill(target, at, char, n) : fill(target, at, STAR, 3)
    const from = afterFirst(source, start, end, n, first)
    const to = beforeLast(source, start, end, n, last)
    for (let i = start; i < from; i++) target[at++] = source[i]!
    at = fill(target, at, char, fixed < 0 ? n - first - last : fixed)
    for (let i = to; i < end; i++) target[at++] = source[i]!
    return at
  }
}

/** Where the first `count` of n code points end: all of one size nearly always. */
function afterFirst(source: Uint8Array, start: number, end: number, n: number, count: number): number {
  if (end - start === n) return start + count
  if (end - start === 3 * n) return start + 3 * count
  let i = start
  for (let k = 0; k < count; k++) i += source[i]! < 0x80 ? 1 : 3
  return i
}

function beforeLast(source: Uint8Array, start: number, end: number, n: number, count: number): number {
  if (end - start === n) return end - count
  if (end - start === 3 * n) return end - 3 * count
  let i = end
  for (let k = 0; k < count; k++) i -= source[i - 1]! < 0x80 ? 1 : 3
  return i
}

/** n marks. Eight are written at once, over the end: there is room, and a loop that ends soon costs more than they do. */
export function fill(target: Uint8Array, at: number, char: number, n: number): number {
  target[at] = char
  target[at + 1] = char
  target[at + 2] = char
  target[at + 3] = char
  target[at + 4] = char
  target[at + 5] = char
  target[at + 6] = char
  target[at + 7] = char
  const end = at + n
  for (let i = at + 8; i < end; i++) target[i] = char
  return end
}
