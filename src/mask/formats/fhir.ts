/** FHIR R4 as JSON: JSON with a better address book. */
import type { Steps } from '../../base/steps.ts'
import type { Binding, RuleSet } from '../model.ts'
import type { Interest, Reader } from '../plan.ts'
import type { Node } from '../scan/json-node.ts'
import { ALL_BOUND, collectConflicts, conflictScopes, type Visit } from './conflicts.ts'
import { compileFhirBindings } from './fhir-bindings.ts'
import { FhirGraph } from './fhir-graph.ts'
import { parseFhirSelector } from './fhir-path.ts'
import { propertiesOf, RESOURCES } from './fhir-types.ts'
import type { Conflict, Format, ReaderOptions, SelectorError } from './format.ts'
import { JsonReader } from './json-reader.ts'
import { sniffJson } from './json-sniff.ts'
import { LayoutBuilder } from './layout-builder.ts'
import { wanted } from './wants.ts'

export function checkFhirSelector({ path }: Pick<Binding, 'path'>): SelectorError | null {
  if (path === null) return { error: 'FHIR is bound by paths, not by keys or labels', offset: 0 }
  const parsed = parseFhirSelector(path)
  return 'error' in parsed ? parsed : null
}

export function compileFhir(rules: RuleSet, options: ReaderOptions, interest: Interest, lines: boolean): Reader {
  const layout = new LayoutBuilder()
  const graph = fhirGraph(
    layout,
    rules,
    {
      interfaceId: options.interfaceId,
      strictKeys: options.strictKeys,
      lines,
      unknownName: options.unknownName,
    },
    interest,
  )
  const written = { fhir: true, lines, onTypeConflict: options.onTypeConflict }
  return new JsonReader(layout, graph, written, { opens: interest.opens ?? (() => false), keyOf: null })
}

interface GraphOptions {
  readonly interfaceId: string | null
  readonly strictKeys: boolean
  readonly lines: boolean
  readonly maxNodes?: number
  readonly unknownName?: ReaderOptions['unknownName'] | undefined
}

function fhirGraph(layout: LayoutBuilder, rules: RuleSet, options: GraphOptions, interest: Interest): FhirGraph {
  const wants = wanted(interest)
  return new FhirGraph(layout, {
    bindings: compileFhirBindings(rules, options.interfaceId, wants, options.lines),
    unknown: interest.unknown,
    records: interest.levelSearch || interest.subject,
    any: interest.unknown || rules.elements.some(wants),
    strictKeys: options.strictKeys,
    unknownName: options.unknownName,
    ...(options.maxNodes === undefined ? {} : { maxNodes: options.maxNodes }),
  })
}

function* fhirConflicts(rules: RuleSet): Steps<readonly Conflict[]> {
  const found = new Map<string, Conflict>()
  const suits = (b: Binding) => checkFhirSelector(b) === null
  for (const interfaceId of conflictScopes(rules, suits)) {
    const layout = new LayoutBuilder()
    yield* collectConflicts(
      rules,
      layout,
      allPlaces(
        fhirGraph(layout, rules, { interfaceId, strictKeys: false, lines: false, maxNodes: MAX_PLACES }, ALL_BOUND),
      ),
      found,
    )
  }
  return [...found.values()]
}

/** More than the definitions can give rise to with any sane number of bindings. */
const MAX_PLACES = 200_000

interface Open extends Visit {
  readonly types: readonly string[]
}

/** Every node of the graph where selectors can meet, with the first path that leads there. */
function* allPlaces(graph: FhirGraph): Iterable<Visit> {
  const seen = new Set<Node>()
  const open: Open[] = []
  const visit = (place: Open): void => {
    if (seen.has(place.node) || seen.size >= MAX_PLACES) return
    seen.add(place.node)
    open.push(place)
  }
  for (const type of RESOURCES) visit({ node: graph.resource(graph.root, type), where: type, types: [type] })
  // Breadth first: the first path to a node is a short one.
  for (const place of open) {
    yield place
    if (place.node.dead) continue
    for (const type of place.types) {
      for (const [key, property] of propertiesOf(type)) {
        if (!graph.mayMeet(place.node, property)) continue
        const { node } = graph.step(place.node, key)
        if (!node.typed) visit({ node, where: `${place.where}.${key}`, types: property.types.map((t) => t.type) })
      }
    }
  }
}

export const fhir: Format = {
  name: 'fhir',
  mediaTypes: ['application/fhir+json', 'application/json+fhir', 'application/json'],
  sniff: sniffJson,
  check: checkFhirSelector,
  conflicts: fhirConflicts,
  compile: (rules, options, interest) => compileFhir(rules, options, interest, false),
}
