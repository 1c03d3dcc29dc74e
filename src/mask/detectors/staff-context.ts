import { type Detector, groupSpansOf } from './detector.ts'
import { STAFF_WORD } from './features.ts'
import { isLabelled, isName, LABELLED, NAME, STAFF_WORDS, TITLES } from './name-words.ts'

/** a label of a signature line: the colon or a blank is asked for, since the same words stand in sentences */
const SIGNED = new RegExp(`(?:${STAFF_WORDS})(?:姓名)?(?:\\s{0,4}:\\s{0,4}|\\s{1,4})${NAME}`, 'gu')
const LABEL = new RegExp(`(?:${STAFF_WORDS})(?:姓名)?\\s{0,2}:\\s{0,4}${LABELLED}`, 'gu')
/** surname, at most three more characters, title; at the start of a run of Han */
const TITLED = new RegExp(`(?<!\\p{Script=Han})[请由经邀与]?(\\p{Script=Han}{1,4}?)(?=${TITLES})`, 'gu')

/** Those who treat and sign: 报告医师:王建国, 李主任. */
export const staffContext: Detector = {
  name: 'staff-name',
  zh: '上下文中的医务人员姓名',
  element: 'staff-name',
  needs: STAFF_WORD,
  digits: 0,
  prose: true,
  find: (text) => [
    ...groupSpansOf(LABEL, text, isLabelled),
    ...groupSpansOf(SIGNED, text, isName),
    ...groupSpansOf(TITLED, text, isName),
  ],
}
