/**
 * Does a row bear a sign of level 5 (domain.md E24)? As a careful team writes it: the published lists, each as one
 * alternation over a normalised value; words of a sentence do not count where they are denied, an item everybody is
 * screened for only where its result is not negative.
 */
import codes from '../data/level5-icd10.json' with { type: 'json' }
import signs from '../data/level5-signs.json' with { type: 'json' }

/** Latin words stand by themselves, blanks and hyphens are one. */
const oneOf = (terms: readonly string[]): string =>
  terms
    .map((term) => {
      const pattern = term.replace(/[()+.]/g, '\\$&').replace(/-/g, '[\\s_-]+')
      return `${/^\w/.test(term) ? '(?<![a-z0-9])' : ''}${pattern}${/\w$/.test(term) ? '(?![a-z0-9])' : ''}`
    })
    .join('|')

const LAB = new RegExp(oneOf(signs.labs.terms), 'i')
const SCREENING = new RegExp(oneOf(signs.screening.terms), 'i')
const DRUG = new RegExp(oneOf(signs.drugs.terms), 'i')
const DEPARTMENT = new RegExp(oneOf(signs.departments.terms), 'i')
const NAMED = new RegExp(oneOf(signs.texts.terms), 'gi')
const DENIED_BEFORE = /(?:否认|排除|除外|未见|未患|无|非|没有|筛查)[^，。；,;.]{0,6}$/
const DENIED_AFTER = /^[^，。；,;.阳+]{0,8}(?:阴性|\(-\)|negative|非反应)/i
const NEGATIVE =
  /^\s*(?:阴性?|neg(?:ative)?|non-?reactive|无反应性?|非反应性?|未检出|未见|not detected|<\s*\d|-|\(-\))/i

const categories = (from: string, to: string): string[] =>
  Array.from(
    { length: Number(to.slice(1)) - Number(from.slice(1)) + 1 },
    (_, i) => `${from[0]}${String(Number(from.slice(1)) + i).padStart(2, '0')}`,
  )
/** a range of fourth characters counts for the bare category too */
const ICD10 = new RegExp(
  `(?<![a-z0-9.])(?:${codes.ranges
    .flatMap(({ from, to }) =>
      from.includes('.') ? [`${from.slice(0, 3)}(?:\\.?[${from[4]}-${to[4]}]|(?!\\.?\\d))`] : categories(from, to),
    )
    .join('|')})`,
  'i',
)
const CODED = /^\s*[a-z]\d{2}(?:\.?[0-9x][0-9a-z.+*]{0,8})?(?![0-9a-z])/i

const isCoded = (text: string): boolean => CODED.test(text) && ICD10.test(text)

function isNamed(text: string): boolean {
  for (const { 0: word, index } of text.matchAll(NAMED))
    if (!DENIED_BEFORE.test(text.slice(0, index)) && !DENIED_AFTER.test(text.slice(index + word.length))) return true
  return false
}

/** What of a row may bear a sign, normalised. */
export interface Spoken {
  readonly ryzd: string
  readonly ypmc: string
  readonly ksmc: string
  readonly texts: Readonly<Record<string, string>>
  readonly results: readonly { readonly item: string; readonly result: string }[]
}

export const isLevel5 = ({ ryzd, ypmc, ksmc, texts, results }: Spoken): boolean =>
  ICD10.test(ryzd) ||
  isNamed(ryzd) ||
  DRUG.test(ypmc) ||
  DEPARTMENT.test(ksmc) ||
  Object.values(texts).some((text) => isCoded(text) || isNamed(text)) ||
  results.some(
    ({ item, result }) =>
      LAB.test(item) || isCoded(result) || isNamed(result) || (SCREENING.test(item) && !NEGATIVE.test(result)),
  )
