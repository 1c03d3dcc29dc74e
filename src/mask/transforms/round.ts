import { type Decimal, digitsOf, formatDecimal, roundTo } from '../decimal.ts'
import { bindSettled } from './marks.ts'
import { isMeasure, measured, noDose, oneOf } from './numbers.ts'
import type { Method, Params } from './transform.ts'

/** To `places` decimal places (negative: tens, hundreds), or to `digits` significant ones. */
function rounded(value: Decimal, params: Params): Decimal {
  // Zeros that were not measured are never added.
  if (typeof params['places'] === 'number')
    return value.scale <= params['places'] ? value : roundTo(value, params['places'])
  const digits = Number(params['digits'])
  if (digitsOf(value) <= digits) return value
  const once = roundTo(value, value.scale - digitsOf(value) + digits)
  // 9.96 to two digits is 10.0, which has three: the last one is no longer significant.
  return digitsOf(once) > digits ? roundTo(once, once.scale - 1) : once
}

export const round: Method = {
  name: 'round',
  zh: '取整',
  summary: {
    zh: '数值按小数位或有效位取整；不是数值者删除',
    en: 'rounds a number to decimal places or significant digits; removed where it is no number',
  },
  kinds: ['number', 'age'],
  params: {
    type: 'object',
    properties: {
      places: { type: 'integer', minimum: -6, maximum: 6, description: 'decimal places; -1 rounds to tens' },
      digits: { type: 'integer', minimum: 1, maximum: 6, description: 'significant digits' },
    },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) =>
    level *
    (typeof params['places'] === 'number'
      ? 0.66 + 0.015 * params['places']
      : 0.56 + 0.03 * Number(params['digits'] ?? 6)),
  check: (params, element) => [...oneOf(params, 'places', 'digits'), ...noDose('round', element)],
  prepare: (params, _element, effects) =>
    bindSettled(round, params, effects, (value) => {
      const number = measured(value)
      const result = number === null ? null : rounded(number, params)
      return result === null || !isMeasure(result) ? null : formatDecimal(result)
    }),
}
