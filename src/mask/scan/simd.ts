/**
 * The host of the WebAssembly scanner (wasm/json-scanner.ts): its memory, and the graph's nodes in it. One for the
 * process: payloads are scanned one at a time. Nodes and names are put there when a scan first meets them.
 *
 *   1024   masks of 0 to 16 bytes, `"resourceType":"`, row counters
 *   4096   levels
 *   64 Ki  arena: nodes, names, tables; when it is full all of it begins anew
 *   16 Mi  the payload, then the tape
 */
import scanner from '../../../data/json-scanner.json' with { type: 'json' }
import { KEY, type Tape } from '../tape.ts'
import { type Graph, MARK_MODE, MARK_TYPE, MAX_CACHED_KEY, type Node, type Seen, type Step } from './json-node.ts'

/** A payload at its own offsets, with room to read behind it. */
export interface Place {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly view: DataView<ArrayBuffer>
}

/** What the scanner's own TypeScript does for this one. */
export interface Asked {
  readonly graph: Graph
  readonly seen: Seen
  /** the payload moved: both at its offset 0 */
  moved(payload: Place): void
  /** follows a name nobody knows yet */
  learned(node: Node, start: number, end: number): Step
  escaped(node: Node, start: number, end: number): Node
  emitted(node: Node, head: number, start: number, end: number, type: number): void
  /** the node, and where its type stands; -1 = nowhere */
  typed(node: Node, at: number): { readonly node: Node; readonly type: number }
  fail(at: number): never
  deep(at: number): never
  invalid(at: number): never
}

/** The scan cannot be done here; the other loop takes it from its beginning. */
class Retreat extends Error {}

interface Exports {
  setArena(at: number, end: number): void
  setTape(base: number, at: number, end: number): void
  nextEntry(): number
  allot(bytes: number): number
  find(table: number, at: number, length: number): number
  add(table: number, start: number, length: number, node: number, unsafe: number): number
  run(at: number, from: number, to: number, root: number, dead: number, maxDepth: number): number
}

const MASKS = 1024
const RESOURCE_TYPE = 1536
const ROWS = 1600
const SEEN = 1664
const ARENA = 1 << 16
const INPUT = 16 << 20
/** larger payloads are left to the other scanner: this memory never gets smaller */
const MAX_INPUT = 8 << 20
const MAX_TAPE = 32 << 20
const MAX_DEPTH = 1024
/** of one graph: those it does not keep itself are held no longer here */
const MAX_NODES = 1 << 15
/** bytes behind a payload that may be read */
const SLACK = 256
const PAGE = 1 << 16
/** bytes of a resource type the scanner looks up itself */
const MAX_TYPE = 31

// node.words, as in the AssemblyScript
const NODE_BYTES = 64
const SCOPE = 2
const ITEM = 3
const KEYS = 16
const TYPES = 32
const ROW = 11
const LIST = 12
const ID = 13

/** Nodes of a graph that have a place in the memory, by number. */
class Placed {
  era = 0
  readonly nodes: Node[] = []
}

const placed = new WeakMap<Graph, Placed>()
let module: WebAssembly.Module | null | undefined

/** null: this engine has no SIMD */
function compiled(): WebAssembly.Module | null {
  if (module === undefined) {
    try {
      module = new WebAssembly.Module(Buffer.from(scanner.wasm, 'base64'))
    } catch {
      module = null
    }
  }
  return module
}

let shared: Simd | null | undefined

/** The one there is; null where it cannot be. */
export function simd(): Simd | null {
  if (!allowed) return null
  if (shared === undefined) {
    const code = compiled()
    shared = code === null ? null : new Simd(code)
  }
  return shared
}

let allowed = true

/** Without it the TypeScript scanner does all scans from now on: to compare the two. */
export function allowSimd(yes: boolean): void {
  allowed = yes
}

export class Simd {
  readonly #memory = new WebAssembly.Memory({ initial: (INPUT + (1 << 20)) / PAGE })
  readonly #code: Exports
  #bytes!: Uint8Array<ArrayBuffer>
  #words!: Int32Array<ArrayBuffer>
  #payload!: Place
  #tapeWords!: Int32Array<ArrayBuffer>
  /** bytes of the payload's place */
  #room = 1 << 18
  #era = 1
  #asked: Asked | null = null
  #placed: Placed | null = null
  #tape: Tape | null = null
  /** number of the payload that is here */
  generation = 0
  /** scans brought to their end */
  done = 0

