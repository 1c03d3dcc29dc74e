import { isWritten } from '../dictionary/lookup.ts'
import { type TermTable, tableOf } from '../dictionary/table.ts'
import { fitsKind, hasShape } from '../kinds.ts'
import { gateOf } from '../masks/stable-bytes.ts'
import type { Dictionary, Element } from '../model.ts'
import { bindSettled, MARK } from './marks.ts'
import type { Bound, Effects, Method, Place, Result } from './transform.ts'

type Otherwise = 'redact' | 'drop' | 'category-code' | 'keep'

const OTHERWISE_LEAVES: Readonly<Record<Otherwise, number>> = { drop: 0, redact: 0.05, 'category-code': 0.4, keep: 1 }
const otherwiseOf = (value: unknown): Otherwise =>
  typeof value === 'string' && value in OTHERWISE_LEAVES ? (value as Otherwise) : 'redact'

/** ICD-10 with national extensions: the category is the first three characters; ICD-9-CM-3: the two before the dot. */
const ICD10 = /^([A-Z]\d{2})(?:\.?[0-9A-Z]{1,10}(?:[.+*/-][0-9A-Z]{0,10})?|[+*])?$/i
const ICD9 = /^(\d{2})(?:\.\d{1,4}(?:x\d{1,4})?)?$/i

/** Category of a code, or null when the text is no code of ICD-10 or ICD-9-CM-3. */
export function categoryOf(code: string): string | null {
  const m = ICD10.exec(code) ?? ICD9.exec(code)
  return m === null ? null : m[1]!.toUpperCase()
}

interface Settings {
  readonly dictionary: string
  readonly otherwise: Otherwise
  readonly withCode: boolean
  /** `otherwise: keep` keeps only what has the element's shape */
  readonly shaped: boolean
}

function treatText(value: string, place: Place, s: Settings, effects: Effects): Result {
  const hit = effects.term(s.dictionary, value)
  if (hit !== null) return hit.replacement
  const dictionary = effects.dictionary?.(s.dictionary) ?? null
  if (dictionary !== null && isWritten(dictionary, value, effects.today(), effects.role ?? null)) return value
  if (s.otherwise === 'drop') return null
  if (s.otherwise === 'keep') return kept(value, place, s) ?? MARK
  if (s.otherwise === 'redact') return MARK
  // a category is what this cell writes: it passes, whatever the code beside it has become
  return categoryOf(value) === value ? value : (categoryOf(place.companion ?? value) ?? MARK)
}

/** As it was sent; null for what only stands in the place of such a value. */
function kept(value: string, { element, text, raw = value }: Place, { shaped }: Settings): string | null {
  return shaped && (!fitsKind(element.kind, raw) || text?.holds(raw) === true) ? null : raw
}

/** A code follows its text: the dictionary's code with with-code, else none; without a term what `otherwise` leaves of it. */
function treatCode(value: string, place: Place, s: Settings, effects: Effects): Result {
  const hit = place.companion === null ? null : effects.term(s.dictionary, place.companion)
  if (hit !== null) return s.withCode ? hit.code : null
  if (s.otherwise === 'keep') return kept(value, place, s)
  return s.otherwise === 'category-code' ? categoryOf(value) : null
}

/** Whole-field lookup over bytes; the table says for certain whether a stable value is a term. */
function tableBytes(s: Settings, element: Element, effects: Effects): Bound['bytes'] {
  const gate = gateOf(element.kind)
  const role = effects.role ?? null
  let known: Dictionary | null = null
  let table: TermTable | null = null
  return (source, start, end, target, at) => {
    const dictionary = effects.dictionary?.(s.dictionary) ?? null
    if (dictionary === null) return -1
    if (table === null || dictionary !== known) {
      table = tableOf(dictionary)
      known = dictionary
    }
    // A term as it is written in the dictionary is found as it stands; that it is none is certain for stable values only.
    const used = table.write(source, start, end, target, at, effects.today(), role)
    if (used >= 0) return used
    if (used !== -1 || s.otherwise !== 'redact' || gate(source, start, end) < 0) return -1
    target[at] = target[at + 1] = target[at + 2] = 0x2a
    return at + 3
  }
}

export const substitute: Method = {
  name: 'substitute',
  zh: '字典替换',
  summary: {
    zh: '整个字段按脱敏字典替换；字典中没有的按“否则”处理',
    en: 'replaces a whole field by a dictionary; what it does not hold is treated as `otherwise` says',
  },
  kinds: ['code', 'text'],
  params: {
    type: 'object',
    properties: {
      dictionary: { type: 'string', minLength: 1, description: 'name of a file in dictionaries/' },
      otherwise: {
        type: 'string',
        enum: ['redact', 'drop', 'category-code', 'keep'],
        description: 'treatment of what the dictionary does not hold',
      },
      'with-code': {
        type: 'boolean',
        default: false,
        description: 'codes of a coding become the code of the dictionary entry; without it they are removed',
      },
    },
    required: ['dictionary', 'otherwise'],
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) =>
    level * Math.max(params['with-code'] === true ? 0.5 : 0.45, OTHERWISE_LEAVES[otherwiseOf(params['otherwise'])]),
  prepare: (params, element, effects, judgesKind = false) => {
    const s: Settings = {
      dictionary: String(params['dictionary']),
      otherwise: otherwiseOf(params['otherwise']),
      withCode: params['with-code'] === true,
      shaped: judgesKind && hasShape(element),
    }
    const treat = (value: string, place: Place) =>
      place.role === 'code' ? treatCode(value, place, s, effects) : treatText(value, place, s, effects)
    return bindSettled(
      substitute,
      params,
      effects,
      treat,
      effects.dictionary === undefined ? undefined : tableBytes(s, element, effects),
    )
  },
}
