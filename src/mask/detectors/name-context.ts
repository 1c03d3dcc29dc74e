import { type Detector, groupSpansOf } from './detector.ts'
import { PERSON_WORD } from './features.ts'
import { isLabelled, isName, LABEL_LIST, LABELLED, LABELS, NAME, PERSON_LIST, PERSON_WORDS } from './name-words.ts'
import { WordStarts } from './word-starts.ts'

const PERSON = new WordStarts(PERSON_LIST, new RegExp(`(?:${PERSON_WORDS})\\s{0,4}[:#]?\\s{0,4}${NAME}`, 'uy'))
const LABEL = new WordStarts(LABEL_LIST, new RegExp(`(?:${LABELS})\\s{0,2}:\\s{0,4}${LABELLED}`, 'uy'))

/** A helper beside the propagation of known names: fires only on a surname after a word that announces a name. */
export const nameContext: Detector = {
  name: 'name',
  zh: '上下文中的姓名',
  element: 'person-name',
  needs: PERSON_WORD,
  digits: 0,
  find: (text) => {
    const named = groupSpansOf(PERSON, text, isName)
    return text.includes(':') ? [...groupSpansOf(LABEL, text, isLabelled), ...named] : named
  },
}
