/**
 * The automaton of FHIR documents: a node is a set of possible types and of selectors under way, built when a payload
 * first goes there. Bindings to a type hold wherever it occurs, because nodes carry types, not paths.
 */
import type { UnknownName } from '../drift.ts'
import { type Graph, MARK_MODE, MARK_TOTAL, MARK_TYPE, Node, type Step } from '../scan/json-node.ts'
import type { Admits, Candidate, Shape } from '../site.ts'
import type { FhirBinding } from './fhir-binding.ts'
import { byAnchor, rankOf, reachingTypes } from './fhir-bindings.ts'
import { COMPOSITES, ECHO, USE } from './fhir-composites.ts'
import { advance, type Item, inItem, isAtEnd, type PathItem, pathItem, tableOf, witnessItem } from './fhir-items.ts'
import { ANYTHING, childPlace, ELEMENT, keyOf, NOWHERE, type Place, type Role } from './fhir-place.ts'
import { LOCAL_ID } from './fhir-reference.ts'
import { RESOURCE_TYPE, shapeOfUse, structureAt } from './fhir-structure.ts'
import { isPrimitive, isResource, lineOf, type Property, propertiesOf, RESOURCES } from './fhir-types.ts'
import {
  type ConditionSpec,
  type LayoutBuilder,
  orderCandidates,
  PLAIN_SCOPE,
  type SiteSpec,
} from './layout-builder.ts'
import { isUnsafeKey } from './unsafe-key.ts'

interface State {
  readonly place: Place
  /** items with what starts at this place */
  readonly items: readonly Item[]
  readonly resources: Map<string | null, Node>
  readonly kept: boolean
}

export interface FhirGraphOptions {
  readonly bindings: readonly FhirBinding[]
  readonly unknown: boolean
  readonly records: boolean
  /** some element or unknown leaf is treated at all */
  readonly any: boolean
  readonly strictKeys: boolean
  /** bound on nodes kept; a hostile payload cannot make more */
  readonly maxNodes?: number
  readonly unknownName?: UnknownName | undefined
}

const REFERENCES: ReadonlySet<string> = new Set([
  'Reference.reference',
  'Bundle.entry.fullUrl',
  'Bundle.link.url',
  'Bundle.entry.request.url',
  'Bundle.entry.response.location',
])
const DROP_WHOLE: ReadonlySet<string> = new Set(['Narrative', 'Signature'])
const RESOURCE_SET: ReadonlySet<string> = new Set(RESOURCES)
const PHONETIC: Omit<ConditionSpec, 'at'> = { key: 'phonetic', test: (text) => text === 'SYL' || text === 'ABC' }
const PHONETIC_PATH = ['extension', 'value']

const ADMITS: Readonly<Record<string, Admits>> = {
  string: 'text',
  markdown: 'text',
  id: 'id',
  code: 'code',
  date: 'date',
  dateTime: 'datetime',
  instant: 'instant',
  uri: 'uri',
  url: 'uri',
  canonical: 'uri',
  decimal: 'number',
  integer: 'number',
  positiveInt: 'number',
  unsignedInt: 'number',
}

export class FhirGraph implements Graph {
  readonly root: Node
  readonly dead: Node
  readonly #o: FhirGraphOptions
  readonly #layout: LayoutBuilder
  readonly #anchors: ReadonlyMap<string, readonly FhirBinding[]>
  readonly #reach: ReadonlySet<string>
  readonly #nodes = new Map<string, Node>()
  readonly #typeNode: Node
  readonly #unknown: Node

  constructor(layout: LayoutBuilder, options: FhirGraphOptions) {
    this.#o = options
    this.#layout = layout
    this.#anchors = byAnchor(options.bindings)
    this.#reach = reachingTypes(this.#seeds())
    this.dead = this.#node({ ...NOWHERE, blind: true }, 'dead')
    this.#unknown = this.#node({ ...NOWHERE, blind: true })
    this.#typeNode = this.#resourceTypeNode()
    this.root = this.#node({ ...NOWHERE, types: [{ type: 'Resource', targets: null }], role: 'root' })
  }

  item(node: Node): Node {
    return node
  }

