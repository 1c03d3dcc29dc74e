import { atScale, type Decimal, formatDecimal, parseDecimal, roundTo } from '../decimal.ts'
import { bindSettled } from './marks.ts'
import { measured, noDose, oneOf } from './numbers.ts'
import { keyedOf, type Method, type Params } from './transform.ts'

const MOST_UNITS = 0xffff_ffffn / 2n

/** Largest change in units of the value's last place. */
function boundOf(value: Decimal, params: Params): bigint {
  if (typeof params['amount'] === 'number') {
    const amount = parseDecimal(String(params['amount']))!
    const { units, scale } = atScale(amount, value.scale)
    return units / 10n ** BigInt(scale - value.scale)
  }
  const size = value.units < 0n ? -value.units : value.units
  // Percent with up to three places.
  return (size * BigInt(Math.round(Number(params['percent']) * 1000))) / 100_000n
}

/** The number moved by keyed units of its last place, never by none; null = it cannot be moved within the bound. */
function disturbed(value: Decimal, params: Params, draw: (below: number) => number): Decimal | null {
  const bound = boundOf(value, params)
  if (bound < 1n) return null
  const most = bound > MOST_UNITS ? MOST_UNITS : bound
  const n = BigInt(draw(Number(most * 2n)))
  // A draw over more places than 32 bits hold is stretched; the lowest places are then 0, which tells nothing.
  const step = bound / most
  const change = (n < most ? n - most : n - most + 1n) * step
  const sum = value.units + change
  const units = value.units >= 0n && sum < 0n ? value.units - change : sum
  return { units, scale: value.scale }
}

/**
 * Deterministic: the same value of the same person always moves alike, so asking again does not average it out. A
 * number that cannot be moved by a unit of its last place within the bound is removed; so is what is no number.
 */
export const noise: Method = {
  name: 'noise',
  zh: '加噪',
  summary: {
    zh: '数值加有界噪声（由密钥与患者确定，重复查询不变，不为 0）；不是数值者删除',
    en: 'moves a number by keyed noise within a bound (never 0, the same each time it is asked for); removed where it is no number',
  },
  kinds: ['number', 'age'],
  params: {
    type: 'object',
    properties: {
      amount: { type: 'number', exclusiveMinimum: 0, maximum: 1_000_000, description: 'the largest change' },
      percent: {
        type: 'number',
        minimum: 0.1,
        maximum: 100,
        description: 'the largest change as a share of the value',
      },
      places: { type: 'integer', minimum: 0, maximum: 6, description: 'decimal places of the result; default its own' },
    },
    additionalProperties: false,
  },
  idempotent: false,
  invents: true,
  needsOwner: true,
  references: false,
  leaves: (level, params) => level * (0.72 - (0.2 * Number(params['percent'] ?? 0)) / 100),
  check: (params, element) => [...oneOf(params, 'amount', 'percent'), ...noDose('noise', element)],
  prepare: (params, element, effects) => {
    const keyed = keyedOf(effects)
    return bindSettled(noise, params, effects, (value, place) => {
      const number = measured(value)
      if (number === null) return null
      const from = typeof params['places'] === 'number' ? roundTo(number, params['places']) : atScale(number, 0)
      const message = `${element.id}\0${place.namespace}\0${place.owner ?? ''}\0${value}`
      const moved = disturbed(from, params, (below) => keyed.draw('noise', message, below))
      const text = moved === null ? null : formatDecimal(moved)
      return text === value ? null : text
    })
  },
}
