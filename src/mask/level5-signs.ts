/** Signs of level 5 beside ICD-10 codes (data/level5-signs.json, domain.md E24): lab items, drugs, departments, words. */
import table from '../../data/level5-signs.json' with { type: 'json' }
import { isLevel5Code } from './level5.ts'
import { foldSign } from './sign-fold.ts'
import { WordScan } from './text/word-scan.ts'

/** Where a sign is looked for: codes anywhere in a value, a value that is a code, or words of one list. */
export const SIGNS = ['icd-10', 'coded', 'lab', 'drug', 'department', 'text'] as const
/**
 * `dotted`: a value that is a code with a dot, in texts no rule knows: rooms and wards have names like F20. `label`: a code
 * that says how sensitive its record is.
 */
export type Sign = (typeof SIGNS)[number] | 'dotted' | 'label'

/** `screening`: a sign unless the result beside it is negative */
export type Finding = 'sign' | 'screening' | null

const WHOLE_CODE = /^\s*[A-Za-z]\d{2}(?:\.?[0-9xX][0-9A-Za-z.+*]{0,8})?(?![0-9A-Za-z])/
const DOTTED_CODE = /^\s*[A-Za-z]\d{2}\.[0-9xX][0-9A-Za-z.+*]{0,8}(?![0-9A-Za-z])/
/** Nobody has what is ruled out: 否认肺结核, 梅毒阴性. A text is read so only where it stands directly beside the word. */
const DENIED_BEFORE = /(?:否认|排除|除外|未见|未患|无|非|没有|筛查)[^，。；,;.]{0,6}$/
const DENIED_AFTER = /^[^，。；,;.阳+]{0,8}(?:阴性|\(-\)|（-）|（－）|（—）|negative|非反应)/i

const folded = (terms: readonly string[]): readonly string[] => terms.map(foldSign)
const LABS = folded(table.labs.terms)
const SCREENING = folded(table.screening.terms)
const DRUGS = folded(table.drugs.terms)
const DEPARTMENTS = folded(table.departments.terms)
const TEXTS = folded(table.texts.terms)
const LABELS: ReadonlySet<string> = new Set(table.labels.terms)

const LAB_BITS = 3
const DRUG_BIT = 4
const DEPARTMENT_BIT = 8
/** twenty-four bits, so that only a few words need to be judged */
const GROUPS = 24
const TEXT_BITS = ((1 << GROUPS) - 1) << 4
const TEXT_GROUPS = Array.from({ length: GROUPS }, (_, k) => ({
  bit: 16 << k,
  words: TEXTS.filter((_word, i) => i % GROUPS === k),
}))
/** Nearly every value holds no word of any list, which one look tells; what may hold one is judged word by word. */
const WORDS = new WordScan([
  { bit: LAB_BITS, words: [...LABS, ...SCREENING] },
  { bit: DRUG_BIT, words: DRUGS },
  { bit: DEPARTMENT_BIT, words: DEPARTMENTS },
  ...TEXT_GROUPS,
])

export const isSensitiveLabel = (code: string): boolean => LABELS.has(code.trim().toUpperCase())

/** What a value says under one of the signs its element may bear. */
export function findSign(signs: readonly Sign[], text: string): Finding {
  let found: Finding = null
  let words = -1
  for (const sign of signs) {
    if (sign === 'icd-10') {
      if (isLevel5Code(text)) return 'sign'
    } else if (sign === 'label') {
      if (isSensitiveLabel(text)) return 'sign'
    } else if (sign === 'coded' || sign === 'dotted') {
      const whole = sign === 'coded' ? WHOLE_CODE : DOTTED_CODE
      if (beginsAsCode(text) && whole.test(text) && isLevel5Code(text)) return 'sign'
    } else {
      if (words < 0) words = WORDS.find(text)
      const here = words === 0 ? null : judge(sign, text, words)
      if (here === 'sign') return here
      found ??= here
    }
  }
  return found
}

/**
 * Is it certain from the bytes (UTF-8) that {@link findSign} finds nothing? A sentence is read once by it, and nearly
 * every value need not become a string for it.
 */
