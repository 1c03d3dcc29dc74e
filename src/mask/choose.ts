/**
 * One element under several policies: each policy's cell (else its `undecided`), the one that leaves less wins, floors
 * come last and nothing loosens them (就高从严).
 */
import type { Cell, Element, Floor, Level, Policy } from './model.ts'
import type { PlanRequest, Raise, Why } from './plan.ts'
import { levelOf, MINOR } from './raise.ts'
import type { Method } from './transforms/transform.ts'

export interface Chosen {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly why: Why
}

/** the method of an English name */
export type MethodLookup = (name: string) => Method | undefined

/** what conditions of a cell look at */
export interface Scene extends Pick<PlanRequest, 'interfaceId' | 'institution' | 'purpose'> {
  /** YYYY-MM-DD: an exception holds up to and with its last day; absent = every exception is taken to hold */
  readonly today?: string
}

/** What a treatment leaves of a level; an unknown method leaves everything, so that it never wins. */
export const leavesOf = (cell: Pick<Cell, 'method' | 'params'>, level: Level, methods: MethodLookup): number =>
  methods(cell.method)?.leaves(level, cell.params) ?? Number.POSITIVE_INFINITY

/** At least one of the policies must be a base (with `undecided`). */
export function choose(
  element: Element,
  raise: Raise,
  policies: readonly Policy[],
  scene: Scene,
  methods: MethodLookup,
): Chosen {
  const level = levelOf(element, raise)
  let best: Chosen | null = null
  let least = Number.POSITIVE_INFINITY
  for (const policy of policies)
    for (const { cell, source } of cellsOf(policy, element, scene)) {
      const leaves = leavesOf(cell, level, methods)
      if (best !== null && leaves >= least) continue
      best = { method: cell.method, params: cell.params, why: { source, policy: policy.id, at: cell.at } }
      least = leaves
    }
  for (const policy of policies)
    for (const floor of policy.floors) {
      if (!reaches(floor, element, floorLevel(policy, element, raise))) continue
      const cell = floor.cell === 'never-clear' ? CLEARED : floor.cell
      const good = floor.cell === 'never-clear' ? least < level : least <= leavesOf(cell, level, methods)
      if (good) continue
      best = {
        method: cell.method,
        params: cell.params,
        why: { source: raise === 0 ? 'floor' : 'level-5', policy: policy.id, at: floor.at },
      }
      least = leavesOf(cell, level, methods)
    }
  if (best === null) throw new Error('no base policy decides')
  return element.id === 'resource-id' && methods(best.method)?.references !== true
    ? { ...best, method: 'drop', params: {} }
    : best
}

/** Who treats a child must know whom: in direct care a floor does not see a level that only the patient's age raised. */
const floorLevel = (policy: Policy, element: Element, raise: Raise): Level =>
  levelOf(element, policy.directCare ? ((raise & ~MINOR) as Raise) : raise)

/** never-clear met by a cell that leaves everything: the fixed mark. */
const CLEARED: Pick<Cell, 'method' | 'params'> = { method: 'redact', params: {} }

/** A level's floor reaches that level and all above; a group's its members. */
export const reaches = (floor: Floor, element: Element, level: Level): boolean =>
  'level' in floor.target ? level >= floor.target.level : element.group === floor.target.group

interface Found {
  readonly cell: Cell
  readonly source: 'cell' | 'undecided'
}

/**
 * The cells a policy has for an element in a scene: those that hold, else `undecided`; none in an overlay. An approved
 * exception stands instead of the cell that holds everywhere; whatever else tightens is compared as ever.
 */
export function cellsOf(policy: Policy, element: Element, scene: Scene): Found[] {
  const holding = (policy.cells.get(element.id) ?? []).filter((c) => c.when === null || holds(c, scene))
  const excepted = holding.some((c) => c.exception != null)
  const cells = excepted ? holding.filter((c) => c.when !== null) : holding
  if (cells.length > 0) return cells.map((cell) => ({ cell, source: 'cell' }))
  return policy.undecided === null ? [] : [{ cell: policy.undecided, source: 'undecided' }]
}

function holds(cell: Cell, scene: Scene): boolean {
  const when = cell.when!
  if (isOver(cell.exception, scene.today)) return false
  return (
    (when.interfaces === null || when.interfaces.includes(scene.interfaceId)) &&
    (when.institutions === null || when.institutions.includes(scene.institution)) &&
    (when.purposes === null || (scene.purpose !== null && when.purposes.includes(scene.purpose)))
  )
}

/** Has the last day of an approval passed? Without a day nothing has. */
export const isOver = (approval: { readonly expires?: string | null } | null | undefined, today?: string): boolean =>
  approval?.expires != null && today !== undefined && approval.expires < today

/** The first last day after which something of these policies no longer holds; null = nothing ends. */
export function firstExpiry(policies: readonly Policy[], today: string): string | null {
  const days = policies.flatMap((p) => [
    ...[...p.cells.values()].flat().map((c) => c.exception?.expires),
    p.unknown?.treatment === 'keep' ? p.unknown.expires : null,
  ])
  const ahead = days.filter((day) => day != null && day >= today).toSorted()
  return ahead[0] ?? null
}
