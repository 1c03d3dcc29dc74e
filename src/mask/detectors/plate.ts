import { type Detector, spansOf } from './detector.ts'
import { REGION } from './features.ts'
import { PLATE_REGIONS } from './plate-regions.ts'

const PLATE = new RegExp(
  `[${PLATE_REGIONS}] ?[A-HJ-NP-Z][· -]?(?:[ABCDEFGHJK][A-HJ-NP-Z0-9]\\d{4}|\\d{5}[ABCDEFGHJK]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Z0-9])`,
  'gi',
)

/** GA 36: ordinary plates of 7 and new-energy plates of 8 characters. */
export const plate: Detector = {
  name: 'plate',
  zh: '车牌号',
  element: 'plate',
  needs: REGION,
  digits: 1,
  find: (text) => spansOf(PLATE, text, (m) => /\d/.test(m)),
}
