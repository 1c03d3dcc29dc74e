/** Bindings of plain JSON made ready for the graph: paths, keys (with or without scope) and labels of pairs. */
import type { Position } from '../../base/problem.ts'
import type { Element, RuleSet } from '../model.ts'
import { bindingsFor } from './binding-index.ts'
import { matchKey } from './json-key.ts'
import { parseJsonPath, type Segment } from './json-path.ts'

interface Bound {
  readonly element: Element
  readonly rank: number
  readonly wanted: boolean
  readonly at: Position
}

export interface PathBinding extends Bound {
  readonly index: number
  readonly segments: readonly Segment[]
  /** index of the segment whose value must fulfil the filter; -1 = none */
  readonly filtered: number
}

export interface KeyBinding extends Bound {
  readonly index: number
  /** name that must be among those above; null = anywhere */
  readonly within: string | null
}

/** All labels of one element and file. */
export interface PairBinding extends Bound {
  readonly labels: ReadonlySet<string>
}

export interface JsonBindings {
  readonly paths: readonly PathBinding[]
  readonly keys: ReadonlyMap<string, readonly KeyBinding[]>
  readonly pairs: readonly PairBinding[]
  /** names that scope some key */
  readonly scopes: ReadonlySet<string>
  /** something bound by key or label is wanted: no place can be left out */
  readonly everywhere: boolean
}

const OWN = 10

/** Parses and ranks the bindings that hold for one interface. Throws Error on a selector `check` refuses. */
export function compileJsonBindings(
  rules: RuleSet,
  interfaceId: string | null,
  wants: (element: Element) => boolean,
  lines: boolean,
): JsonBindings {
  const paths: PathBinding[] = []
  const keys = new Map<string, KeyBinding[]>()
  const pairs = new Map<string, PairBinding & { readonly labels: Set<string> }>()
  const scopes = new Set<string>()
  let count = 0
  for (const { element, format, interfaceId: own, path, key, within, pair, at } of bindingsFor(rules, interfaceId)) {
    if (own !== null ? own !== interfaceId : format !== 'json' && !(lines && format === 'ndjson')) continue
    if (lines && path !== null && !path.startsWith('$')) continue
    const wanted = wants(element)
    const base = own === null ? 0 : OWN
    if (path !== null) paths.push(pathBinding(paths.length, path, { element, wanted, at, rank: base + 1 }))
    else if (key !== null) {
      const scope = within === null ? null : matchKey(within)
      if (scope !== null) scopes.add(scope)
      const known = keys.get(matchKey(key)) ?? []
      known.push({ element, wanted, at, rank: base + (scope === null ? 0 : 1), within: scope, index: count++ })
      keys.set(matchKey(key), known)
    } else if (pair !== null) {
      const id = `${element.id}/${base}`
      const known = pairs.get(id)
      if (known !== undefined) known.labels.add(matchKey(pair))
      else pairs.set(id, { element, wanted, at, rank: base + 2, labels: new Set([matchKey(pair)]) })
    }
  }
  // Rules that know no pair pay nothing for them.
  if (pairs.size > 0) nameByKeys(keys, pairs)
  const keyed = [...keys.values()].some((list) => list.some((k) => k.wanted))
  const list = [...pairs.values()]
  return { paths, keys, pairs: list, scopes, everywhere: keyed || list.some((p) => p.wanted) }
}

/** The label of a pair is data: a name that binds as a key everywhere binds as a label too (domain.md 2.5.5). */
function nameByKeys(
  keys: ReadonlyMap<string, readonly KeyBinding[]>,
  pairs: Map<string, PairBinding & { readonly labels: Set<string> }>,
): void {
  const written = new Set([...pairs.values()].flatMap((p) => [...p.labels]))
  for (const [name, list] of keys) {
    if (written.has(name)) continue
    const best = list.filter((k) => k.within === null).toSorted((a, b) => b.rank - a.rank)[0]
    if (best === undefined) continue
    const base = best.rank >= OWN ? OWN : 0
    const id = `${best.element.id}/${base}`
    const known = pairs.get(id)
    if (known !== undefined) known.labels.add(name)
    else pairs.set(id, { ...best, rank: base + 2, labels: new Set([name]) })
  }
}

function pathBinding(index: number, text: string, bound: Bound): PathBinding {
  const segments = parseJsonPath(text)
  if ('error' in segments) throw new Error(`unchecked selector at ${bound.at.file}:${bound.at.line}`)
  const filtered = segments.findIndex((s) => s.filter !== null)
  // Names are compared as keys are: a spelling variant must not slip by.
  const read = segments.map((s) => ({ ...s, name: s.name === null ? null : matchKey(s.name) }))
  return { ...bound, index, segments: read, filtered, rank: bound.rank + (filtered >= 0 ? 1 : 0) }
}