  constructor(code: WebAssembly.Module) {
    const host = {
      fail: (at: number) => this.#asked!.fail(at),
      deep: (at: number) => this.#asked!.deep(at),
      invalid: (at: number) => this.#asked!.invalid(at),
      learn: (node: number, start: number, end: number) => this.#learn(node, start, end),
      escaped: (node: number, start: number, end: number) =>
        this.#withTape(() => this.#place(this.#asked!.escaped(this.#node(node), start, end))),
      emit: (node: number, head: number, start: number, end: number, type: number) =>
        this.#withTape(() => this.#asked!.emitted(this.#node(node), head, start, end, type)),
      resource: (node: number, at: number, level: number) => this.#resource(node, at, level),
      item: (node: number) => this.#item(node),
      room: () => this.#moreTape(),
    }
    const instance = new WebAssembly.Instance(code, { env: { memory: this.#memory }, host })
    this.#code = instance.exports as unknown as Exports
    this.#views()
    for (let n = 0; n <= 16; n++) this.#bytes.fill(0xff, MASKS + n * 16, MASKS + n * 16 + n)
    Buffer.from('"resourceType":"').copy(this.#bytes, RESOURCE_TYPE)
    this.#code.setArena(ARENA, INPUT)
  }

  /** Copies a payload to its place and gives it at its own offsets; null = too large. It holds to the next load. */
  load(source: Uint8Array, from: number, to: number): Place | null {
    if (to > MAX_INPUT) return null
    const need = to + SLACK
    if (need > this.#room) this.#relocate(need)
    this.generation++
    this.#bytes.set(source, INPUT + from)
    this.#bytes.fill(0, INPUT + to, INPUT + to + 16)
    return this.#payload
  }

  /**
   * Scans the payload that was loaded. false: it is for the other loop, and nothing was done. Throws what `asked` throws.
   */
  run(asked: Asked, from: number, to: number, tape: Tape, maxDepth: number): boolean {
    if (maxDepth > MAX_DEPTH) return false
    const { excluded, totals } = asked.seen
    const before = [tape.length, excluded.length, totals.length] as const
    try {
      this.#own(tape)
      this.#asked = asked
      this.#placed = this.#placedOf(asked.graph)
      const { root, dead } = asked.graph
      const next = this.#code.run(INPUT, from, to, this.#place(root), this.#place(dead), maxDepth)
      tape.length = (next - this.#tapeBase) >> 2
      this.#tell(asked.seen)
      this.done++
      return true
    } catch (error) {
      if (!(error instanceof Retreat)) throw error
      ;[tape.length, excluded.length, totals.length] = before
      return false
    } finally {
      this.#asked = null
    }
  }

  get #tapeBase(): number {
    return INPUT + this.#room
  }

  #views(): void {
    const { buffer } = this.#memory
    this.#bytes = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#tapeWords = new Int32Array(buffer, this.#tapeBase)
    this.#payload = {
      bytes: new Uint8Array(buffer, INPUT, this.#room),
      view: new DataView(buffer, INPUT, this.#room),
    }
  }

  /** A larger place for the payload; the tape behind it moves. */
  #relocate(need: number): void {
    this.#disown()
    while (this.#room < need) this.#room *= 2
    this.#reach(this.#tapeBase + (1 << 20))
    this.#views()
  }

  #reach(end: number): void {
    const missing = end - this.#memory.buffer.byteLength
    if (missing <= 0) return
    this.#memory.grow(Math.ceil(missing / PAGE))
    this.#views()
    this.#asked?.moved(this.#payload)
    if (this.#tape !== null) this.#tape.words = this.#tapeWords
  }

  /** The tape is written where the scanner can reach it; what another one has here is handed over to it. */
  #own(tape: Tape): void {
    if (this.#tape !== tape || tape.words !== this.#tapeWords) {
      this.#disown()
      const before = tape.words
      this.#tape = tape
      this.#reach(this.#tapeBase + tape.length * 4 + (1 << 16))
      tape.words = this.#tapeWords
      if (tape.length > 0) tape.words.set(before.subarray(0, tape.length))
    }
    this.#goOnAt(this.#tapeBase + tape.length * 4)
  }

  /** Where the scanner writes the next entry. */
  #goOnAt(at: number): void {
    this.#code.setTape(this.#tapeBase, at, this.#memory.buffer.byteLength)
  }

  #disown(): void {
    const tape = this.#tape
    this.#tape = null
    if (tape !== null && tape.words === this.#tapeWords) tape.words = tape.words.slice(0, Math.max(tape.length, 64))
  }

  #moreTape(): void {
    const size = this.#memory.buffer.byteLength - this.#tapeBase
    if (size * 2 > MAX_TAPE) throw new Retreat()
    const at = this.#code.nextEntry()
    this.#reach(this.#tapeBase + size * 2)
    this.#goOnAt(at)
  }

  /** What the host's own code writes goes behind what the scanner wrote. */
  #withTape<T>(write: () => T): T {
    const tape = this.#tape!
    tape.length = (this.#code.nextEntry() - this.#tapeBase) >> 2
    const result = write()
    this.#goOnAt(this.#tapeBase + tape.length * 4)
    return result
  }

  #tell(seen: Seen): void {
    const words = this.#words
    const bits = words[SEEN >> 2]!
    if ((bits & 1) !== 0) seen.folds = true
    if ((bits & 2) !== 0) seen.bundle = true
    seen.lists |= words[(SEEN >> 2) + 1]!
    for (let i = 1; i < seen.rows.length; i++) seen.rows[i]! += words[(ROWS >> 2) + i]!
  }

  #placedOf(graph: Graph): Placed {
    let nodes = placed.get(graph)
    if (nodes === undefined) placed.set(graph, (nodes = new Placed()))
    if (nodes.era !== this.#era) {
      nodes.era = this.#era
      nodes.nodes.length = 0
    }
    return nodes
  }

