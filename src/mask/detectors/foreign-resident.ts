import { type Detector, spansOf } from './detector.ts'

const CARD = /(?<![A-Za-z0-9])[A-Z]{3}\d{12}(?!\d)/gi

/** Foreign permanent resident card before December 2023: three letters and twelve digits. The newer one is a resident-id. */
export const foreignResident: Detector = {
  name: 'foreign-resident',
  zh: '外国人永久居留身份证号',
  element: 'other-document',
  needs: 0,
  digits: 12,
  solid: 12,
  find: (text) => spansOf(CARD, text),
}
