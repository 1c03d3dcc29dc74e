import { type Detector, spansOf } from './detector.ts'

// A dot after a digit stands in decimals and object identifiers, not before telephone numbers.
// A nought is dialled before numbers of another town; written sign by sign, the same separator stands between all.
const MOBILE =
  /(?<!\d|\d\.)(?:(?:(?:\+|00)?86[- ]?|0)?1[3-9]\d[- ]{0,2}\d{4}[- ]{0,2}\d{4}|(?<!\d[- ])1([- ])[3-9](?:\1\d){9}(?!\1\d))(?!\d)/g

export const mobile: Detector = {
  name: 'mobile',
  zh: '手机号',
  element: 'mobile',
  needs: 0,
  digits: 11,
  find: (text) => spansOf(MOBILE, text),
}
