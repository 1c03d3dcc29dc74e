/** Telephone numbers: mobile 3+4, landline with its area code and the last 4; all else hidden whole (domain.md E04, E05). */
import { parseLandline } from '../phone.ts'
import { MARK } from '../transforms/marks.ts'
import type { Bound } from '../transforms/transform.ts'
import { keepSpan, type Span } from './span.ts'
import { fill } from './span-bytes.ts'
import { gateOf } from './stable-bytes.ts'

// The hidden places admit what this mask itself writes there, so that its own output comes out again.
const MOBILE = /^1[3-9]\d[\d*?X]{4}\d{4}$/
const MASKED_LANDLINE = /^(0(?:10|2\d|[3-9]\d{2}))-?[*?X]{4}(\d{4})$/
const LOCAL = /^[\d*?X]{4}\d{4}$/

/** 138****5678, 023-****5432 (extension dropped), ****5432 for eight digits without an area code. */
export function maskPhone(value: string, char: string): string {
  const hidden = char.repeat(4)
  if (MOBILE.test(value)) return keepSpan(value, { first: 3, last: 4, char, fixed: hidden })
  const line = parseLandline(value)
  if (line !== null) return `${line.area}-${hidden}${line.local.slice(-4)}`
  const masked = MASKED_LANDLINE.exec(value)
  if (masked !== null) return `${masked[1]}-${hidden}${masked[2]}`
  return LOCAL.test(value) ? hidden + value.slice(4) : MARK
}

const DIGITS = /^\+?[\d*?X]+$/

/** A span of the digits, the extension dropped; what is no telephone number is hidden whole. */
export function spanPhone(value: string, span: Span): string {
  const base = value.replace(/-\d{1,6}$/, '')
  return DIGITS.test(base) ? keepSpan(base, span) : MARK
}

const gate = gateOf('phone')

export function phoneBytes(char: string): NonNullable<Bound['bytes']> {
  const mark = char.charCodeAt(0)
  return (source, start, end, target, at) => {
    if (gate(source, start, end) < 0) return -1
    for (let i = 0; i < 3; i++) target[at + i] = source[start + i]!
    at = fill(target, at + 3, mark, 4)
    for (let i = end - 4; i < end; i++) target[at++] = source[i]!
    return at
  }
}
