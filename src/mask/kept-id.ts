/**
 * A resident ID where another number is kept: hospitals that number people by their cards send it as record number,
 * order number or certificate number. Its check digit tells it from theirs, and it is treated as what it is (就高从严).
 * A mobile number has no check digit: in a record number's place it cannot be told from one and stays.
 */
import { canonical } from './kinds.ts'
import type { Element } from './model.ts'
import { parseResidentId } from './resident-id.ts'
import type { Run } from './run.ts'
import { wholeOf } from './site.ts'

const LENGTH = 18

/**
 * May the text of these UTF-8 bytes be such a number in some spelling: 17 digits and one or an x more, blanks or hyphens
 * between them? What is beyond ASCII may be digits of another width.
 */
export function mayBeResidentId(source: Uint8Array, start: number, end: number): boolean {
  if (end - start < LENGTH) return false
  let digits = 0
  for (let i = start; i < end; i++) {
    const c = source[i]!
    if (c >= 0x80) return true
    if (c >= 0x30 && c <= 0x39) digits++
    else if (c > 0x20 && c !== 0x2d && (c | 0x20) !== 0x78) return false
  }
  return digits === LENGTH || digits === LENGTH - 1
}

/** Treats a kept leaf that holds a resident ID as that element; false = it holds none, and nothing was done. */
export function treatAsResidentId(run: Run, index: number, element: Element, raw: string): boolean {
  if (raw.length < LENGTH) return false
  const value = canonical('identifier', raw)
  if (value.length !== LENGTH || parseResidentId(value)?.checked !== true) return false
  const { bound, why } = run.plan.decide(element, run.raise)
  const place = run.place(index, element, wholeOf(element), value, null, raw)
  run.write(index, bound.apply(value, place), element, why, bound.method.name)
  return true
}
