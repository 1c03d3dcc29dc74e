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
  /** derived: all that matters of a text here is its site */
  plain = false
  /** derived: entering an object or array here matters */
  busy = false
  /** derived: member names below need no look-up */
  skip = false
  /** a resource of unknown type: what it is called is not remembered */
  blind = false
  /** where it stands in the memory of the WebAssembly scanner, and since which of its beginnings */
  place = 0
  era = 0
  readonly keys = new KeyTable()
  /** nodes by resourceType, where {@link typed} */
  types: KeyTable = NO_KEYS

  seal(): this {
    if (this.typed) this.types = new KeyTable()
    this.hot = this.site >= 0 || this.wrap >= 0 || this.mark !== MARK_NONE
    this.plain = this.site >= 0 && this.wrap < 0 && this.mark === MARK_NONE && this.sift === null
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
  /** some string holds an escape sequence or ends with a bracket: a document may be folded into it */
  folds: boolean
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
  seen.folds = false
  // setting a length is a call into the runtime
  if (seen.excluded.length > 0) seen.excluded.length = 0
  if (seen.totals.length > 0) seen.totals.length = 0
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

/**
 * A name that was met: what stands behind its opening quote up to its colon, and where it leads. Four words, which
 * overlap in a short name, tell it from any other of its size up to sixteen bytes.
 */
export class Name {
  readonly node: Node
  /** where its bytes are, for as long as it may be guessed: its table may have begun anew since */
  readonly bytes: DataView
  readonly start: number
  /** bytes with closing quote and colon */
  readonly size: number
  /** where the last three words begin */
  readonly second: number
  readonly third: number
  readonly fourth: number
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  /** the name that followed it last time */
  next: Name | null = null

  constructor(node: Node, bytes: DataView, start: number, size: number) {
    this.node = node
    this.bytes = bytes
    this.start = start
    this.size = size
    this.second = Math.min(4, size - 4)
    this.third = Math.max(0, size - 8)
    this.fourth = size - 4
    this.a = bytes.getInt32(start, true)
    this.b = size < 4 ? 0 : bytes.getInt32(start + this.second, true)
    this.c = bytes.getInt32(start + this.third, true)
    this.d = size < 4 ? 0 : bytes.getInt32(start + this.fourth, true)
  }
}

/** The longest {@link Name.size}. */
export const MAX_NAME = MAX_CACHED_KEY + 2

/** Open-addressed map from a member name's bytes to its step. */
export class KeyTable {
  /** four words a slot: length, first four bytes, last four bytes, 1-based index of the step (negative = unsafe) */
  slots: Int32Array = EMPTY
  mask = 0
  readonly names: Name[] = []
  /** every name with closing quote and colon, end to end */
  bytes: DataView = NO_BYTES
  /** the name an object began with last time */
  first: Name | null = null
  #used = 0

  get full(): boolean {
    return this.names.length >= MAX_KEYS
  }

  clear(): void {
    this.slots = EMPTY
    this.mask = 0
    this.names.length = 0
    this.first = null
    this.bytes = NO_BYTES
    this.#used = 0
  }

  /**
   * Adds a name of at most {@link MAX_CACHED_KEY} bytes standing at [start, end) of `from`, with its two words. Returns
   * its 1-based index, negative when the name is payload.
   */
  add(from: Uint8Array, start: number, end: number, first: number, last: number, step: Step): number {
    if (this.names.length * 2 >= this.mask) this.#grow()
    const size = end - start + 2
    const at = this.#used
    const room = this.#room(size)
    const bytes = new Uint8Array(room.buffer)
    bytes.set(from.subarray(start, end), at)
    bytes[at + size - 2] = 0x22
    bytes[at + size - 1] = 0x3a
    this.names.push(new Name(step.node, room, at, size))
    this.#used += size
    const ref = step.unsafe ? -this.names.length : this.names.length
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
      this.#count -= table.names.length
      table.clear()
    } else if (table.names.length === 0) this.#tables.push(table)
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
