/**
 * What the JSON scanner is driven by: a lazily grown automaton. A node stands for every place of a payload that means
 * the same; member names lead from node to node. Formats build nodes, the scanner only follows them.
 */

/** A scalar that must be looked at while scanning: {@link Node.mark}. */
export const MARK_NONE = 0
/** the resourceType member of a resource: must be a string and never two different ones */
export const MARK_TYPE = 1
/** Bundle.entry.search.mode: `include` and `outcome` are no rows */
export const MARK_MODE = 2
/** a declared count of the records of this payload */
export const MARK_TOTAL = 3

export class Node {
  /** site of a scalar here; -1 = it does not reach the tape */
  site = -1
  /** a text here that fails this has {@link otherSite} instead; null = none does */
  sift: ((text: string) => boolean) | null = null
  otherSite = -1
  /** scope of an object here; -1 = none */
  scope = -1
  /** scope put around a scalar here; -1 = none */
  wrap = -1
  mark = MARK_NONE
  /** 1-based counter that an object here adds to; 0 = none */
  row = 0
  /** 1-based counter whose rows are the items of an array here; 0 = none */
  list = 0
  /** the outermost object is a FHIR Bundle: its entries are the rows */
  bundle = false
  /** an object here is a resource: its resourceType leads on to its node */
  typed = false
  /** the object of a resource: a second resourceType must be the same */
  guard = false
  /** nothing below matters */
  dead = false
  /** node of the items of an array here; null = not asked for yet */
  item: Node | null = null
  /** what the graph knows about this place */
  state: unknown = null
  /** derived by {@link seal}: a scalar here matters */
  hot = false
  /** derived: entering an object or array here matters */
  busy = false
  /** derived: member names below need no look-up */
  skip = false
  /** a resource of unknown type: what it is called is not remembered */
  blind = false
  readonly keys = new KeyTable()
  /** nodes by resourceType, where {@link typed} */
  types: KeyTable = NO_KEYS

  seal(): this {
    if (this.typed) this.types = new KeyTable()
    this.hot = this.site >= 0 || this.wrap >= 0 || this.mark !== MARK_NONE
    this.busy = this.scope >= 0 || this.typed || this.row > 0 || this.list > 0 || this.mark === MARK_TYPE
    this.skip = this.dead && !this.guard
    return this
  }
}

/** What the marks and counters of one payload found. */
export interface Seen {
  /** objects per row counter; index 0 unused */
  readonly rows: Int32Array
  /** bit n: an array of counter n was there */
  lists: number
  /** the payload is a FHIR Bundle */
  bundle: boolean
  /** where search.mode says include or outcome: those entries are no rows */
  readonly excluded: number[]
  /** places of declared counts: start and end in turn */
  readonly totals: number[]
}

export function forgetSeen(seen: Seen): void {
  // sixteen numbers: fewer than a call into the runtime is worth
  for (let i = 0; i < seen.rows.length; i++) seen.rows[i] = 0
  seen.lists = 0
  seen.bundle = false
  seen.excluded.length = 0
  seen.totals.length = 0
}

export interface Step {
  readonly node: Node
  /** the member name itself is payload and must be replaced */
  readonly unsafe: boolean
  /** false when the node is not kept by the graph: it must not be held in a cache either */
  readonly cache: boolean
}

export interface Graph {
  readonly root: Node
  /** child of everything that is dead */
  readonly dead: Node
  step(node: Node, key: string): Step
  item(node: Node): Node
  /** the node of a resource whose resourceType is `type`; null = it has none */
  resource(node: Node, type: string | null): Node
}

/** Longer names are resolved anew each time: caching them would let a payload fill the memory. */
export const MAX_CACHED_KEY = 64
const MAX_KEYS = 512
const STRIDE = 4

/** Open-addressed map from a member name's bytes to its step. */
export class KeyTable {
  /** four words a slot: length, first four bytes, last four bytes, 1-based index of the step (negative = unsafe) */
  slots: Int32Array = EMPTY
  mask = 0
  readonly nodes: Node[] = []
  /** where each name starts in {@link bytes}; its closing quote stands behind it */
  readonly starts: number[] = []
  bytes: DataView = NO_BYTES
  /** bytes of each name with its closing quote */
  readonly sizes: number[] = []
  /** by 1-based index of a name (0 = the object begins): the name that followed it last time; 0 = none yet */
  readonly next: number[] = [0]
  #used = 0

