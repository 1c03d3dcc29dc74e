/** What a benchmark suite is, and the one line a result is. */
export interface Row {
  readonly id: string
  readonly value: number
  readonly unit: string
  /** null = printed beside, no bar */
  readonly bar: number | null
  readonly holds: boolean | null
}

export interface Suite {
  readonly ids: readonly string[]
  run(prefix: string, emit: (row: Row, detail: string) => void): Promise<void>
}

export const wanted = (id: string, prefix: string): boolean => id.startsWith(prefix)
