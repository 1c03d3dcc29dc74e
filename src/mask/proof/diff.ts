/**
 * What a change of the rules does to protection (rules-language.md, Bundles): tighter, looser or the same, for every
 * part of two compiled bundles, with the reason and the lines. Looser is everything not proved otherwise.
 */
import type { Position } from '../../base/problem.ts'
import type { BundleParts } from '../bundle.ts'
import type { MethodLookup } from '../choose.ts'
import type { RuleSet } from '../model.ts'
import { methodByName } from '../transforms/index.ts'
import type { Admitted } from './columns.ts'
import { type CellChange, diffCells } from './diff-cells.ts'
import { entryPlace, type Routed } from './diff-entries.ts'
import { maskPlace } from './diff-mask.ts'
import { diffPlain, type Path } from './diff-plain.ts'
import { bindingName, nameParts } from './name-parts.ts'
import type { Side } from './side.ts'
import { type Change, together, type Verdict } from './verdict.ts'

export type { Side } from './side.ts'

export interface RulesDiff {
  /** same: nothing changed but labels. Looser needs two approvers, tighter one. */
  readonly class: Verdict
  /** every difference of the bundles, looser first */
  readonly changes: readonly Change[]
  /** every caller and element treated otherwise than before, looser first */
  readonly cells: readonly CellChange[]
  readonly totals: Readonly<Record<Verdict, number>>
}

export function diffRules(before: Side, after: Side, methods: MethodLookup = methodByName): RulesDiff {
  const cells = diffCells(before.rules, after.rules, {
    admitted: [...admittedBy(before.parts), ...admittedBy(after.parts)],
    requestPolicies: [...requestPolicies(before.parts), ...requestPolicies(after.parts)],
    methods,
  })
  const mask = maskPlace(before, after, cells, methods)
  const entries = entryPlace(entriesOf(before.parts), entriesOf(after.parts))
  const changes = diffPlain(partsOf(before), partsOf(after), {
    place: (path, a, b) => entries(path, a, b) ?? mask(path, a, b),
    positions: (path) => [positionOf(before, path), positionOf(after, path)],
  })
  const order = (a: { verdict: Verdict }, b: { verdict: Verdict }): number => RANK[a.verdict] - RANK[b.verdict]
  const totals = { tighter: 0, looser: 0, same: 0 }
  for (const { verdict: v } of changes) totals[v]++
  return {
    class: together([...changes, ...cells].map((c) => c.verdict)),
    changes: changes.toSorted(order),
    cells: cells.toSorted(order),
    totals,
  }
}

/** A sample that holds less tests less, so it counts as a part of the bundle. */
const partsOf = (side: Side): BundleParts => ({
  ...nameParts(side.parts),
  samples: Object.fromEntries(side.samples ?? []),
})

const RANK: Readonly<Record<Verdict, number>> = { looser: 0, tighter: 1, same: 2 }

interface EntryPart extends Routed {
  readonly roles?: readonly string[]
  readonly scenarios?: readonly string[] | null
  readonly request?: { readonly policy?: string | null } | null
}

const entriesOf = (parts: BundleParts): EntryPart[] => {
  const access = parts['access'] as { readonly entries?: Readonly<Record<string, EntryPart>> } | null | undefined
  return Object.values(access?.entries ?? {})
}

const admittedBy = (parts: BundleParts): Admitted[] =>
  entriesOf(parts).map((e) => ({ roles: e.roles ?? [], scenarios: e.scenarios ?? null }))

const requestPolicies = (parts: BundleParts): string[] =>
  entriesOf(parts).flatMap((e) => (typeof e.request?.policy === 'string' ? [e.request.policy] : []))

/** The line nearest to a path: of the cell, the policy, the element or the entry. */
function positionOf(side: Side, path: Path): Position | null {
  const [core, kind, id, , name] = path
  if (core !== 'mask')
    return side.places?.get(path.slice(0, 3).join('.')) ?? side.places?.get(path.slice(0, 2).join('.')) ?? null
  if (id === undefined) return null
  if (kind === 'elements') return side.rules.elementById.get(id)?.at ?? null
  if (kind === 'bindings') return bindingPlaces(side.rules).get(id) ?? null
  if (kind !== 'policies') return null
  const policy = side.rules.policies.find((p) => p.id === id)
  if (policy === undefined) return null
  if (path[3] === 'unknown') return policy.unknown?.at ?? policy.at
  if (path[3] === 'undecided') return policy.undecided?.at ?? policy.at
  return (name === undefined ? undefined : policy.cells.get(name)?.[0]?.at) ?? policy.at
}

const known = new WeakMap<RuleSet, ReadonlyMap<string, Position>>()

/** Lines of all bindings by name, made once: a consortium has hundreds of thousands. */
function bindingPlaces(rules: RuleSet): ReadonlyMap<string, Position> {
  let places = known.get(rules)
  if (places === undefined) {
    places = new Map(rules.bindings.map((b) => [bindingName(b), b.at]))
    known.set(rules, places)
  }
  return places
}
