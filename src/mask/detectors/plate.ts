import { type Detector, spansOf } from './detector.ts'

/** first characters of plates: the provinces, 使 (embassies) and 领 (consulates) */
export const PLATE_REGIONS = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领'

const PLATE = new RegExp(
  `[${PLATE_REGIONS}][A-HJ-NP-Z][· ]?(?:[ABCDEFGHJK][A-HJ-NP-Z0-9]\\d{4}|\\d{5}[ABCDEFGHJK]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Z0-9])`,
  'gi',
)

/** GA 36: ordinary plates of 7 and new-energy plates of 8 characters. */
export const plate: Detector = {
  name: 'plate',
  zh: '车牌号',
  may: (text) => /[\u4e00-\u9fa5][A-Za-z][· ]?[A-Za-z0-9]{4}/.test(text),
  find: (text) => spansOf(PLATE, text, (m) => /\d/.test(m)),
}
