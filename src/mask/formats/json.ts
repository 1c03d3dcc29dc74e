/** Plain JSON of hospital systems: bound by normalised keys, labels of pairs, or JSONPath (docs/rules.md). */
import type { Steps } from '../../base/steps.ts'
import type { Binding, RuleSet } from '../model.ts'
import type { Interest, Reader } from '../plan.ts'
import { bindingIndex, bindingsFor } from './binding-index.ts'
import { ALL_BOUND, collectConflicts, conflictScopes, type Visit } from './conflicts.ts'
import type { Conflict, Format, ReaderOptions, SelectorError } from './format.ts'
import { compileJsonBindings, type JsonBindings } from './json-bindings.ts'
import { JsonGraph } from './json-graph.ts'
import { matchKey } from './json-key.ts'
import { parseJsonPath, type Segment } from './json-path.ts'
import { JsonReader } from './json-reader.ts'
import { sniffJson } from './json-sniff.ts'
import { LayoutBuilder } from './layout-builder.ts'
import { wanted } from './wants.ts'

export function checkJsonSelector({
  path,
  key,
  within,
  pair,
}: Pick<Binding, 'path' | 'key' | 'within' | 'pair'>): SelectorError | null {
  if (path !== null) {
    const parsed = parseJsonPath(path)
    return 'error' in parsed ? parsed : null
  }
  for (const name of [key, within, pair]) {
    if (name !== null && matchKey(name) === '') return { error: 'the name is empty once normalised', offset: 0 }
  }
  return null
}

const DEFAULT_ROWS = [
  '$[*]',
  '$.data[*]',
  '$.list[*]',
  '$.rows[*]',
  '$.data.list[*]',
  '$.data.rows[*]',
  '$.data.data[*]',
]

/** Where the rows are: the entry's row path (its array, or its items), else the usual envelopes (domain.md 5.1). */
function rowPaths(rows: string | null): (readonly Segment[])[] {
  return (rows === null ? DEFAULT_ROWS : [rows]).map((text) => {
    const segments = parseJsonPath(text)
    if ('error' in segments) throw new Error('unchecked row path')
    const read = segments.map((s) => ({ ...s, name: s.name === null ? null : matchKey(s.name) }))
    return read[read.length - 1]!.name === null ? read : [...read, { name: null, deep: false, filter: null }]
  })
}

export function compileJson(rules: RuleSet, options: ReaderOptions, interest: Interest, lines: boolean): Reader {
  const layout = new LayoutBuilder()
  const bindings = compileJsonBindings(rules, options.interfaceId, wanted(interest), lines)
  const graph = jsonGraph(layout, bindings, options, interest, lines)
  const written = { fhir: false, lines, onTypeConflict: options.onTypeConflict }
  return new JsonReader(layout, graph, written, {
    opens: interest.opens ?? NOTHING,
    keyOf: (label) => graph.keyOfLabel(label),
  })
}

/** no element admits that its value is opened */
const NOTHING = (): boolean => false

type GraphOptions = Pick<ReaderOptions, 'rows' | 'strictKeys' | 'unknownName'>

function jsonGraph(
  layout: LayoutBuilder,
  bindings: JsonBindings,
  options: GraphOptions,
  interest: Interest,
  lines: boolean,
): JsonGraph {
  return new JsonGraph(layout, {
    bindings,
    unknown: interest.unknown,
    records: interest.levelSearch || interest.subject,
    strictKeys: options.strictKeys,
    rows: lines ? [] : rowPaths(options.rows),
    rowsAreRecords: !lines && options.rows !== null,
    envelope: !lines,
    unknownName: options.unknownName,
  })
}

