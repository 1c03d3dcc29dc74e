/** Levels as a record's content raises them (rules-language.md, Record): structure and provider data never. */
import type { Element, Level } from './model.ts'
import type { Raise } from './plan.ts'

export const RAISES: readonly Raise[] = [0, 1, 2, 3]

const SIGN = 1
/** bit of a minor's record */
export const MINOR = 2

const IDENTITY = new Set(['identity', 'identity-documents', 'contact', 'local-numbers'])
const RAISED_BY_SIGN = new Set([...IDENTITY, 'quasi-identifiers', 'payment', 'clinical', 'free-text'])

/** A level-5 sign raises identity and clinical elements to 5; a minor raises identity elements by 1. */
export function levelOf(element: Element, raise: Raise): Level {
  const { group, level } = element
  if (group === null || raise === 0) return level
  if ((raise & SIGN) !== 0 && RAISED_BY_SIGN.has(group)) return 5
  if ((raise & MINOR) !== 0 && IDENTITY.has(group)) return Math.min(5, level + 1) as Level
  return level
}
