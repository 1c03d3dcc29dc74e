/** One cell of a table of statistics: what the method aggregate says and the engine (aggregate.ts) does. */
export const STATISTICS = ['group', 'count', 'sum', 'mean', 'min', 'max'] as const
export type Statistic = (typeof STATISTICS)[number]

export interface AggregateSpec {
  readonly as: Statistic
  /** groups and statistics of fewer are not given out */
  readonly k: number
  /** what `k` and `count` count: persons, each once, or rows */
  readonly per: 'patient' | 'row'
  /** the part of a grouping value that is grouped by and shown; null = it has none */
  readonly part: (value: string) => string | null
}
