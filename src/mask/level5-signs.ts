/** Signs of level 5 beside ICD-10 codes (data/level5-signs.json, domain.md E24): lab items, drugs, departments, words. */
import table from '../../data/level5-signs.json' with { type: 'json' }
import { isLevel5Code } from './level5.ts'
import { clean } from './normal.ts'

/** Where a sign is looked for: codes anywhere in a value, a value that is a code, or words of one list. */
export const SIGNS = ['icd-10', 'coded', 'lab', 'drug', 'department', 'text'] as const
export type Sign = (typeof SIGNS)[number]

/** `screening`: a sign unless the result beside it is negative */
export type Finding = 'sign' | 'screening' | null

const WHOLE_CODE = /^\s*[A-Za-z]\d{2}(?:\.?[0-9xX][0-9A-Za-z.+*]{0,8})?(?![0-9A-Za-z])/
/** Nobody has what is ruled out: 否认肺结核, 梅毒阴性. A text is read so only where it stands directly beside the word. */
const DENIED_BEFORE = /(?:否认|排除|除外|未见|未患|无|非|没有|筛查)[^，。；,;.]{0,6}$/
const DENIED_AFTER = /^[^，。；,;.阳+]{0,8}(?:阴性|\(-\)|（-）|（－）|（—）|negative|非反应)/i

const folded = (terms: readonly string[]): readonly string[] => terms.map(fold)
const LABS = folded(table.labs.terms)
const SCREENING = folded(table.screening.terms)
const DRUGS = folded(table.drugs.terms)
const DEPARTMENTS = folded(table.departments.terms)
const TEXTS = folded(table.texts.terms)

/** What a value says under one of the signs its element may bear. */
export function findSign(signs: readonly Sign[], text: string): Finding {
  let found: Finding = null
  for (const sign of signs) {
    const here = judge(sign, text)
    if (here === 'sign') return here
    found ??= here
  }
  return found
}

function judge(sign: Sign, text: string): Finding {
  switch (sign) {
    case 'icd-10':
      return isLevel5Code(text) ? 'sign' : null
    case 'coded':
      return WHOLE_CODE.test(text) && isLevel5Code(text) ? 'sign' : null
    case 'lab':
      if (has(LABS, text)) return 'sign'
      return has(SCREENING, text) ? 'screening' : null
    case 'drug':
      return has(DRUGS, text) ? 'sign' : null
    case 'department':
      return has(DEPARTMENTS, text) ? 'sign' : null
    case 'text':
      return isNamed(fold(text)) ? 'sign' : null
  }
}

/** A result that says: not found. Anything else leaves a screening a sign. */
export function isNegative(text: string): boolean {
  return /^\s*(?:阴性|阴|neg(?:ative)?|non-?reactive|无反应(?:性)?|非反应性|未检出|未见|not detected|[<＜]\s*\d|-|－|—|\(-\)|（-）|（－）|（—）)/i.test(
    text,
  )
}

function isNamed(text: string): boolean {
  for (const term of TEXTS)
    for (let at = placeOf(text, term, 0); at >= 0; at = placeOf(text, term, at + term.length)) {
      const before = text.slice(Math.max(0, at - 10), at)
      if (!DENIED_BEFORE.test(before) && !DENIED_AFTER.test(text.slice(at + term.length, at + term.length + 16)))
        return true
    }
  return false
}

function has(terms: readonly string[], text: string): boolean {
  const value = fold(text)
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

/** width, case, blanks and hyphens do not hide a sign */
function fold(text: string): string {
  return clean(text)
    .toLowerCase()
    .replace(/(?<=\p{Script=Han})\s+|\s+(?=\p{Script=Han})/gu, '')
    .replace(/[\s_-]+/g, '-')
}
