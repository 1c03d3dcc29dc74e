import { type AggregateSpec, STATISTICS, type Statistic } from '../aggregate-spec.ts'
import { noDose } from './numbers.ts'
import { categoryOf } from './substitute.ts'
import type { Method, Params } from './transform.ts'
import { truncateDate } from './year.ts'

const LEFT: Readonly<Record<Statistic, number>> = {
  count: 0.08,
  mean: 0.12,
  sum: 0.14,
  group: 0.2,
  min: 0.3,
  max: 0.31,
}
const SMALLEST = 3
const DEFAULT_K = 5

function partOf(by: unknown, today: () => string): AggregateSpec['part'] {
  if (by === 'year' || by === 'month') return (value) => truncateDate(value, by, today())
  return by === 'category-code' ? categoryOf : (value) => value
}

function leaves(level: number, params: Params): number {
  const { as, by, k, per } = params
  const base = LEFT[(as as Statistic | undefined) ?? 'group']
  const coarse = as === 'group' && by !== undefined && by !== 'value' ? 0.05 : 0
  const rows = per === 'row' ? 0.02 : 0
  return level * (base - coarse + rows + 0.05 / Number(k ?? DEFAULT_K))
}

/**
 * Works on lists: rows of a HIS interface, entries of a FHIR searchset. Rows with equal `group` values become one row
 * that holds only the groups and the statistics; the rest of it is removed, small groups go whole. Outside of a list,
 * and in formats without one, the value is removed.
 */
export const aggregate: Method = {
  name: 'aggregate',
  zh: '汇总',
  summary: {
    zh: '列表按分组项合并成统计行（个数、总和、均值、最小值、最大值），不足“最少个数”的小组整组删除；不在列表中的值删除',
    en: 'merges the rows of a list into rows of statistics (count, sum, mean, min, max) by the grouping cells; groups under k persons go whole; removed outside of a list',
  },
  kinds: ['name', 'identifier', 'phone', 'email', 'address', 'date', 'age', 'code', 'text', 'number'],
  params: {
    type: 'object',
    properties: {
      as: { type: 'string', enum: [...STATISTICS], default: 'group', description: 'grouped by it, or which statistic' },
      by: {
        type: 'string',
        enum: ['value', 'year', 'month', 'category-code'],
        default: 'value',
        description: 'the part of a grouping value that counts',
      },
      k: {
        type: 'integer',
        minimum: SMALLEST,
        maximum: 1000,
        default: DEFAULT_K,
        description: 'smallest group given out',
      },
      per: {
        type: 'string',
        enum: ['patient', 'row'],
        default: 'patient',
        description: 'what k and count count; rows that name nobody count as one patient',
      },
    },
    additionalProperties: false,
  },
  idempotent: false,
  invents: true,
  needsOwner: true,
  references: false,
  leaves,
  check: (params, element) => {
    const { as = 'group', by = 'value' } = params
    const problems: string[] = []
    const reckons = as !== 'group' && as !== 'count'
    if (reckons && element.kind !== 'number' && element.kind !== 'age')
      problems.push(`${String(as)} needs a number, and ${element.id} holds none: group or count`)
    if (reckons) problems.push(...noDose('aggregate', element))
    if (as !== 'group' && by !== 'value') problems.push('by belongs to as: group')
    if ((by === 'year' || by === 'month') && element.kind !== 'date') problems.push(`by ${by} needs a date`)
    if (by === 'category-code' && element.kind !== 'code' && element.kind !== 'text')
      problems.push('by category-code needs a code')
    return problems
  },
  prepare: (params, _element, effects) => {
    const spec: AggregateSpec = {
      as: (params['as'] as Statistic | undefined) ?? 'group',
      k: Math.max(SMALLEST, Number(params['k'] ?? DEFAULT_K)),
      per: params['per'] === 'row' ? 'row' : 'patient',
      part: partOf(params['by'], effects.today),
    }
    return { method: aggregate, params, apply: () => null, keeps: false, aggregate: spec }
  },
}
