import { maskEmail } from '../masks/email.ts'
import { identifierBytes, identifierMask } from '../masks/identifier.ts'
import { maskName, nameBytes } from '../masks/name.ts'
import { maskPhone, phoneBytes, spanPhone } from '../masks/phone.ts'
import { keepSpan, type Span } from '../masks/span.ts'
import { spanBytes } from '../masks/span-bytes.ts'
import { gateOf } from '../masks/stable-bytes.ts'
import type { Element, Kind } from '../model.ts'
import { truncateAddress } from '../regions.ts'
import { bindSettled, MARK } from './marks.ts'
import type { Bound, Effects, Method } from './transform.ts'

type Params = Readonly<Record<string, unknown>>

/** Kinds whose hidden part is told by a mark of fixed length unless the cell says `length: same`. */
const FIXED_BY_DEFAULT: ReadonlySet<Kind> = new Set(['name', 'email', 'address', 'code', 'text', 'number'])
/** Credentials are not data: showing a part of one is showing it. */
const SECRET = new Set(['credential', 'insurance-token'])

const charOf = (params: Params): string => (params['char'] === '?' || params['char'] === 'X' ? params['char'] : '*')
const sameOf = (params: Params): boolean | null =>
  params['length'] === 'same' ? true : params['length'] === 'fixed' ? false : null

/** Leading and trailing code points a cell asks to show; null: by kind and element. */
export function shownBy(params: Params): { readonly first: number; readonly last: number } | null {
  const pair = typeof params['keep'] === 'string' ? /^(\d{1,2})\+(\d{1,2})$/.exec(params['keep']) : null
  if (pair !== null) return { first: Number(pair[1]), last: Number(pair[2]) }
  const { first, last } = params
  if (first === undefined && last === undefined) return null
  return { first: typeof first === 'number' ? first : 0, last: typeof last === 'number' ? last : 0 }
}

function spanOf(params: Params, element: Element): Span | null {
  const shown = shownBy(params)
  if (shown === null) return null
  const char = charOf(params)
  const same = sameOf(params) ?? !FIXED_BY_DEFAULT.has(element.kind)
  return { ...shown, char, fixed: same ? null : char.repeat(element.kind === 'name' ? 2 : 3) }
}

/** The mask of a cell that names no span. */
function byKind(element: Element, char: string, same: boolean | null): (value: string) => string {
  switch (element.kind) {
    case 'name':
      return (value) => maskName(value, char, same === true)
    case 'phone':
      return (value) => maskPhone(value, char)
    case 'email':
      return (value) => maskEmail(value, char)
    case 'address':
      return (value) => truncateAddress(value, 'city')
    case 'identifier': {
      const mask = identifierMask(element)
      return (value) => mask(value, char, same)
    }
    default:
      return element.id === 'postcode' ? (value) => maskPostcode(value, char) : () => MARK
  }
}

/** 400000 -> 40****: the first two digits are the province. */
const maskPostcode = (value: string, char: string): string =>
  /^\d{2}[\d*?X]{4}$/.test(value) ? value.slice(0, 2) + char.repeat(4) : MARK

function bytesByKind(element: Element, char: string, same: boolean | null): Bound['bytes'] {
  if (element.kind === 'name') return same === true ? undefined : nameBytes(char)
  if (element.kind === 'phone') return phoneBytes(char)
  return element.kind === 'identifier' ? identifierBytes(element, char, same) : undefined
}

const bySpan = (element: Element, span: Span): ((value: string) => string) =>
  element.kind === 'phone' ? (value) => spanPhone(value, span) : (value) => keepSpan(value, span)

function prepare(params: Params, element: Element, effects: Effects): Bound {
  const span = SECRET.has(element.id) ? null : spanOf(params, element)
  const char = charOf(params)
  const same = sameOf(params)
  const treat = span === null ? byKind(element, char, same) : bySpan(element, span)
  const bytes = span === null ? bytesByKind(element, char, same) : spanBytes(span, gateOf(element.kind))
  return bindSettled(mask, params, effects, treat, bytes)
}

function check(params: Params, element: Element): string[] {
  const problems: string[] = []
  if (params['keep'] !== undefined && (params['first'] !== undefined || params['last'] !== undefined))
    problems.push('keep and first/last say the same thing: give one of them')
  const shown = shownBy(params)
  if (shown === null) return problems
  const total = shown.first + shown.last
  if (total > 0 && SECRET.has(element.id)) problems.push(`no part of ${element.id} may be shown: use redact or drop`)
  if (element.id === 'resident-id' && total > 12)
    problems.push('fewer than six of the 18 characters of a resident ID would be hidden: show at most 12')
  if (element.id === 'mobile' && total > 8)
    problems.push('fewer than three of the 11 digits of a mobile number would be hidden: show at most 8')
  return problems
}

/** Shown characters of the mask by kind, for comparing cells: 3+4 of a mobile number is the most it shows. */
const SHOWN_BY_KIND = 7

function leaves(level: number, params: Params): number {
  const shown = shownBy(params)
  const n = shown === null ? SHOWN_BY_KIND : shown.first + shown.last
  return level * (0.4 + (0.5 * n) / (n + 6) + (params['length'] === 'same' ? 0.02 : 0))
}

export const mask: Method = {
  name: 'mask',
  zh: '掩码',
  summary: {
    zh: '部分遮盖：按数据元的惯用格式，或指定保留首尾位数',
    en: 'hides a part: in the form usual for the element, or all but the given leading and trailing characters',
  },
  kinds: ['name', 'identifier', 'phone', 'email', 'address', 'code', 'text', 'number'],
  params: {
    type: 'object',
    properties: {
      keep: {
        type: 'string',
        pattern: '^\\d{1,2}\\+\\d{1,2}$',
        description: 'leading + trailing characters shown, e.g. 1+2',
      },
      first: { type: 'integer', minimum: 0, maximum: 99, description: 'leading characters shown' },
      last: { type: 'integer', minimum: 0, maximum: 99, description: 'trailing characters shown' },
      char: { type: 'string', enum: ['*', '?', 'X'], default: '*', description: 'what stands for a hidden character' },
      length: {
        type: 'string',
        enum: ['fixed', 'same'],
        description: 'fixed hides the length; same puts one character per hidden one; without it by kind',
      },
    },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves,
  check,
  prepare,
}
