import { type Detector, spansOf } from './detector.ts'
import { AT } from './features.ts'

// The local part is bounded, so that a long run before no `@` costs a constant per character.
const EMAIL = /[A-Za-z0-9._%+-]{1,64} ?@ ?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}/g

export const email: Detector = {
  name: 'email',
  zh: '电子邮箱',
  element: 'email',
  needs: AT,
  digits: 0,
  parts: true,
  find: (text) => spansOf(EMAIL, text),
}
