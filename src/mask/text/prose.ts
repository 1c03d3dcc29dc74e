/** Which sites of a plan hold texts that are written anew (codes-only) whatever stands around them: read from their bytes. */
import type { Element } from '../model.ts'
import type { Plan, Why } from '../plan.ts'

export interface Prose {
  /** of the cell; null = all */
  readonly dictionaries: readonly string[] | null
  /** null = no binding knows the site */
  readonly element: Element | null
  readonly why: Why
}

const known = new WeakMap<Plan, ProseSites>()

export function proseSitesOf(plan: Plan): ProseSites {
  let sites = known.get(plan)
  if (sites === undefined) known.set(plan, (sites = new ProseSites(plan)))
  return sites
}

/** Sites are numbered by the plan's own reader, which meets new ones as it reads. */
export class ProseSites {
  readonly #plan: Plan
  readonly #sites: (Prose | null | undefined)[] = []

  constructor(plan: Plan) {
    this.#plan = plan
  }

  /** How texts of the site are written in a record that was not raised; null = the full road. */
  at(id: number): Prose | null {
    const prose = this.#sites[id]
    return prose === undefined ? (this.#sites[id] = this.#proseOf(id)) : prose
  }

  #proseOf(id: number): Prose | null {
    const { unknown } = this.#plan
    const { candidates, reference, stays, structure } = this.#plan.reader.layout.sites[id]!
    if (candidates.length > 1 || reference || stays != null) return null
    const candidate = candidates[0]
    if (candidate === undefined)
      return structure === null && unknown.treatment === 'codes-only'
        ? { dictionaries: null, element: null, why: unknown.why }
        : null
    if (candidate.condition >= 0 || candidate.role === 'echo') return null
    const { element } = candidate
    const { bound, why } = this.#plan.decide(element, 0)
    return bound.codesOf === undefined ? null : { dictionaries: bound.codesOf, element, why }
  }
}
