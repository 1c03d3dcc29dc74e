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
  const own = new Map<number, { readonly end: number; readonly analyte: boolean }>()
  if (terms !== null)
    for (const { start, end, form, entry } of terms.find(output))
      if (form !== 'term') own.set(start, { end, analyte: isAnalyte(entry) })
  let afterAnalyte = false
  for (let i = 0; i < output.length; ) {
    const term = own.get(i)
    let end = term?.end ?? wordEnd(output, i)
    if (term === undefined || !isBreak(output, end)) {
      end = wordEnd(output, i)
      const word = output.slice(i, end)
      if (!MARKS.has(word) && !isQuantity(word, afterAnalyte)) return false
      afterAnalyte = false
    } else afterAnalyte = term.analyte
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
