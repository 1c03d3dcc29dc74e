/**
 * A trie whose edges are one open-addressed table in typed arrays: a node is the slot of the edge that leads to it. It
 * is filled term by term, in any order and in slices, without sorting; 10 bytes a slot, two slots a unit at most.
 */

import { UnitSet } from '../../base/unit-set.ts'

/** no node, no item */
export const NONE = -1

export class HashTrie {
  readonly #mask: number
  readonly #parent: Int32Array
  readonly #unit: Uint16Array
  readonly #item: Int32Array
  readonly #root = new Int32Array(0x10000).fill(NONE)
  #nodes = 0

  /** @param units the sum of all terms' lengths, an upper bound of the nodes */
  constructor(units: number) {
    let size = 1024
    while (size < units * 1.3) size *= 2
    this.#mask = size - 1
    this.#parent = new Int32Array(size).fill(NONE)
    this.#unit = new Uint16Array(size)
    this.#item = new Int32Array(size).fill(NONE)
  }

  /** The node after the first unit of a term, or {@link NONE}. */
  first(unit: number): number {
    return this.#root[unit]!
  }

  /** The node after one more unit, or {@link NONE}. */
  next(node: number, unit: number): number {
    const mask = this.#mask
    for (let slot = slotOf(node, unit) & mask; ; slot = (slot + 1) & mask) {
      const parent = this.#parent[slot]!
      if (parent === node && this.#unit[slot] === unit) return slot
      if (parent === NONE) return NONE
    }
  }

  /** What {@link put} stored at the node, or {@link NONE}. */
  item(node: number): number {
    return this.#item[node]!
  }

  /** Adds a term; `item` (0 or more) is stored at its end and what stood there returned. */
  put(term: string, item: number): number {
    let node = this.#root[term.charCodeAt(0)]!
    if (node === NONE) this.#root[term.charCodeAt(0)] = node = this.#add(ROOT, term.charCodeAt(0))
    for (let i = 1; i < term.length; i++) {
      const next = this.next(node, term.charCodeAt(i))
      node = next === NONE ? this.#add(node, term.charCodeAt(i)) : next
    }
    const before = this.#item[node]!
    this.#item[node] = item
    return before
  }

  #add(parent: number, unit: number): number {
    let slot = slotOf(parent, unit) & this.#mask
    while (this.#parent[slot] !== NONE) slot = (slot + 1) & this.#mask
    this.#parent[slot] = parent
    this.#unit[slot] = unit
    this.#nodes++
    return slot
  }

  get nodes(): number {
    return this.#nodes
  }

  get bytes(): number {
    return this.#parent.byteLength + this.#unit.byteLength + this.#item.byteLength + this.#root.byteLength
  }
}

/**
 * Hashed first two units of terms, in a table that fits the processor's cache: nearly every place of a text is no
 * beginning of a term, and is told so by it. What it says yes to the trie is asked for.
 */
export class FirstPairs {
  /** as units are written: a term begins with what they are folded to */
  readonly #first = new UnitSet()
  /** folded: a term by itself */
  readonly #alone = new UnitSet()
  readonly #pairs = new UnitSet()

  /** @param spellings every unit that is folded to the one asked for, itself among them */
  add(term: string, spellings: (unit: number) => readonly number[]): void {
    const first = term.charCodeAt(0)
    if (!this.#first.has(first)) for (const unit of spellings(first)) this.#first.add(unit)
    if (term.length === 1) this.#alone.add(first)
    else this.#pairs.add(pairOf(first, term.charCodeAt(1)))
  }

  /** Of a unit as it is written. */
  isFirst(unit: number): boolean {
    return this.#first.has(unit)
  }

  /** May a term begin with these two folded units, or be the first of them alone? */
  has(first: number, second: number): boolean {
    return this.#pairs.has(pairOf(first, second)) || this.#alone.has(first)
  }

  get bytes(): number {
    return 3 * this.#first.bytes
  }
}

const pairOf = (first: number, second: number): number => (Math.imul(first, 0x9e3b) ^ second) & 0xffff

/** the parent of first units; no slot has this number */
const ROOT = -2

function slotOf(node: number, unit: number): number {
  const h = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)
  return h ^ (h >>> 15)
}
