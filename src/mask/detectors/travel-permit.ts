import { type Detector, groupSpansOf, spansOf } from './detector.ts'

// 国药准字H20203456 is an approval number of a drug.
const MAINLAND = /(?<![A-Za-z0-9]|准字)[HM]\d{8}(?:\d{2})?(?![A-Za-z0-9])/gi
const LOCAL = /(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d{6}\([0-9A]\)|[157]\d{6}\(\d\))/gi
/** permits of mainland residents for Hong Kong and Macao: their letter says nothing without the word */
const OUTWARD = /(?:通行证|护照)(?:号码?)?[ :#]*([CW]\d{8}|C[A-Z]\d{7})(?![A-Za-z0-9])/gi
const TAIWAN = /(?:台胞证|台湾居民来往大陆通行证|台湾通行证)(?:号码?)?[ :#]*(\d{8}(?:\d{2}[A-Z])?)(?!\d)/gi

/** Mainland travel permits of Hong Kong, Macao and (beside their name) Taiwan residents, and local ID cards of the former. */
export const travelPermit: Detector = {
  name: 'travel-permit',
  zh: '港澳台通行证与身份证号',
  element: 'other-document',
  needs: 0,
  digits: 6,
  solid: 6,
  find: (text) => [
    ...spansOf(MAINLAND, text),
    ...spansOf(LOCAL, text),
    ...groupSpansOf(OUTWARD, text),
    ...groupSpansOf(TAIWAN, text),
  ],
}