function* jsonConflicts(rules: RuleSet): Steps<readonly Conflict[]> {
  const found = new Map<string, Conflict>()
  const suits = (b: Binding) => checkJsonSelector(b) === null
  for (const interfaceId of conflictScopes(rules, suits)) {
    yield
    keyConflicts(rules, interfaceId, found)
    if (interfaceId !== null && isPlain(bindingIndex(rules).own.get(interfaceId)!)) continue
    const layout = new LayoutBuilder()
    const bindings = compileJsonBindings(rules, interfaceId, () => true, false)
    const graph = jsonGraph(layout, bindings, { rows: null, strictKeys: false }, ALL_BOUND, false)
    yield* collectConflicts(rules, layout, allPlaces(graph, namesOf(bindings)), found)
  }
  return [...found.values()]
}

/**
 * Can selectors of one interface meet only where they are the same, so that no place needs to be walked to? True for
 * unscoped keys and labels, and for paths of names and `[*]` none of which leads on from another.
 */
function isPlain(own: readonly Binding[]): boolean {
  const paths = own.flatMap((b) => (b.path === null ? [] : [b.path]))
  if (own.some((b) => b.within !== null) && paths.length > 0) return false
  const plain = paths.map(plainSteps)
  if (plain.includes(null)) return false
  const all = new Set(plain as string[])
  if (all.size < plain.length) return false
  return plain.every((path) => {
    for (let at = path!.lastIndexOf('\n'); at > 0; at = path!.lastIndexOf('\n', at - 1))
      if (all.has(path!.slice(0, at))) return false
    return true
  })
}

/** Names of a path without filters, `..` and `.*`, one a line; null = it is another sort of path. */
function plainSteps(path: string): string | null {
  const segments = parseJsonPath(path)
  if ('error' in segments || segments.some((s) => s.deep || s.filter !== null)) return null
  if (path.includes('.*')) return null
  return segments.map((s) => (s.name === null ? '*' : `.${matchKey(s.name)}`)).join('\n')
}

/** The same key in the same scope, or the same label, for two elements of files that count equally. */
function keyConflicts(rules: RuleSet, interfaceId: string | null, found: Map<string, Conflict>): void {
  const first = new Map<string, Binding>()
  for (const b of interfaceId === null ? bindingsFor(rules, null) : bindingIndex(rules).own.get(interfaceId)!) {
    if (b.path !== null || (b.interfaceId !== null ? b.interfaceId !== interfaceId : b.format !== 'json')) continue
    const scope = b.within === null ? '' : matchKey(b.within)
    const name = b.key === null ? `pair ${matchKey(b.pair!)}` : matchKey(b.key)
    const id = scope === '' ? name : `${scope}\n${name}`
    const known = first.get(id)
    if (known === undefined) first.set(id, b)
    else if (known.element !== b.element)
      found.set(`${interfaceId ?? ''}\n${id}`, { a: known, b, where: scope === '' ? name : `${scope} > ${name}` })
  }
}

/** Names that paths tell apart; keys are compared on their own. */
function namesOf(bindings: JsonBindings): ReadonlySet<string> {
  const names = new Set<string>()
  for (const path of bindings.paths) for (const { name } of path.segments) if (name !== null) names.add(name)
  return names
}

const MAX_PLACES = 4096

/** Places the rules can tell apart: every name they know, at every node reached so far. */
function* allPlaces(graph: JsonGraph, names: ReadonlySet<string>): Iterable<Visit> {
  const seen = new Set([graph.root])
  const open: Visit[] = [{ node: graph.root, where: '$' }]
  for (const place of open) {
    yield place
    if (open.length > MAX_PLACES) continue
    const steps = [...names].map((name) => ({
      node: graph.step(place.node, name).node,
      where: `${place.where}.${name}`,
    }))
    for (const next of [{ node: graph.item(place.node), where: `${place.where}[*]` }, ...steps]) {
      if (seen.has(next.node)) continue
      seen.add(next.node)
      open.push(next)
    }
  }
}

export const json: Format = {
  name: 'json',
  mediaTypes: ['application/json', 'text/json'],
  sniff: sniffJson,
  check: checkJsonSelector,
  conflicts: jsonConflicts,
  compile: (rules, options, interest) => compileJson(rules, options, interest, false),
}
