import { type Detector, groupSpansOf } from './detector.ts'
import { STAFF_WORD, TITLE_WORD } from './features.ts'
import { isLabelled, isName, LABELLED, NAME, STAFF_LIST, STAFF_WORDS, TITLES } from './name-words.ts'
import { WordStarts } from './word-starts.ts'

/** a label of a signature line: the colon or a blank is asked for, since the same words stand in sentences */
const SIGNED = new WordStarts(
  STAFF_LIST,
  new RegExp(`(?:${STAFF_WORDS})(?:姓名)?(?:\\s{0,4}:\\s{0,4}|\\s{1,4})${NAME}`, 'uy'),
)
const LABEL = new WordStarts(STAFF_LIST, new RegExp(`(?:${STAFF_WORDS})(?:姓名)?\\s{0,2}:\\s{0,4}${LABELLED}`, 'uy'))
const TITLE = new RegExp(TITLES, 'u')
/** surname, at most three more characters, title; at the start of a run of Han */
const TITLED = new RegExp(`(?<!\\p{Script=Han})[请由经邀与]?(\\p{Script=Han}{1,4}?)(?=${TITLES})`, 'gu')

/** Those who treat and sign: 报告医师:王建国, 李主任. */
export const staffContext: Detector = {
  name: 'staff-name',
  zh: '上下文中的医务人员姓名',
  element: 'staff-name',
  needs: STAFF_WORD | TITLE_WORD,
  digits: 0,
  prose: true,
  find: (text) => [
    ...(text.includes(':') ? groupSpansOf(LABEL, text, isLabelled) : []),
    ...groupSpansOf(SIGNED, text, isName),
    ...(TITLE.test(text) ? groupSpansOf(TITLED, text, isName) : []),
  ],
}
