/** Where two bindings are equally narrow, by walking a graph over all places its rules know. */
import type { Steps } from '../../base/steps.ts'
import type { Binding, Element, RuleSet } from '../model.ts'
import type { Interest } from '../plan.ts'
import type { Node } from '../scan/json-node.ts'
import type { Candidate, Layout } from '../site.ts'
import { bindingIndex } from './binding-index.ts'
import type { Conflict } from './format.ts'

/** Everything bound reaches its site; nothing else does. */
export const ALL_BOUND: Interest = { element: () => true, unknown: false, levelSearch: false, subject: false }

/** One for the format alone and one for every interface with selectors that suit it. */
export function conflictScopes(rules: RuleSet, suits: (b: Binding) => boolean): (string | null)[] {
  const { own } = bindingIndex(rules)
  return [null, ...[...own].filter(([, list]) => list.every(suits)).map(([id]) => id)]
}

export interface Visit {
  readonly node: Node
  readonly where: string
}

/** Collects the conflicts of the sites that `visits` leads to, one for each pair of bindings. */
export function* collectConflicts(
  rules: RuleSet,
  layout: Layout,
  visits: Iterable<Visit>,
  into: Map<string, Conflict>,
): Steps<void> {
  let bindings: Map<string, Binding> | null = null
  const bindingOf = (c: Candidate) => {
    bindings ??= new Map(rules.bindings.map((b) => [`${b.at.file}:${b.at.line}:${b.at.col}`, b]))
    return bindings.get(`${c.at.file}:${c.at.line}:${c.at.col}`)
  }
  const judged = new Set<number>()
  let walked = 0
  for (const { node, where } of visits) {
    if (++walked % 64 === 0) yield
    if (node.site < 0 || judged.has(node.site)) continue
    judged.add(node.site)
    const pair = equallyNarrow(layout.sites[node.site]!.candidates)
    if (pair === null) continue
    const [a, b] = pair.map(bindingOf).toSorted((x, y) => rules.bindings.indexOf(x!) - rules.bindings.indexOf(y!))
    if (a === undefined || b === undefined) continue
    const id = `${a.at.file}:${a.at.line}:${a.at.col} ${b.at.file}:${b.at.line}:${b.at.col}`
    if (!into.has(id)) into.set(id, { a, b, where })
  }
}

/** Two unconditional candidates, or two under one condition, of different elements and equal rank. */
function equallyNarrow(candidates: readonly Candidate[]): [Candidate, Candidate] | null {
  const seen = new Map<string, { candidate: Candidate; element: Element }>()
  for (const candidate of candidates) {
    const key = `${candidate.rank}/${candidate.condition}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, { candidate, element: candidate.element })
    else if (first.element !== candidate.element) return [first.candidate, candidate]
  }
  return null
}
