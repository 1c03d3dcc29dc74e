/**
 * The automaton of plain JSON: a node is the set of path selectors under way, the keys that bind its value and the
 * scoping names above it. Unknown names lead back to few nodes, so the graph grows with the rules, not the payload.
 */
import data from '../../../data/his-structure.json' with { type: 'json' }
import type { UnknownName } from '../drift.ts'
import { type Graph, MARK_TOTAL, Node, type Step } from '../scan/json-node.ts'
import type { Candidate, Shape } from '../site.ts'
import type { JsonBindings, PairBinding } from './json-bindings.ts'
import {
  type Item,
  isAtEnd,
  type LeafItem,
  type PathItem,
  pathItem,
  rowItem,
  toElement,
  toMember,
  witnessItem,
} from './json-items.ts'
import { matchKey } from './json-key.ts'
import type { Segment } from './json-path.ts'
import { COLUMN_NAMES, ROW_NAMES } from './json-walk.ts'
import { type ConditionSpec, type LayoutBuilder, orderCandidates, PLAIN_SCOPE } from './layout-builder.ts'
import { constantShape, shapeOf } from './shapes.ts'
import { isUnsafeKey } from './unsafe-key.ts'

export interface JsonGraphOptions {
  readonly bindings: JsonBindings
  readonly unknown: boolean
  readonly records: boolean
  readonly strictKeys: boolean
  /** paths to the rows of a payload, in order of preference */
  readonly rows: readonly (readonly Segment[])[]
  /** the rows of `rows[0]` are records of their own */
  readonly rowsAreRecords: boolean
  /** the root object is the envelope of an answer: code, msg, total ... */
  readonly envelope: boolean
  readonly maxNodes?: number
  readonly unknownName?: UnknownName | undefined
}

type Spot = 'root' | 'data' | 'none'

interface Place {
  readonly items: readonly Item[]
  /** scoping names above the members of this value, sorted */
  readonly above: readonly string[]
  readonly spot: Spot
  /** shape of an envelope member */
  readonly structure: Shape | null
  /** item of the root array */
  readonly top: boolean
}

interface State {
  readonly place: Place
  readonly items: readonly Item[]
  /** conditions of the pairs in an object here, in the order of the bindings */
  readonly pairs: readonly number[]
  readonly kept: boolean
}

/** members of {name, value} that say what the value is, and hold it */
const LABELS: ReadonlySet<string> = new Set(
  'name label key item title field fieldname itemname 名称 标签 项目 字段 字段名 项目名称'.split(' '),
)
export const PAIR_VALUES: ReadonlySet<string> = new Set('value val fieldvalue itemvalue 值 内容 取值 字段值'.split(' '))

/** envelopes that hold data and are none (domain.md 2.5.5) */
const CONTAINERS: ReadonlySet<string> = new Set(
  'data list rows result body items page pagesize total code msg'.split(' '),
)

/** names of pairs and tables are words of the format, in whatever script */
const PARTS = [LABELS, PAIR_VALUES, COLUMN_NAMES, ROW_NAMES] as const

const ENVELOPE: ReadonlyMap<string, Shape> = new Map(
  Object.entries(data.root).map(([key, { shape, reason }]) => [
    key,
    shape === 'message' ? constantShape(data.messages, reason) : shapeOf(shape, reason),
  ]),
)

export class JsonGraph implements Graph {
  readonly root: Node
  readonly dead: Node
  readonly #o: JsonGraphOptions
  readonly #layout: LayoutBuilder
  readonly #nodes = new Map<string, Node>()
  readonly #shapes = new Map<Shape, number>()
  readonly #blanks = new WeakMap<readonly string[], Node>()
  readonly #pairs: boolean
  /** a label that some pair of the rules has */
  readonly #label: Shape

  constructor(layout: LayoutBuilder, options: JsonGraphOptions) {
    this.#o = options
    this.#layout = layout
    this.#pairs = options.bindings.pairs.some((p) => p.wanted || options.unknown)
    this.#label = labelShape(options.bindings.pairs)
    const nowhere: Place = { items: [], above: [], spot: 'none', structure: null, top: false }
    this.dead = this.#node(nowhere)
    const items: Item[] = options.bindings.paths.map((b) => pathItem(b, 0, -1))
    for (const [i, segments] of options.rows.entries()) items.push(rowItem(segments, 0, i + 1))
    this.root = this.#node({ ...nowhere, items, spot: 'root' })
  }

