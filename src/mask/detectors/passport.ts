import { type Detector, spansOf } from './detector.ts'

const PASSPORT = /(?<![A-Za-z0-9])(?:[EKGDSP]\d{8}|(?:E[A-F]|[DSP]E|KJ|MA)\d{7})(?![A-Za-z0-9])/gi

/** Passports of the PRC (E, EA-EF, D, S, P, SE, DE, PE, older G), Hong Kong (K, KJ) and Macao (MA). */
export const passport: Detector = {
  name: 'passport',
  zh: '护照号',
  element: 'other-document',
  needs: 0,
  digits: 7,
  solid: 7,
  find: (text) => spansOf(PASSPORT, text),
}
