/** Member names that are payload themselves (rules-language.md, Keys as payload): identifiers and names used as keys. */
import { detectsAnything } from '../detectors/index.ts'

const SIX_DIGITS = /\p{Nd}{6}/u
const LETTERS = /^[A-Za-z_]*$/
const ODD = /[^A-Za-z0-9_.-]/

/** `strict`: any character outside A-Z a-z 0-9 _ - . makes a name payload. */
export function isUnsafeKey(key: string, strict: boolean): boolean {
  if (LETTERS.test(key)) return false
  if (strict && ODD.test(key)) return true
  return SIX_DIGITS.test(key.normalize('NFKC')) || detectsAnything(key)
}
