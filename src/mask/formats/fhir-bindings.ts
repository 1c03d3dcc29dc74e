/** Bindings of FHIR made ready for the graph: parsed, ranked, listed by the type they start from. */
import type { Binding, Element, RuleSet } from '../model.ts'
import { bindingsFor } from './binding-index.ts'
import type { FhirBinding } from './fhir-binding.ts'
import { observationBindings } from './fhir-observations.ts'
import { type FhirSelector, parseFhirSelector } from './fhir-path.ts'
import { parseReference } from './fhir-reference.ts'
import { isPrimitive, lineOf, propertiesOf, RESOURCES, typeNames } from './fhir-types.ts'

/** Parses and ranks the bindings that hold for one interface. Throws Error on a selector `check` refuses. */
export function compileFhirBindings(
  rules: RuleSet,
  interfaceId: string | null,
  wants: (element: Element) => boolean,
  lines: boolean,
): FhirBinding[] {
  const compiled: FhirBinding[] = []
  for (const binding of bindingsFor(rules, interfaceId)) {
    const own = binding.interfaceId !== null
    if (binding.path === null || binding.path.startsWith('$')) continue
    if (
      own ? binding.interfaceId !== interfaceId : binding.format !== 'fhir' && !(lines && binding.format === 'ndjson')
    )
      continue
    const selector = parseFhirSelector(binding.path)
    if ('error' in selector) throw new Error(`unchecked selector at ${binding.at.file}:${binding.at.line}`)
    compiled.push(compile(compiled.length, binding, selector, own, wants(binding.element)))
  }
  return [...compiled, ...observationBindings(rules, wants, compiled.length)]
}

function compile(index: number, binding: Binding, selector: FhirSelector, own: boolean, wanted: boolean): FhirBinding {
  const { where, targets } = selector
  const file = own ? 10 : 0
  const rank = file + narrowness(selector)
  const conditionalRank = file + (targets !== null ? 0.75 : 2)
  const base = { index, binding, element: binding.element, selector, rank, conditionalRank, wanted }
  const at = binding.at
  if (where !== null) {
    const { value } = where
    const condition = { key: `w${index}`, test: (text: string) => text === value, at }
    return { ...base, condition, witnesses: [where.path], only: null, after: where.after }
  }
  if (targets !== null) {
    const condition = { key: `t${index}`, test: (text: string) => targets.includes(targetType(text) ?? ''), at }
    return { ...base, condition, witnesses: [['reference'], ['type']], only: null, after: 0 }
  }
  return { ...base, condition: null, witnesses: [], only: null, after: -1 }
}

/** A type alone 0, a path 1, a condition 2; a reference by its target is a type told more closely, but no path. */
function narrowness({ anchor, steps, targets }: FhirSelector): number {
  if (targets !== null) return 0.5
  if (steps.length === 0) return isPrimitive(anchor) ? -0.5 : 0
  return anchor === 'Reference' && steps[0]!.name === 'display' ? 0 : 1
}

/** Rank of a candidate of this binding, by whether its condition must hold. */
export const rankOf = (b: FhirBinding, conditional: boolean): number => (conditional ? b.conditionalRank : b.rank)

const PROFILE = 'http://hl7.org/fhir/StructureDefinition/'

/** Resource type a reference text or a Reference.type names; null = cannot be told. */
function targetType(text: string): string | null {
  const name = text.startsWith(PROFILE) ? text.slice(PROFILE.length) : text
  if (/^[A-Z][A-Za-z]{1,63}$/.test(name)) return name
  const parsed = parseReference(text)
  return parsed === null || typeof parsed === 'string' ? null : parsed.type
}

/** Bindings by the type at which their selector starts. */
export function byAnchor(bindings: readonly FhirBinding[]): ReadonlyMap<string, readonly FhirBinding[]> {
  return Map.groupBy(bindings, (b) => b.selector.anchor)
}

/** Types from which a type of `seeds` can be reached by members: below all others nothing can matter. */
export function reachingTypes(seeds: ReadonlySet<string>): ReadonlySet<string> {
  const owners = typeOwners()
  const found = new Set<string>()
  const open: string[] = []
  const visit = (type: string): void => {
    if (found.has(type)) return
    found.add(type)
    open.push(type)
  }
  for (const seed of seeds) visit(seed)
  for (const type of typeNames()) if (lineOf(type).some((t) => seeds.has(t))) visit(type)
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    for (const owner of owners.get(type) ?? []) visit(owner)
  }
  return found
}

let ownersOnce: ReadonlyMap<string, ReadonlySet<string>> | null = null

/** For every type the types that have a member of it; a member of type Resource may be any resource. */
function typeOwners(): ReadonlyMap<string, ReadonlySet<string>> {
  if (ownersOnce !== null) return ownersOnce
  const owners = new Map<string, Set<string>>()
  const add = (type: string, owner: string): void => {
    const set = owners.get(type)
    if (set === undefined) owners.set(type, new Set([owner]))
    else set.add(owner)
  }
  for (const owner of typeNames()) {
    for (const property of propertiesOf(owner).values()) for (const { type } of property.types) add(type, owner)
  }
  for (const resource of RESOURCES) add(resource, 'Resource')
  ownersOnce = owners
  return owners
}
