/** The byte road of a site: plain values that need no string, no choice and no look at the record. */
import type { Tally } from './counts.ts'
import type { Level } from './model.ts'
import type { Bound } from './transforms/transform.ts'

export interface Quick {
  readonly bytes: NonNullable<Bound['bytes']>
  readonly method: string
  readonly tally: Tally
  readonly level: Level
  /** what the method leaves of the level */
  readonly leaves: number
  /** times it was used in the payload at hand; counted and set back when that is over */
  hits: number
}

/** Quick sites of one plan and method share a tally: what they did is added up before it is written down. */
export function tallyOf(quick: readonly (Quick | null | undefined)[], method: string): Tally {
  return quick.find((q) => q?.method === method)?.tally ?? { method, times: 0 }
}
