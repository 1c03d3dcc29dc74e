import { type Detector, groupSpansOf } from './detector.ts'
import { PERSON_WORD } from './features.ts'
import { isLabelled, isName, LABELLED, LABELS, NAME, PERSON_WORDS } from './name-words.ts'

const PERSON = new RegExp(`(?:${PERSON_WORDS})\\s{0,4}[:#]?\\s{0,4}${NAME}`, 'gu')
const LABEL = new RegExp(`(?:${LABELS})\\s{0,2}:\\s{0,4}${LABELLED}`, 'gu')

/** A helper beside the propagation of known names: fires only on a surname after a word that announces a name. */
export const nameContext: Detector = {
  name: 'name',
  zh: '上下文中的姓名',
  element: 'person-name',
  needs: PERSON_WORD,
  digits: 0,
  find: (text) => [...groupSpansOf(LABEL, text, isLabelled), ...groupSpansOf(PERSON, text, isName)],
}
