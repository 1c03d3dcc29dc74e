import { type Detector, groupSpansOf } from './detector.ts'
import { NUMBER_WORD } from './features.ts'
import { WordStarts } from './word-starts.ts'

const WORDS =
  '病案号 病历号 病历卡号 住院号 住院流水号 门诊号 就诊卡号 就诊号 就诊流水号 登记号 健康卡号 检查号 检验号 标本号 条码号 申请单号 病理号 影像号 放射号 超声号 处方号 医保卡号 医保号 社保卡号 社保号 个人编号'.split(
    ' ',
  )
const RECORD = new WordStarts(
  WORDS,
  new RegExp(`(${WORDS.join('|')})(?:码)?\\s{0,4}(?:为|是)?[:#]?\\s{0,4}([A-Za-z0-9-]{4,24})`, 'y'),
)

const elementOf = (word: string): string => {
  if (word.startsWith('住院')) return 'inpatient-no'
  if (/^(?:门诊|就诊号|就诊流)/.test(word)) return 'outpatient-no'
  if (/^(?:医保|社保|个人)/.test(word)) return 'insurance-no'
  return /^(?:检|标本|条码|申请|病理|影像|放射|超声|处方)/.test(word) ? 'order-no' : 'record-no'
}

/** A number right after the word that names it. */
export const recordNo: Detector = {
  name: 'record-no',
  zh: '病案号等院内编号',
  element: 'record-no',
  needs: NUMBER_WORD,
  digits: 1,
  parts: true,
  find: (text) => groupSpansOf(RECORD, text, (group, match) => /\d/.test(group) && elementOf(match)),
}
