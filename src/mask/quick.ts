/** The byte road of a site: plain values that need no string, no choice and no look at the record. */
import type { Tally } from './counts.ts'
import type { Level } from './model.ts'
import type { Plan } from './plan.ts'
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
function tallyOf(quick: readonly (Quick | null | undefined)[], method: string): Tally {
  return quick.find((q) => q?.method === method)?.tally ?? { method, times: 0 }
}

/** The byte road of a site under a plan; null = it has none. `sites`: those made so far, which share tallies. */
export function quickOf(plan: Plan, id: number, sites: readonly (Quick | null | undefined)[]): Quick | null {
  const site = plan.reader.layout.sites[id]!
  const candidate = site.candidates[0]
  if (
    candidate === undefined ||
    candidate.condition >= 0 ||
    site.reference ||
    site.stays != null ||
    candidate.element.local ||
    candidate.role === 'echo'
  )
    return null
  // A result the carrier may refuse needs the full road.
  if (
    site.admits !== 'text' &&
    !(
      (site.admits === 'date' || site.admits === 'datetime') &&
      plan.decide(candidate.element, 0).bound.method.name === 'year'
    )
  )
    return null
  const { element } = candidate
  const { bound, keepByKind } = plan.decide(element, 0)
  if (bound.keeps || keepByKind || bound.bytes === undefined) return null
  return {
    bytes: bound.bytes,
    tally: tallyOf(sites, bound.method.name),
    method: bound.method.name,
    level: element.level,
    leaves: Math.ceil(bound.method.leaves(element.level, bound.params)),
    hits: 0,
  }
}
