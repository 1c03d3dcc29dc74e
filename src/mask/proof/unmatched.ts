/**
 * Selectors that match nothing in samples given: they look like protection and bind no place of what an interface really
 * sends. Places and counts only, never a value.
 */
import { formatOf } from '../language/rule-test.ts'
import type { Binding, FormatName, Policy, RuleSet } from '../model.ts'
import { explainSample } from '../sample.ts'
import type { Sample } from './diff-samples.ts'

/** Everything bound is removed and everything else too, so that each leaf is looked at by itself. */
const PROBE: Policy = {
  id: 'unmatched',
  basis: null,
  owner: null,
  review: null,
  directCare: false,
  for: { roles: ['unmatched'], scenarios: null, institutions: null },
  floors: [],
  cells: new Map(),
  undecided: { method: 'drop', params: {}, at: { file: '', line: 1, col: 1 }, when: null },
  unknown: { treatment: 'drop', at: { file: '', line: 1, col: 1 } },
  at: { file: '', line: 1, col: 1 },
}

export interface Unmatched {
  /** in the files' order */
  readonly bindings: readonly Binding[]
  /** bindings that could have matched: of a format or interface a sample was given of */
  readonly asked: number
  /** samples whose format is not known or that cannot be read */
  readonly skipped: readonly string[]
}

/**
 * @param samples each with the interface it belongs to: then only that interface's own selectors are asked, those of a
 * format are a vocabulary no one interface exhausts; null: those of its format
 */
export function unmatchedBindings(rules: RuleSet, samples: readonly Sample[]): Unmatched {
  const skipped = new Set<string>()
  const asked = new Set<Binding>()
  const found = new Set<Binding>()
  for (const sample of samples) {
    const format = formatOf(sample.name)
    const { interfaceId = null } = sample
    const elements = (bindings: readonly Binding[]) => elementsIn(rules, bindings, sample, format)
    if (elements([]) === null) {
      skipped.add(sample.name)
      continue
    }
    const own = rules.bindings.filter((b) =>
      interfaceId === null ? b.interfaceId === null && isOf(b, format) : b.interfaceId === interfaceId,
    )
    for (const binding of own) asked.add(binding)
    for (const [element, bindings] of Map.groupBy(own, (b) => b.element.id))
      search(
        bindings.filter((b) => !found.has(b)),
        (some) => elements(some)?.has(element) === true,
        found,
      )
  }
  return {
    bindings: rules.bindings.filter((b) => asked.has(b) && !found.has(b)),
    asked: asked.size,
    skipped: [...skipped],
  }
}

/** Adds to `found` those that match alone, by halves: of most elements none does. */
function search(
  bindings: readonly Binding[],
  matches: (some: readonly Binding[]) => boolean,
  found: Set<Binding>,
): void {
  if (bindings.length === 0 || !matches(bindings)) return
  if (bindings.length === 1) {
    found.add(bindings[0]!)
    return
  }
  const half = bindings.length >> 1
  search(bindings.slice(0, half), matches, found)
  search(bindings.slice(half), matches, found)
}

const isOf = (b: Binding, format: FormatName | null): boolean =>
  b.format === format || (format === 'ndjson' && b.format === 'json')

/** Ids of the elements some leaf is bound to; null when the sample cannot be read. */
function elementsIn(
  rules: RuleSet,
  bindings: readonly Binding[],
  { bytes, interfaceId = null }: Sample,
  format: FormatName | null,
): ReadonlySet<string> | null {
  if (format === null) return null
  const told = explainSample(
    { ...rules, bindings, policies: [PROBE], dictionaries: new Map() },
    {
      bytes,
      format,
      role: 'unmatched',
      scenario: null,
      institution: 'unmatched',
      purpose: null,
      interfaceId,
      date: '2000-01-01',
    },
  )
  return told.refused === null ? new Set(told.leaves.flatMap((leaf) => leaf.element?.id ?? [])) : null
}