  #node(place: number): Node {
    return this.#placed!.nodes[this.#words[(place >> 2) + ID]!]!
  }

  #place(node: Node): number {
    if (node.era === this.#era) return node.place
    const { nodes } = this.#placed!
    const place = nodes.length < MAX_NODES ? this.#code.allot(NODE_BYTES) : 0
    if (place === 0) this.#renew()
    const words = this.#words
    const at = place >> 2
    words[at] = flagsOf(node)
    words[at + 1] = node.site
    words[at + SCOPE] = node.scope
    words[at + ROW] = node.row
    words[at + LIST] = node.list
    words[at + ID] = nodes.push(node) - 1
    node.place = place
    node.era = this.#era
    return place
  }

  /** Everything begins anew with the next payload. */
  #renew(): never {
    this.#era++
    this.#code.setArena(ARENA, INPUT)
    throw new Retreat()
  }

  #learn(place: number, start: number, end: number): number {
    const step = this.#asked!.learned(this.#node(place), start, end)
    const node = this.#place(step.node)
    if (!step.cache || end - start > MAX_CACHED_KEY) {
      if (step.unsafe) this.#withTape(() => this.#tape!.push(KEY, 0, start - 1, end + 1))
      return -node
    }
    const name = this.#code.add(place + KEYS, INPUT + start, end - start, node, step.unsafe ? 1 : 0)
    if (name === 0) this.#renew()
    return name
  }

  #resource(place: number, at: number, level: number): number {
    const { node, type } = this.#asked!.typed(this.#node(place), at)
    const found = this.#place(node)
    this.#words[(level + 16) >> 2] = type
    if (type >= 0 && !node.blind) {
      const from = INPUT + type + 1
      let to = from
      while (this.#bytes[to] !== 0x22 && this.#bytes[to] !== 0x5c && to - from <= MAX_TYPE) to++
      const length = this.#bytes[to] === 0x22 ? to - from : 0
      const isNew = length > 0 && this.#code.find(place + TYPES, from, length) === 0
      if (isNew && this.#code.add(place + TYPES, from, length, found, 0) === 0) this.#renew()
    }
    return found
  }

  #item(place: number): number {
    const node = this.#node(place)
    if (node.item === null) node.item = this.#asked!.graph.item(node)
    const items = this.#place(node.item)
    this.#words[(place >> 2) + ITEM] = items
    return items
  }
}

function flagsOf(node: Node): number {
  const nothing = node.site < 0 && node.wrap < 0 && node.sift === null
  return (
    (node.hot ? 1 : 0) |
    (node.plain ? 2 : 0) |
    (node.busy ? 4 : 0) |
    (node.skip ? 8 : 0) |
    (node.typed ? 16 : 0) |
    (node.bundle ? 32 : 0) |
    (node.mark === MARK_TYPE ? 64 : 0) |
    (nothing && node.mark === MARK_TYPE ? 128 : 0) |
    (nothing && node.mark === MARK_MODE ? 256 : 0)
  )
}
