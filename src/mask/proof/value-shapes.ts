/** What values look like: weaker evidence than a detector, since many things look alike. */
import { isName } from '../detectors/name-words.ts'
import { isLevel5Code } from '../level5.ts'
import { parseResidentId } from '../resident-id.ts'

export interface ValueShape {
  readonly name: string
  readonly element: string
  readonly weight: 1 | 2
  readonly fits: (value: string) => boolean
}

const HAN_NAME = /^\p{Script=Han}{2,4}$/u
const ICD10 = /^[A-TV-Z]\d{2}(?:\.\d{1,3})?(?:[x+*]\d{0,4})?$/
const DATE = /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[T ].*)?$/
const PROSE = /[，。；、！？]/
const MOBILE = /^1[3-9]\d{9}$/

export const SHAPES: readonly ValueShape[] = [
  { name: 'resident-id', element: 'resident-id', weight: 2, fits: (v) => parseResidentId(v)?.checked === true },
  { name: 'mobile', element: 'mobile', weight: 2, fits: (v) => MOBILE.test(v) },
  { name: 'han-name', element: 'person-name', weight: 1, fits: (v) => HAN_NAME.test(v) && isName(v) },
  { name: 'sex', element: 'sex', weight: 2, fits: (v) => /^(?:男|女|男性|女性|male|female)$/i.test(v) },
  { name: 'age', element: 'age', weight: 2, fits: (v) => /^\d{1,3}\s*(?:岁|周岁|月|天)$/.test(v) },
  {
    name: 'address',
    element: 'address',
    weight: 2,
    fits: (v) => /(?:省|市|区|县).{2,}(?:路|街|巷|号|村|镇|乡|幢|室)/.test(v) && v.length < 60,
  },
  { name: 'icd-10', element: 'diagnosis', weight: 2, fits: (v) => ICD10.test(v) || (v.length < 12 && isLevel5Code(v)) },
  { name: 'blood-group', element: 'blood-group', weight: 2, fits: (v) => /^(?:A|B|O|AB)型$/.test(v) },
  { name: 'birth-date', element: 'birth-date', weight: 1, fits: (v) => yearOf(v) > 1900 && yearOf(v) < 2012 },
  { name: 'date', element: 'event-date', weight: 1, fits: (v) => yearOf(v) >= 2012 },
  { name: 'prose', element: 'report-text', weight: 1, fits: (v) => v.length > 10 && PROSE.test(v) },
]

const yearOf = (value: string): number => Number(DATE.exec(value)?.[1] ?? 0)