  step(node: Node, key: string): Step {
    const { place, items, pairs } = node.state as State
    const { bindings, envelope } = this.#o
    const name = matchKey(key)
    const next = toMember(items, name)
    let bound = items.some((i) => i.kind === 'path' && i.b.segments[i.at]?.name === name) || bindings.scopes.has(name)
    for (const k of bindings.keys.get(name) ?? []) {
      if (k.within !== null && !place.above.includes(k.within)) continue
      bound = true
      next.push({
        kind: 'leaf',
        key: `k${k.index}`,
        element: k.element,
        wanted: k.wanted,
        rank: k.rank,
        cond: -1,
        echo: PINYIN.has(name),
        at: k.at,
      })
    }
    if (pairs.length > 0 && LABELS.has(name)) for (const cond of pairs) next.push(witnessItem(cond, [], 0))
    if (pairs.length > 0 && PAIR_VALUES.has(name))
      for (const [i, cond] of pairs.entries()) next.push(pairItem(bindings.pairs[i]!, i, cond))
    const structure = envelope && place.spot === 'root' && !place.top ? (ENVELOPE.get(name) ?? null) : null
    const above =
      bindings.scopes.has(name) && !place.above.includes(name) ? [...place.above, name].toSorted() : place.above
    const spot: Spot = place.spot === 'root' && !place.top ? (name === 'data' ? 'data' : 'none') : 'none'
    const plain = next.length === 0 && structure === null && spot === 'none' && above === place.above
    const child = plain ? this.#blank(above) : this.#node({ items: next, above, spot, structure, top: false })
    const columns = COLUMN_NAMES.has(name) && child.list === 0
    const total = name === 'total' && (place.spot === 'root' || place.spot === 'data')
    const safe = bound || structure !== null || PARTS.some((names) => names.has(name))
    const unsafe = !safe && isUnsafeKey(key, this.#o.strictKeys)
    if (!safe && next.length === 0 && !CONTAINERS.has(name)) this.#o.unknownName?.('', unsafe ? null : key)
    return {
      node: total ? this.#counted(child) : columns ? this.#columns(child) : child,
      unsafe,
      cache: (child.state as State).kept,
    }
  }

  /** Where a name leads that no rule knows: asked for so often that it has its own way. */
  #blank(above: readonly string[]): Node {
    let node = this.#blanks.get(above)
    if (node === undefined) {
      node = this.#node({ items: [], above, spot: 'none', structure: null, top: false })
      this.#blanks.set(above, node)
    }
    return node
  }

  item(node: Node): Node {
    const { place, items } = node.state as State
    return this.#node({
      items: toElement(items),
      above: place.above,
      spot: place.spot === 'root' ? 'root' : 'none',
      structure: null,
      top: place.spot === 'root',
    })
  }

  resource(node: Node): Node {
    return node
  }

  /** The same place as a declared count: a number there follows when records are left out. */
  #counted(node: Node): Node {
    const twin = twinOf(node)
    twin.mark = MARK_TOTAL
    return twin.seal()
  }

  /** The same place where an array says that the payload may hold a table. */
  #columns(node: Node): Node {
    const twin = twinOf(node)
    twin.list = TABLE_LIST
    return twin.seal()
  }

  /** A key that binds as the label of a column does; null = no rule knows the label. */
  keyOfLabel(label: string): string | null {
    const { keys, pairs, paths } = this.#o.bindings
    const name = label.length > LONGEST_LABEL ? '' : matchKey(label)
    if (keys.has(name) || paths.some((p) => p.segments.some((s) => s.name === name))) return name
    const pair = pairs.find((p) => p.labels.has(name))
    if (pair === undefined) return null
    for (const [key, list] of keys) if (list.some((k) => k.element === pair.element && k.within === null)) return key
    return null
  }

  #node(place: Place): Node {
    const key = this.#keyOf(place)
    let node = this.#nodes.get(key)
    if (node === undefined) {
      const kept = this.#nodes.size < (this.#o.maxNodes ?? 16_384)
      node = this.#build(place, kept)
      if (kept) this.#nodes.set(key, node)
    }
    return node
  }

  #build(place: Place, kept: boolean): Node {
    const node = new Node()
    const { items, pairs } = this.#settle(node, place)
    node.state = { place, items, pairs, kept } satisfies State
    for (const item of items) {
      if (item.kind !== 'row') continue
      if (item.at === item.segments.length) node.row = item.counter
      else if (item.at === item.segments.length - 1) node.list = item.counter
    }
    this.#setLeaf(node, place, items)
    node.dead = this.#isDead(place, items)
    if (node.dead) node.scope = -1
    return node.seal()
  }

  #settle(node: Node, place: Place): { items: Item[]; pairs: number[] } {
    const waiting: PathItem[] = []
    const items: Item[] = []
    for (const item of place.items) {
      if (item.kind === 'path' && item.cond < 0 && item.b.filtered >= 0 && item.at === item.b.filtered + 1)
        waiting.push(item)
      else items.push(item)
    }
    const labelled = this.#pairs ? this.#o.bindings.pairs : []
    const conditions = [...waiting.map(filterCondition), ...labelled.map(pairCondition)]
    const record = this.#o.records && this.#isRecord(place, items)
    if (conditions.length === 0 && !record) return { items, pairs: [] }
    node.scope = this.#layout.scope({ ...PLAIN_SCOPE, record, conditions })
    const ids = this.#layout.scopes[node.scope]!.conditions
    waiting.forEach((item, i) => {
      items.push(pathItem(item.b, item.at, ids[i]!))
      const path = item.b.segments[item.b.filtered]!.filter!.path.map(matchKey)
      items.push(witnessItem(ids[i]!, path, 0))
    })
    return { items, pairs: ids.slice(waiting.length) }
  }

  /** The payload is a record even where its rows are: what stands outside them, or where none are, is judged too. */
  #isRecord(place: Place, items: readonly Item[]): boolean {
    if (place.spot === 'root') return true
    return this.#o.rowsAreRecords && items.some((i) => i.kind === 'row' && i.at === i.segments.length)
  }

  #isDead(place: Place, items: readonly Item[]): boolean {
    if (this.#o.unknown || this.#o.bindings.everywhere || place.spot !== 'none') return false
    return items.every((i) => {
      if (i.kind === 'path' || i.kind === 'below') return !i.b.wanted
      return i.kind === 'leaf'
    })
  }

  #setLeaf(node: Node, place: Place, items: readonly Item[]): void {
    const candidates: Candidate[] = []
    const witnesses: number[] = []
    const elements = new Set<number>()
    for (const item of items) {
      if (item.kind === 'witness' && item.at === item.path.length) witnesses.push(item.cond)
      const candidate = candidateOf(item)
      if (candidate === null) continue
      candidates.push(candidate)
      if (isWanted(item)) elements.add(candidate.element.index)
    }
    const ordered = orderCandidates(candidates)
    const wants = this.#o.unknown || witnesses.length > 0 || ordered.some((c) => elements.has(c.element.index))
    if (!wants) return
    node.site = this.#layout.site({
      candidates: ordered,
      structure: place.structure,
      admits: ordered.some((c) => c.role === 'echo') ? 'none' : 'text',
      witnesses,
      stays: items.some((i) => i.kind === 'witness' && i.path.length === 0) ? this.#label : null,
      reference: false,
      required: false,
      authority: false,
    })
  }

  #keyOf({ items, above, spot, structure, top }: Place): string {
    let shape = -1
    if (structure !== null) {
      shape = this.#shapes.get(structure) ?? this.#shapes.size
      this.#shapes.set(structure, shape)
    }
    const keys = items.map((i) => i.key).toSorted()
    return JSON.stringify([keys, above, spot, shape, top])
  }
}

