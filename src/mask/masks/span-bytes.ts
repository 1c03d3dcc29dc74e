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
    let i = start
    for (let k = 0; k < first; k++) {
      let more = source[i]! < 0x80 ? 1 : 3
      while (more-- > 0) target[at++] = source[i++]!
    }
    let from = end
    for (let k = 0; k < last; k++) from -= source[from - 1]! < 0x80 ? 1 : 3
    at = fill(target, at, char, fixed < 0 ? n - first - last : fixed)
    while (from < end) target[at++] = source[from++]!
    return at
  }
}

export function fill(target: Uint8Array, at: number, char: number, n: number): number {
  const end = at + n
  while (at < end) target[at++] = char
  return at
}
