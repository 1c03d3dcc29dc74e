/**
 * The grammar of what codes-only writes, checked without the text it came from:
 *
 *   output    = statement *( "；" statement )
 *   statement = word *( " " word )
 *   word      = negation | finding | term | quantity | analyte " " number
 */
import { isAnalyte, type TextMatcher } from '../dictionary/in-text.ts'
import { MARKS } from './polarity.ts'
import { isQuantity } from './quantity.ts'

/** between statements */
export const BETWEEN = '；'

export function isWellFormed(output: string, terms: TextMatcher | null): boolean {
  const hits = terms === null ? [] : terms.find(output)
  let next = 0
  let afterAnalyte = false
  for (let i = 0; i < output.length; ) {
    while (next < hits.length && (hits[next]!.start < i || hits[next]!.form === 'term')) next++
    const term = next < hits.length && hits[next]!.start === i ? hits[next]! : null
    let end = term?.end ?? 0
    if (term !== null && isBreak(output, end)) afterAnalyte = isAnalyte(term.entry)
    else {
      end = wordEnd(output, i)
      if (!isQuantity(output, afterAnalyte, i, end) && !MARKS.has(output.slice(i, end))) return false
      afterAnalyte = false
    }
    if (output.startsWith(BETWEEN, end)) afterAnalyte = false
    i = end + 1
  }
  return true
}

const isBreak = (text: string, i: number): boolean => i === text.length || text[i] === ' ' || text[i] === BETWEEN

function wordEnd(text: string, from: number): number {
  let i = from
  while (!isBreak(text, i)) i++
  return i
}
