/** A trie of UTF-16 units in one open-addressed table that grows: made anew for every payload, so it is cheap to make. */

const EMPTY = -1

export class UnitTrie {
  readonly root = 0
  #size = 2048
  #parent = new Int32Array(2048).fill(EMPTY)
  #unit = new Uint16Array(2048)
  #child = new Int32Array(2048)
  #nodes = 1
  #items = new Int32Array(2048).fill(EMPTY)

  /** The node after one more unit; -1 = there is none. */
  next(node: number, unit: number): number {
    const slot = this.#slot(node, unit)
    return this.#parent[slot] === EMPTY ? EMPTY : this.#child[slot]!
  }

  /** What was put at the node; -1 = nothing. */
  item(node: number): number {
    return this.#items[node]!
  }

  /** Puts an item at the end of the first `length` units, if nothing is there. Returns what was there, or -1. */
  insert(text: string, length: number, item: number): number {
    let node = this.root
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      const slot = this.#slot(node, unit)
      node = this.#parent[slot] === EMPTY ? this.#add(slot, node, unit) : this.#child[slot]!
    }
    const before = this.#items[node]!
    if (before === EMPTY) this.#items[node] = item
    return before
  }

  #slot(node: number, unit: number): number {
    const mask = this.#size - 1
    let h = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)
    h = (h ^ (h >>> 15)) & mask
    while (this.#parent[h] !== EMPTY && (this.#parent[h] !== node || this.#unit[h] !== unit)) h = (h + 1) & mask
    return h
  }

  #add(slot: number, parent: number, unit: number): number {
    const node = this.#nodes++
    this.#parent[slot] = parent
    this.#unit[slot] = unit
    this.#child[slot] = node
    if (this.#nodes * 2 > this.#size) this.#grow()
    return node
  }

  #grow(): void {
    const [parents, units, children] = [this.#parent, this.#unit, this.#child]
    this.#size *= 2
    this.#parent = new Int32Array(this.#size).fill(EMPTY)
    this.#unit = new Uint16Array(this.#size)
    this.#child = new Int32Array(this.#size)
    const items = new Int32Array(this.#size).fill(EMPTY)
    items.set(this.#items)
    this.#items = items
    for (let i = 0; i < parents.length; i++) {
      if (parents[i] === EMPTY) continue
      const slot = this.#slot(parents[i]!, units[i]!)
      this.#parent[slot] = parents[i]!
      this.#unit[slot] = units[i]!
      this.#child[slot] = children[i]!
    }
  }
}
