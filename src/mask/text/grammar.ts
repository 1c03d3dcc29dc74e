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

/**
 * Each word is looked up where it stands: what was written is not searched for what else it might hold. Nearly every
 * output is words between blanks, each of which is a term, a mark or a number by itself; terms that hold blanks are
 * asked for at their place.
 */
export const isWellFormed = (output: string, terms: TextMatcher | null): boolean =>
  isOfSingleWords(output, terms) || isOfTerms(output, terms)

function isOfSingleWords(output: string, terms: TextMatcher | null): boolean {
  let afterAnalyte = false
  for (let i = 0; i < output.length; ) {
    const end = wordEnd(output, i)
    // No quantity begins with a Han character, as nearly every word does.
    if (output.charCodeAt(i) < 0x4e00 && isQuantity(output, afterAnalyte, i, end)) afterAnalyte = false
    else {
      const word = output.slice(i, end)
      const entry = terms === null ? null : terms.writes(word)
      if (entry === null && !MARKS.has(word)) return false
      afterAnalyte = entry !== null && isAnalyte(entry)
    }
    if (output.charCodeAt(end) === BREAK) afterAnalyte = false
    i = end + 1
  }
  return true
}

function isOfTerms(output: string, terms: TextMatcher | null): boolean {
  let afterAnalyte = false
  for (let i = 0; i < output.length; ) {
    const term = terms === null ? null : terms.at(output, i)
    let end: number
    if (term !== null && term.form !== 'term' && isBreak(output, term.end)) {
      end = term.end
      afterAnalyte = isAnalyte(term.entry)
    } else {
      end = wordEnd(output, i)
      if (!isQuantity(output, afterAnalyte, i, end) && !MARKS.has(output.slice(i, end))) return false
      afterAnalyte = false
    }
    if (output.charCodeAt(end) === BREAK) afterAnalyte = false
    i = end + 1
  }
  return true
}

const isBreak = (text: string, i: number): boolean => {
  if (i === text.length) return true
  const c = text.charCodeAt(i)
  return c === 0x20 || c === BREAK
}

const BREAK = BETWEEN.charCodeAt(0)

function wordEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x20 || c === BREAK) return i
  }
  return text.length
}
