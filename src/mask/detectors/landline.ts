import { type Detector, spansOf } from './detector.ts'

const LANDLINE =
  /(?<!\d|\d\.|\d-)(?:\(0\d{2,3}\)|(?:\+86[- ]?|0086[- ]?|0)\d{2,3})[- ]?[2-9]\d{6,7}(?:(?:-|转|ext\.?)\d{1,6})?(?!\d)/gi

/** Area code and 7 or 8 digits; numbers without an area code are not told from other numbers. */
export const landline: Detector = {
  name: 'landline',
  zh: '固定电话',
  may: (text) => /(?:0|\+86[- ]?)\d{2,3}\)?[- ]?[2-9]\d{6}/.test(text),
  find: (text) => spansOf(LANDLINE, text),
}
