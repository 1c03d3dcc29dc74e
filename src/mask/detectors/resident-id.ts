import { parseResidentId } from '../resident-id.ts'
import { type Detector, spansOf } from './detector.ts'

const LONG = /(?<!\d)[1-9](?:[ \t-]{0,2}\d){16}[ \t-]{0,2}[\dXx](?!\d)/g
const SHORT = /(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)/g
const CONTEXT = /身份|证件号|sfz|idcard|id ?(?:no|card)/i

/** GB 11643-1999, with blanks or hyphens between digits; the 15-digit form only beside a word that names it. */
export const residentId: Detector = {
  name: 'resident-id',
  zh: '居民身份证号',
  element: 'resident-id',
  needs: 0,
  digits: 15,
  find: (text, strict) => {
    const long = spansOf(LONG, text, (m) => {
      const id = parseResidentId(m.replace(/[ \t-]/g, '').toUpperCase())
      return id !== null && (strict || id.checked)
    })
    if (!CONTEXT.test(text)) return long
    return [...long, ...spansOf(SHORT, text, (m) => parseResidentId(m) !== null)]
  },
}
