import { type Detector, groupSpansOf, spansOf } from './detector.ts'

const LANDLINE =
  /(?<!\d|\d\.|\d-)(?:\(0\d{2,3}\)|(?:\+86[- ]?|0086[- ]?|0)\d{2,3})[- ]?[2-9]\d{6,7}(?:(?:-|转|ext\.?)\d{1,6})?(?!\d)/gi
/** without an area code only right after a word that announces it */
const NAMED = /(?:电话|座机|固话|办电|宅电|tel)(?:号码|号)?[\s:：#.]{0,3}([2-9]\d{6,7})(?!\d)/gi

/** Area code and 7 or 8 digits; numbers without an area code are told from others by the word before them only. */
export const landline: Detector = {
  name: 'landline',
  zh: '固定电话',
  element: 'landline',
  needs: 0,
  digits: 7,
  solid: 7,
  find: (text) => [...spansOf(LANDLINE, text), ...groupSpansOf(NAMED, text)],
}
