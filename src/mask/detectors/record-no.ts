import { type Detector, groupSpansOf } from './detector.ts'

const RECORD =
  /(?:病案号|病历号|住院号|门诊号|就诊卡号|就诊号|登记号|检查号|标本号|医保卡号|社保号)\s{0,4}[:#]?\s{0,4}([A-Za-z0-9-]{4,24})/g

/** A number right after the word that names it. */
export const recordNo: Detector = {
  name: 'record-no',
  zh: '病案号等院内编号',
  may: (text) => text.includes('号'),
  find: (text) => groupSpansOf(RECORD, text, (group) => /\d/.test(group)),
}