  resource(node: Node, type: string | null): Node {
    const state = node.state as State
    const known = type !== null && RESOURCE_SET.has(type) ? type : null
    let found = state.resources.get(known)
    if (found === undefined) {
      const types = known === null ? ANYTHING : [{ type: known, targets: null }]
      const role: Role = state.place.role === 'root' && known === 'Bundle' ? 'bundle' : 'none'
      found = this.#node(
        { ...state.place, types, blind: known === null, role },
        state.place.role === 'root' ? 'top' : 'resource',
      )
      if (state.kept) state.resources.set(known, found)
    }
    return found
  }

  step(node: Node, key: string): Step {
    if (node.guard && key === 'resourceType') return { node: this.#typeNode, unsafe: false, cache: true }
    const { place, items } = node.state as State
    const sibling = key.startsWith('_')
    const name = sibling ? key.slice(1) : key
    const found: Property[] = []
    for (const { type } of place.types) {
      const property = propertiesOf(type).get(name)
      if (property !== undefined && (!sibling || isPrimitive(property.types[0]!.type))) found.push(property)
    }
    if (found.length === 0) {
      // What the definitions do not know can still be a form of a bound value.
      const rest = items.filter((i) => i.kind === 'in' && i.table === ECHO)
      const child = node.dead
        ? this.dead
        : rest.length === 0
          ? this.#unknown
          : this.#node({ ...NOWHERE, items: rest, blind: true })
      const unsafe = isUnsafeKey(key, this.#o.strictKeys)
      const under = place.blind ? '' : (place.types[0]?.type ?? '')
      if (!node.dead && key !== 'resourceType') this.#o.unknownName?.(under, unsafe ? null : key)
      return { node: child, unsafe, cache: (child.state as State).kept }
    }
    const child = this.#node(childPlace(place, items, found, sibling))
    return { node: child, unsafe: false, cache: (child.state as State).kept }
  }

  /** Can two selectors meet at this member, or below it? Not at a scalar that fewer than two lead to. */
  mayMeet(node: Node, property: Property): boolean {
    const { place, items } = node.state as State
    // members of one name of several types are one place
    if (place.types.length > 1 || !property.types.every(({ type }) => isPrimitive(type))) return true
    const leading = items.filter((item) => advance(item, property, false) !== null).length
    const types = property.types.flatMap(({ type }) => lineOf(type))
    return types.reduce((n, type) => n + (this.#anchors.get(type)?.length ?? 0), leading) > 1
  }

  #seeds(): ReadonlySet<string> {
    const seeds = new Set<string>()
    for (const b of this.#o.bindings) if (this.#wants(b)) seeds.add(b.selector.anchor)
    if (this.#o.any) for (const type of [...DROP_WHOLE, 'Meta']) seeds.add(type)
    return seeds
  }

  /** References are rewritten even where resource-id is kept: their base is the upstream's. */
  #wants(b: FhirBinding): boolean {
    if (b.wanted) return true
    const { anchor, steps } = b.selector
    return this.#o.any && REFERENCES.has([anchor, ...steps.map((s) => s.name)].join('.'))
  }

  #resourceTypeNode(): Node {
    const node = new Node()
    node.mark = MARK_TYPE
    node.item = node
    node.state = { place: NOWHERE, items: [], resources: new Map(), kept: true } satisfies State
    if (this.#o.unknown) node.site = this.#layout.site({ ...PLAIN_SITE, structure: RESOURCE_TYPE })
    return node.seal()
  }

  #node(place: Place, sort: 'dead' | 'top' | 'resource' | 'place' = 'place'): Node {
    const key = keyOf(place, sort)
    let node = this.#nodes.get(key)
    if (node === undefined) {
      const kept = this.#nodes.size < (this.#o.maxNodes ?? 16_384)
      node = this.#build(place, sort, kept)
      if (kept) this.#nodes.set(key, node)
    }
    return node
  }

  #build(place: Place, sort: string, kept: boolean): Node {
    const node = new Node()
    node.item = node
    node.typed = sort !== 'top' && sort !== 'resource' && place.types.some((t) => t.type === 'Resource')
    node.guard = sort === 'top' || sort === 'resource'
    const items = node.typed ? [...place.items] : this.#start(place)
    const settled = sort === 'dead' ? items : this.#settle(node, place, items, sort)
    node.state = { place, items: settled, resources: new Map(), kept } satisfies State
    node.dead = sort === 'dead' ? !this.#o.unknown : this.#isDead(node, place, settled)
    // The resource's own node holds the scope; the place before it only leads there.
    if (node.typed) node.scope = -1
    this.#setLeaf(node, place, settled)
    node.blind = place.blind
    node.bundle = sort === 'top' && place.role === 'bundle'
    if (place.role === 'entry') node.row = 1
    return node.seal()
  }

  /** Adds the selectors that start at the types of this place. */
  #start(place: Place): Item[] {
    // A value with a binding of its own inside another form of a value stands for itself.
    const anchored = place.types.some(
      ({ type }) => !isPrimitive(type) && lineOf(type).some((t) => this.#anchors.has(t)),
    )
    const carried = anchored
      ? place.items.filter((i) => i.kind !== 'in' || (i.table !== ECHO && i.table !== USE))
      : place.items
    const items = new Map(carried.map((i) => [i.key, i]))
    for (const { type, targets } of place.types) {
      for (const t of lineOf(type)) {
        for (const b of this.#anchors.get(t) ?? []) {
          const item = pathItem(b, 0, -1)
          items.set(item.key, item)
          if (b.selector.targets === null || targets === null) continue
          if (!targets.every((target) => b.selector.targets!.includes(target))) continue
          const sure = pathItem(b, 0, -1, true)
          items.set(sure.key, sure)
        }
      }
    }
    return [...items.values()]
  }

  /** Works out the scope of an object here and gives conditions to the selectors that need one. */
  #settle(node: Node, place: Place, items: readonly Item[], sort: string): Item[] {
    const out: Item[] = []
    const waiting: PathItem[] = []
    for (const item of items) {
      if (item.kind === 'path' && !item.sure && item.cond < 0 && item.b.after === item.at) waiting.push(item)
      else out.push(item)
    }
    const complex = place.types.filter((t) => !isPrimitive(t.type) && !isResource(t.type))
    const ends = [...out, ...waiting].filter((i): i is PathItem => i.kind === 'path' && isAtEnd(i))
    const tables = complex.map((t) => tableOf(t.type))
    const phonetic = ends.some((i) => i.b.wanted) && tables.some((t) => COMPOSITES[t]?.phonetic === true)
    const phoneticSpec = phonetic ? { ...PHONETIC, at: ends[0]!.b.binding.at } : null
    const conditions = waiting.map((i) => i.b.condition!)
    if (phoneticSpec !== null) conditions.push(phoneticSpec)
    const opened = out.some((i) => i.kind === 'in' && i.opens && i.b.wanted && COMPOSITES[i.table]?.group === true)
    const scope = {
      group: opened || (ends.some((i) => i.b.wanted) && tables.some((t) => COMPOSITES[t]?.group === true)),
      record:
        this.#o.records &&
        ((sort === 'top' && place.role !== 'bundle') || complex.some((t) => t.type === 'Bundle.entry')),
      dropWhole: this.#o.any && complex.some((t) => DROP_WHOLE.has(t.type)),
      counted: place.role === 'entry',
      required: place.required && complex.length > 0,
      aligned: place.types === ELEMENT,
      extension: complex.some((t) => t.type === 'Extension'),
      link: this.#o.any && complex.some((t) => t.type === 'Bundle.link'),
      phonetic: phoneticSpec,
      conditions,
    }
    const { group, record, dropWhole, required, aligned, extension, link } = scope
    if (group || record || dropWhole || required || aligned || extension || link || conditions.length > 0) {
      node.scope = this.#layout.scope(scope)
      const ids = this.#layout.scopes[node.scope]!.conditions
      waiting.forEach((item, i) => {
        const cond = ids[i]!
        out.push(pathItem(item.b, item.at, cond))
        for (const path of item.b.witnesses) out.push(witnessItem(cond, path, 0, item.b.only))
      })
      if (phoneticSpec !== null) out.push(witnessItem(ids[ids.length - 1]!, PHONETIC_PATH, 0, null))
    }
    for (const item of [...out]) {
      if (item.kind === 'path' && isAtEnd(item))
        for (const table of tables) out.push(inItem(item.b, item.cond, table, true))
    }
    return [...new Map(out.map((i) => [i.key, i])).values()]
  }

  #isDead(node: Node, place: Place, items: readonly Item[]): boolean {
    if (this.#o.unknown || place.role !== 'none' || place.authority) return false
    if (place.types.some((t) => this.#reach.has(t.type))) return false
    if (items.some((i) => i.kind === 'witness' || (i.kind !== 'leaf' && this.#wants(i.b)))) return false
    node.scope = -1
    return true
  }

  #setLeaf(node: Node, place: Place, items: readonly Item[]): void {
    const { owners, name } = place
    const candidates: Candidate[] = []
    const witnesses: number[] = []
    const sifted: number[] = []
    let wants = this.#o.unknown || place.authority
    let echo = false
    for (const item of items) {
      if (item.kind === 'witness') {
        if (item.at !== item.path.length) continue
        node.sift ??= item.only
        if (item.only === null) witnesses.push(item.cond)
        else sifted.push(item.cond)
        continue
      }
      if (item.kind === 'path' && !isAtEnd(item)) continue
      const candidate = candidateOf(item)
      echo ||= candidate.role === 'echo'
      candidates.push(candidate)
    }
    // Of an unknown resource no path is narrower than another: it may be any of them.
    const ordered = orderCandidates(place.blind ? candidates.map((c) => ({ ...c, rank: 0 })) : candidates)
    const reference = owners.some((t) => REFERENCES.has(`${t}.${name}`))
    const bindings = items.filter((i) => i.kind !== 'witness').map((i) => i.b)
    wants ||= ordered.some((c) => bindings.some((b) => b.element === c.element && this.#wants(b)))
    if (owners.includes('Meta') && name === 'source' && this.#o.any) {
      node.wrap = this.#layout.scope({ ...PLAIN_SCOPE, dropWhole: true })
    }
    if (place.role === 'search' && name === 'mode') node.mark = MARK_MODE
    else if (place.role === 'bundle' && name === 'total') node.mark = MARK_TOTAL
    const innerTotal = this.#o.records && place.role !== 'bundle' && owners.includes('Bundle') && name === 'total'
    wants ||= innerTotal || (place.label && name === 'code' && this.#o.records)
    const type = place.types.length === 1 ? place.types[0]!.type : ''
    const spec: SiteSpec = {
      candidates: ordered,
      structure: place.blind || !isPrimitive(type) ? null : structureOf(place, type, ordered),
      admits: echo ? 'none' : place.blind || type === '' ? 'text' : (ADMITS[type] ?? 'none'),
      witnesses,
      reference,
      required: place.required,
      authority: owners.includes('Identifier') && name === 'system',
      link: reference && owners.includes('Bundle.link'),
      innerTotal,
      stays: place.contained && name === 'id' ? LOCAL_ID : null,
    }
    if (wants || witnesses.length > 0) node.site = this.#layout.site(spec)
    if (sifted.length === 0) return
    node.otherSite = node.site
    node.site = this.#layout.site({ ...spec, witnesses: [...witnesses, ...sifted] })
  }
}

const PLAIN_SITE = {
  candidates: [],
  structure: null,
  admits: 'none',
  witnesses: [],
  reference: false,
  required: false,
  authority: false,
  stays: null,
} as const

/** Use codes are held to a shape like structure, which a leaf with an unconditional binding never becomes. */
function structureOf(place: Place, type: string, candidates: readonly Candidate[]): Shape | null {
  const { owners, name, concept, label } = place
  const listed = structureAt(owners[0] ?? '', name, type, concept, label)
  if (listed !== null || candidates.length === 0) return listed
  const isUse = candidates.every((c) => c.role === 'use') && candidates.some((c) => c.condition < 0)
  return isUse ? shapeOfUse(type) : null
}

function candidateOf(item: Exclude<Item, { kind: 'witness' }>): Candidate {
  const { b, cond } = item
  const rank = rankOf(b, cond >= 0)
  const base = { element: b.element, condition: cond, rank, at: b.binding.at }
  if (item.kind === 'leaf') return { ...base, role: item.role, part: item.part }
  // A scalar where a composite belongs is the whole of it.
  return { ...base, role: item.kind === 'in' && item.table === ECHO ? 'echo' : 'whole', part: 0 }
}
