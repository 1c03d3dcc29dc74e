/** What the masks by place (mask-range, keep-range, mask-ends, mask-before, mask-after) share. */

import { hideBeside } from '../masks/range.ts'
import type { Element } from '../model.ts'
import { bindSettled, MARK } from './marks.ts'
import type { Bound, Effects, Method, Params } from './transform.ts'

export const PLACE_KINDS = ['name', 'identifier', 'phone', 'email', 'address', 'code', 'text'] as const

export const CHAR = {
  type: 'string',
  enum: ['*', '?', 'X'],
  default: '*',
  description: 'what stands for a hidden character',
} as const

export const charOf = (params: Params): string =>
  params['char'] === '?' || params['char'] === 'X' ? params['char'] : '*'

export const place = (description: string, minimum: number) =>
  ({ type: 'integer', minimum, maximum: 99, description }) as const

const SECRETS: ReadonlySet<string> = new Set(['credential', 'insurance-token'])

/** Characters of numbers everybody has, and how many of them must be hidden, as for `mask`. */
const HIDDEN: Readonly<Record<string, { readonly of: number; readonly least: number }>> = {
  'resident-id': { of: 18, least: 6 },
  mobile: { of: 11, least: 3 },
}

/**
 * A part of a secret is the secret; a range that ends before it begins hides nothing; of an ID or mobile number enough
 * stays hidden.
 * @param hidden characters the cell hides of a value of that length; null = nobody knows before the value is there
 */
export function checkPlaces(
  params: Params,
  element: { readonly id: string },
  hidden: (length: number) => number | null,
): string[] {
  const problems: string[] = []
  if (SECRETS.has(element.id)) problems.push(`no part of ${element.id} may be shown: use redact or drop`)
  const { from, to, first, last } = params
  if (typeof from === 'number' && typeof to === 'number' && from > to) problems.push('from is greater than to')
  if (first === 0 && last === 0) problems.push('nothing would be hidden: first or last is at least 1')
  const rule = HIDDEN[element.id]
  const count = rule === undefined ? null : hidden(rule.of)
  if (rule !== undefined && (count === null || count < rule.least))
    problems.push(`of ${element.id} at least ${rule.least} of ${rule.of} characters must be hidden, whatever it holds`)
  return problems
}

/** A telephone number as people dial it, or one that was masked before; anything else has no places to count. */
const DIALLED = /^[\d*?X]{5,15}$/

/** A Bound that masks by place. At least one character is hidden, so only its own output comes out as it went in. */
export const bindPlaces = (
  method: Method,
  params: Params,
  element: Element,
  effects: Effects,
  treat: (value: string) => string,
): Bound =>
  bindSettled(method, params, effects, (value) =>
    element.kind === 'phone' && !DIALLED.test(value) ? MARK : treat(value),
  )

const num = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** More hidden leaves less; the length of a value is not known, so the hidden characters stand against six. */
export const leftOfHidden = (hidden: number): number => 0.45 + (0.45 * 6) / (6 + hidden)
/** More shown leaves more. */
export const leftOfShown = (shown: number): number => 0.42 + (0.5 * shown) / (6 + shown)
export const span = (params: Params): number => Math.max(1, num(params['to']) - num(params['from']) + 1)
export const ends = (params: Params): number => Math.max(1, num(params['first']) + num(params['last']))

/** A method that hides what stands on one side of a mark. `share`: what it leaves of an element's level. */
export function besideMark(
  side: 'before' | 'after',
  share: number,
  words: Pick<Method, 'name' | 'zh' | 'summary'>,
): Method {
  const method: Method = {
    ...words,
    kinds: PLACE_KINDS,
    params: {
      type: 'object',
      properties: {
        mark: { type: 'string', pattern: '^[^*]{1,16}$', description: 'a text without *; its first place counts' },
      },
      required: ['mark'],
      additionalProperties: false,
    },
    idempotent: true,
    references: false,
    leaves: (level) => level * share,
    check: (params, element) => checkPlaces(params, element, () => null),
    prepare: (params, element, effects) => {
      const mark = String(params['mark'])
      return bindPlaces(method, params, element, effects, (value) => hideBeside(value, mark, side))
    },
  }
  return method
}
