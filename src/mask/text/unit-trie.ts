/**
 * A trie of UTF-16 units in one open-addressed table that grows: made anew for every payload, so it is cheap to make.
 * What nobody shares with a text hangs on its last shared node as a whole (a tail), so most texts cost a node or two.
 */

/** no node, no item; the root as a parent */
export const NONE = -1
export const ROOT = -1

/** integers a node: parent + 2, unit, item + 1, tail + 1; all zero = free */
const PARENT = 0
const UNIT = 1
const ITEM = 2
const TAIL = 3

export class UnitTrie {
  #table = new Int32Array(128 << 2)
  #mask = 127
  #used = 0
  readonly #texts: string[] = []

  /** The node after one more unit, or {@link NONE}. */
  next(node: number, unit: number): number {
    const at = this.#find(node, unit)
    return this.#table[at + PARENT] === 0 ? NONE : at >> 2
  }

  /** What ends at the node, or {@link NONE}. */
  item(node: number): number {
    return this.#table[(node << 2) + ITEM]! - 1
  }

  /** The one item whose text goes on below the node, where nothing else does; {@link NONE} = none, or nodes go on. */
  tail(node: number): number {
    return this.#table[(node << 2) + TAIL]! - 1
  }

  /** The text of an item, as long as it was inserted. */
  text(item: number): string {
    return this.#texts[item]!
  }

  /** The number of the text: what was there before, or the next one, counted from 0. */
  insert(text: string): number {
    while ((this.#used + text.length + 1) * 2 > this.#mask) this.#grow()
    const item = this.#texts.length
    const before = this.#put(text, item)
    if (before === item) this.#texts.push(text)
    return before
  }

  #put(text: string, item: number): number {
    const last = text.length - 1
    for (let node = ROOT, i = 0; ; i++) {
      const at = this.#find(node, text.charCodeAt(i))
      const table = this.#table
      if (table[at + PARENT] === 0) {
        this.#add(at, node, text.charCodeAt(i), i === last ? ITEM : TAIL, item)
        return item
      }
      if (i === last) {
        if (table[at + ITEM] === 0) table[at + ITEM] = item + 1
        return table[at + ITEM]! - 1
      }
      node = at >> 2
      const tail = table[at + TAIL]! - 1
      if (tail === NONE) continue
      // Two texts go on from here: the one that hung here moves on by a unit.
      table[at + TAIL] = 0
      const other = this.#texts[tail]!
      const unit = other.charCodeAt(i + 1)
      this.#add(this.#find(node, unit), node, unit, i + 2 === other.length ? ITEM : TAIL, tail)
    }
  }

  #find(node: number, unit: number): number {
    const table = this.#table
    const mask = this.#mask
    const parent = node + 2
    let h = Math.imul(parent, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)
    for (h = (h ^ (h >>> 15)) & mask; ; h = (h + 1) & mask) {
      const at = h << 2
      const here = table[at + PARENT]
      if (here === 0 || (here === parent && table[at + UNIT] === unit)) return at
    }
  }

  #add(at: number, node: number, unit: number, field: number, item: number): void {
    const table = this.#table
    table[at + PARENT] = node + 2
    table[at + UNIT] = unit
    table[at + field] = item + 1
    this.#used++
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2)
    this.#mask = this.#mask * 2 + 1
    this.#used = 0
    for (const [item, text] of this.#texts.entries()) this.#put(text, item)
  }
}