/** the list counter that says: columns were named here; row paths count from 1 */
export const TABLE_LIST = 15

function twinOf(node: Node): Node {
  const { site, scope, wrap, state, item, dead } = node
  return Object.assign(new Node(), { site, scope, wrap, state, item, dead })
}

/** Pinyin and initials of a name (domain.md E01): a form of the name, which goes whenever names are treated. */
const PINYIN: ReadonlySet<string> = new Set([
  'namepinyin',
  'xmpy',
  'pym',
  'namepy',
  'pyjm',
  'xmpinyin',
  'pinyin',
  'brxmpy',
  'hzxmpy',
])

const isWanted = (item: Item): boolean =>
  item.kind === 'leaf' ? item.wanted : item.kind === 'path' || item.kind === 'below' ? item.b.wanted : false

function candidateOf(item: Item): Candidate | null {
  const part = 0
  if (item.kind === 'leaf')
    return {
      element: item.element,
      role: item.echo ? 'echo' : 'whole',
      part,
      condition: item.cond,
      rank: item.rank,
      at: item.at,
    }
  if (item.kind === 'path' && isAtEnd(item)) {
    return { element: item.b.element, role: 'whole', part, condition: item.cond, rank: item.b.rank, at: item.b.at }
  }
  if (item.kind !== 'below') return null
  // Less than any binding of its own, within the same file's worth.
  const rank = item.b.rank >= 10 ? 9.5 : -0.5
  return { element: item.b.element, role: 'whole', part, condition: item.cond, rank, at: item.b.at }
}

const filterCondition = ({ b }: PathItem): ConditionSpec => {
  const { value } = b.segments[b.filtered]!.filter!
  return { key: `f${b.index}`, test: (text) => text === value, at: b.at }
}

const pairCondition = (p: PairBinding): ConditionSpec => ({
  key: `l${p.element.id}.${p.rank}`,
  test: (text) => p.labels.has(labelKey(text)),
  at: p.at,
})

/** Every label is asked of all elements in turn: it is normalised once. A long text is no label. */
let asked = ''
let answer = ''
function labelKey(text: string): string {
  if (text.length > LONGEST_LABEL) return ''
  if (text !== asked) {
    answer = matchKey(text)
    asked = text
  }
  return answer
}
const LONGEST_LABEL = 128
/** longer than any label of the rules: blanks and signs that say nothing could say something */
const LONGEST_KNOWN = 24

const labelShape = (pairs: readonly PairBinding[]): Shape => ({
  reason: 'label of a pair the rules know: it says what the value beside it is',
  test: (text) => text.length <= LONGEST_KNOWN && pairs.some((p) => p.labels.has(labelKey(text))),
  otherwise: 'unknown',
})

const pairItem = (p: PairBinding, index: number, cond: number): LeafItem => ({
  kind: 'leaf',
  key: `l${index}.${cond}`,
  element: p.element,
  wanted: p.wanted,
  rank: p.rank,
  cond,
  echo: false,
  at: p.at,
})