export function bearsNoSign(signs: readonly Sign[], source: Uint8Array, start: number, end: number): boolean {
  for (const sign of signs) {
    if (sign === 'label') return false
    if (sign === 'icd-10' && mayHoldDigits(source, start, end)) return false
    if ((sign === 'coded' || sign === 'dotted') && mayBeginAsCode(source, start, end)) return false
  }
  return WORDS.findBytes(source, start, end) === 0
}

/** First bytes of Han characters: none of them stands for a blank, a letter or a digit. */
const isHanLead = (c: number): boolean => c >= 0xe4 && c <= 0xe9

function mayHoldDigits(source: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = source[i]!
    if (c >= 0x80) {
      if (!isHanLead(c)) return true
      i += 2
    } else if (c >= 0x30 && c <= 0x39) return true
  }
  return false
}

function mayBeginAsCode(source: Uint8Array, start: number, end: number): boolean {
  const c = start < end ? source[start]! : 0
  if (c >= 0x80) return !isHanLead(c)
  if (c <= 0x20) return true
  return (
    (c | 0x20) >= 0x61 &&
    (c | 0x20) <= 0x7a &&
    start + 2 < end &&
    source[start + 1]! >= 0x30 &&
    source[start + 1]! <= 0x39
  )
}

/** @param words bits of the lists that may have a word in the text */
function judge(sign: Sign, text: string, words: number): Finding {
  switch (sign) {
    case 'lab': {
      if ((words & LAB_BITS) === 0) return null
      const value = foldSign(text)
      if (has(LABS, value)) return 'sign'
      return has(SCREENING, value) ? 'screening' : null
    }
    case 'drug':
      return (words & DRUG_BIT) !== 0 && has(DRUGS, foldSign(text)) ? 'sign' : null
    case 'department':
      return (words & DEPARTMENT_BIT) !== 0 && has(DEPARTMENTS, foldSign(text)) ? 'sign' : null
    default:
      return (words & TEXT_BITS) !== 0 && isNamed(foldSign(text), words) ? 'sign' : null
  }
}

/** A letter and a digit, after blanks: nearly no text does, and the pattern need not be asked. */
function beginsAsCode(text: string): boolean {
  let i = 0
  for (; ; i++) {
    const c = text.charCodeAt(i)
    if (c > 0x20 && c < 0xa0) return isWordAt(text, i + 1)
    if ((c > 0x3000 && c < 0xfeff) || !/\s/.test(text.charAt(i))) return false
  }
}

/** A result that says: not found. Anything else leaves a screening a sign. */
export function isNegative(text: string): boolean {
  return /^\s*(?:阴性|阴|neg(?:ative)?|non-?reactive|无反应(?:性)?|非反应性|未检出|未见|not detected|[<＜]\s*\d|-|－|—|\(-\)|（-）|（－）|（—）)/i.test(
    text,
  )
}

function isNamed(text: string, found: number): boolean {
  for (const { bit, words } of TEXT_GROUPS)
    if ((found & bit) !== 0 && words.some((word) => isSaid(text, word))) return true
  return false
}

function isSaid(text: string, word: string): boolean {
  for (let at = placeOf(text, word, 0); at >= 0; at = placeOf(text, word, at + word.length)) {
    const before = text.slice(Math.max(0, at - 10), at)
    if (!DENIED_BEFORE.test(before) && !DENIED_AFTER.test(text.slice(at + word.length, at + word.length + 16)))
      return true
  }
  return false
}

function has(terms: readonly string[], value: string): boolean {
  return terms.some((term) => placeOf(value, term, 0) >= 0)
}

/** Where the term stands from `from` on; -1 = nowhere. A Latin term is a word of its own: RPR is not in interpretation. */
function placeOf(text: string, term: string, from: number): number {
  for (let at = text.indexOf(term, from); at >= 0; at = text.indexOf(term, at + 1))
    if (
      !(isWordAt(text, at - 1) && isWordAt(term, 0)) &&
      !(isWordAt(term, term.length - 1) && isWordAt(text, at + term.length))
    )
      return at
  return -1
}

/** a-z, 0-9 */
function isWordAt(text: string, at: number): boolean {
  const c = text.charCodeAt(at)
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x30 && c <= 0x39)
}
