/**
 * Selectors that decide no value of the samples: a typing error, or a place no sample has. Each binding gets an element of
 * its own, so that every value names the one line that counts there.
 */
import { formatOf } from '../../mask/language/rule-test.ts'
import type { Binding, Cell, Element, Policy, RuleSet } from '../../mask/model.ts'
import type { InterfaceFacts } from '../../mask/proof/coverage.ts'
import type { Sample } from '../../mask/proof/diff-samples.ts'
import { explainSample } from '../../mask/sample.ts'

export interface Unused {
  /** bindings of the formats that samples are in */
  readonly judged: number
  /** those among them that decide nothing, in the files' order */
  readonly unused: readonly Binding[]
}

const PROBE = 'probe'
const DATE = '2026-01-01'

export function unusedSelectors(
  rules: RuleSet,
  interfaces: readonly InterfaceFacts[],
  samples: readonly Sample[],
): Unused {
  const probes = rules.bindings.map((binding, i) => probeOf(binding, i))
  const probed: RuleSet = {
    ...rules,
    bindings: probes,
    elements: probes.map(({ element }) => element),
    elementById: new Map(probes.map(({ element }) => [element.id, element])),
    policies: [policyOf(rules)],
  }
  const seen = new Set<string>()
  const formats = new Set<string>()
  for (const { name, bytes } of samples) {
    const format = formatOf(name)
    if (format === null) continue
    formats.add(format)
    const own = interfaces.filter((each) => each.format === format).map(({ id }) => id)
    for (const interfaceId of [null, ...own]) {
      const caller = { role: PROBE, scenario: null, institution: PROBE, purpose: null, date: DATE }
      const explained = explainSample(probed, { ...caller, bytes, format, interfaceId })
      if (explained.refused !== null) continue
      for (const { element } of explained.leaves) if (element !== null) seen.add(element.id)
    }
  }
  const formatById = new Map(interfaces.map(({ id, format }) => [id, format as string]))
  const isJudged = (b: Binding): boolean => formats.has(b.format ?? formatById.get(b.interfaceId ?? '') ?? '')
  const judged = probes.map((probe, i) => [probe, rules.bindings[i]!] as const).filter(([, b]) => isJudged(b))
  const unused = judged.filter(([{ element }]) => !seen.has(element.id)).map(([, binding]) => binding)
  return { judged: judged.length, unused: unused.toSorted(byPlace) }
}

/** No detector: what a value looks like must not stand in for where it is. */
const probeOf = (binding: Binding, i: number): Binding => ({
  ...binding,
  element: { ...binding.element, id: `${PROBE}-${i}`, detect: null } satisfies Element,
})

/** Redacts whatever is bound and refuses nothing: only the places are asked for. */
function policyOf({ policies }: RuleSet): Policy {
  const at = policies[0]?.at ?? { file: '', line: 1, col: 1 }
  const redact: Cell = { method: 'redact', params: {}, at, when: null }
  return {
    id: PROBE,
    basis: null,
    owner: null,
    review: null,
    directCare: false,
    for: { roles: [PROBE], scenarios: null, institutions: null },
    floors: [],
    cells: new Map(),
    undecided: redact,
    unknown: { treatment: 'redact', at },
    at,
  }
}

const byPlace = (a: Binding, b: Binding): number =>
  a.at.file === b.at.file ? a.at.line - b.at.line || a.at.col - b.at.col : a.at.file < b.at.file ? -1 : 1

/** A selector as it is written. */
export function selectorText({ path, key, within, pair }: Binding): string {
  if (path !== null) return path
  if (pair !== null) return `{ pair: ${pair} }`
  return within === null ? (key ?? '') : `{ key: ${key}, in: ${within} }`
}
