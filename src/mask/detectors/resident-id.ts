import { parseResidentId } from '../resident-id.ts'
import { type Detector, spansOf } from './detector.ts'

const LONG = /(?<!\d)[1-9](?:[ -]?\d){16}[ -]?[\dXx](?!\d)/g
const SHORT = /(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)/g
const CONTEXT = /身份证|证件号|公民身份|sfz|idcard|id ?no/i

/** GB 11643-1999, with blanks or hyphens between digits; the 15-digit form only beside a word that names it. */
export const residentId: Detector = {
  name: 'resident-id',
  zh: '居民身份证号',
  may: (text) => /\d(?:[ -]?\d){13}/.test(text),
  find: (text, strict) => {
    const long = spansOf(LONG, text, (m) => {
      const id = parseResidentId(m.replace(/[ -]/g, '').toUpperCase())
      return id !== null && (strict || id.checked)
    })
    if (!CONTEXT.test(text)) return long
    return [...long, ...spansOf(SHORT, text, (m) => parseResidentId(m) !== null)]
  },
}