  get full(): boolean {
    return this.nodes.length >= MAX_KEYS
  }

  clear(): void {
    this.slots = EMPTY
    this.mask = 0
    this.nodes.length = 0
    this.starts.length = 0
    this.sizes.length = 0
    this.next.length = 1
    this.next[0] = 0
    this.bytes = NO_BYTES
    this.#used = 0
  }

  /**
   * Adds a name of at most {@link MAX_CACHED_KEY} bytes standing at [start, end) of `from`, its closing quote behind it,
   * with its two words. Returns its 1-based index, negative when the name is payload.
   */
  add(from: Uint8Array, start: number, end: number, first: number, last: number, step: Step): number {
    if (this.nodes.length * 2 >= this.mask) this.#grow()
    const size = end - start + 1
    const room = this.#room(size)
    new Uint8Array(room.buffer).set(from.subarray(start, end + 1), this.#used)
    this.nodes.push(step.node)
    this.starts.push(this.#used)
    this.sizes.push(size)
    this.next.push(0)
    this.#used += size
    const ref = step.unsafe ? -this.nodes.length : this.nodes.length
    this.#put(end - start, first, last, ref)
    return ref
  }

  #put(length: number, first: number, last: number, ref: number): void {
    const { slots, mask } = this
    let at = hashKey(length, first, last) & mask
    while (slots[at * STRIDE + 3] !== 0) at = (at + 1) & mask
    slots[at * STRIDE] = length
    slots[at * STRIDE + 1] = first
    slots[at * STRIDE + 2] = last
    slots[at * STRIDE + 3] = ref
  }

  #grow(): void {
    const old = this.slots
    const capacity = old === EMPTY ? 16 : (old.length / STRIDE) * 2
    this.slots = new Int32Array(capacity * STRIDE)
    this.mask = capacity - 1
    if (old === EMPTY) return
    for (let i = 0; i < old.length; i += STRIDE) {
      if (old[i + 3] !== 0) this.#put(old[i]!, old[i + 1]!, old[i + 2]!, old[i + 3]!)
    }
  }

  #room(length: number): DataView {
    // Four bytes of slack: the last comparison of a long name reads a whole word.
    if (this.#used + length + 4 <= this.bytes.byteLength) return this.bytes
    const bigger = new Uint8Array(Math.max(256, this.bytes.byteLength * 2, this.#used + length + 4))
    bigger.set(new Uint8Array(this.bytes.buffer, 0, this.#used))
    this.bytes = new DataView(bigger.buffer)
    return this.bytes
  }
}

const MAX_NAMES = 32_768

/**
 * The names learned for one graph, in all its tables together. A payload of ever new names neither fills the memory nor
 * keeps the usual ones out: a full table, or all of them, begin anew.
 */
export class KnownNames {
  readonly #tables: KeyTable[] = []
  #count = 0

  /** What {@link KeyTable.add} returns. */
  add(table: KeyTable, from: Uint8Array, start: number, end: number, first: number, last: number, step: Step): number {
    if (this.#count >= MAX_NAMES) {
      for (const known of this.#tables) known.clear()
      this.#tables.length = 0
      this.#count = 0
    }
    if (table.full) {
      this.#count -= table.nodes.length
      table.clear()
    } else if (table.nodes.length === 0) this.#tables.push(table)
    this.#count++
    return table.add(from, start, end, first, last, step)
  }
}

export function hashKey(length: number, first: number, last: number): number {
  const h = Math.imul(first ^ Math.imul(last, 0x27d4eb2d) ^ length, 0x9e3779b1)
  return h ^ (h >>> 15)
}

// An empty table still has one slot, so that a look-up needs no special case.
const EMPTY = new Int32Array(STRIDE)
const NO_BYTES = new DataView(new ArrayBuffer(4))
const NO_KEYS = new KeyTable()
