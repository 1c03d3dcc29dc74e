/** Names: the surname and a fixed mark (domain.md E01). The length of the rest is not told. */
import { isCompoundPair, isCompoundSurname } from '../surnames.ts'
import { MARK } from '../transforms/marks.ts'
import type { Bound } from '../transforms/transform.ts'
import { pointsIn } from './span.ts'
import { fill } from './span-bytes.ts'
import { gateOf } from './stable-bytes.ts'

/** nobody's names */
const NOBODY = new Set(['无名氏', '未知'])
/** a newborn is entered under the mother's name: 张三之女 */
const NEWBORN = /^(.+)(之[子女])$/u
const HAN = /^\p{Script=Han}/u
const LETTER = /^\p{L}/u

/**
 * 张三 -> `张**`, 欧阳娜娜 -> `欧阳**`, 阿卜杜·热合曼 -> `阿**`, John Smith -> `J**`, 张三之女 -> `张**之女`.
 * A name of one character, or that begins with no letter, is hidden whole. same: one mark per hidden code point.
 */
export function maskName(value: string, char: string, same: boolean): string {
  if (NOBODY.has(value)) return value
  const newborn = NEWBORN.exec(value)
  const name = newborn?.[1] ?? value
  const tail = newborn?.[2] ?? ''
  const shown = shownOf(name)
  if (shown === '') return MARK
  const hidden = same ? char.repeat(pointsIn(name) - pointsIn(shown)) : char + char
  return shown + hidden + tail
}

function shownOf(name: string): string {
  const points = Array.from(name)
  const first = points[0]!
  if (points.length < 2 || !LETTER.test(first)) return ''
  if (!HAN.test(first) || points.length === 2) return first
  const two = first + points[1]!
  return isCompoundSurname(two) ? two : first
}

const gate = gateOf('name')
/** 之, and the first characters of the names that are nobody's: 无 and 未 */
const ZHI = 0x4e4b
const SLOW_FIRST = new Set([0x65e0, 0x672a])

/** Han names of 2 to 4 characters and Latin names, fixed length. */
export function nameBytes(char: string): NonNullable<Bound['bytes']> {
  const mark = char.charCodeAt(0)
  return (source, start, end, target, at) => {
    const n = gate(source, start, end)
    if (n < 2) return -1
    const c = source[start]!
    if (c < 0x80) {
      const lower = c | 0x20
      if (lower < 0x61 || lower > 0x7a || source[end - 1]! >= 0x80) return -1
      target[at] = c
      return fill(target, at + 1, mark, 2)
    }
    if (n > 4 || end - start !== 3 * n) return -1
    const first = point(source, start)
    if (first < 0x4e00 || SLOW_FIRST.has(first) || point(source, end - 6) === ZHI) return -1
    const shown = n > 2 && isCompoundPair(first, point(source, start + 3)) ? 6 : 3
    for (let i = 0; i < shown; i++) target[at + i] = source[start + i]!
    return fill(target, at + shown, mark, 2)
  }
}

const point = (source: Uint8Array, i: number): number =>
  ((source[i]! & 15) << 12) | ((source[i + 1]! & 63) << 6) | (source[i + 2]! & 63)
