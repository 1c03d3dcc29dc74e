import { type Detector, spansOf } from './detector.ts'
import { CARD_WORD } from './features.ts'

const MILITARY = /[\u4e00-\u9fa5]{1,2}字第[0-9A-Za-z]{4,10}号?/g

/** Cards of officers, soldiers and police: 军字第1234567号. */
export const military: Detector = {
  name: 'military',
  zh: '军官证等证件号',
  element: 'other-document',
  needs: CARD_WORD,
  digits: 0,
  find: (text) => spansOf(MILITARY, text),
}
