/** Unfolds what a payload holds folded: documents in strings, at most three deep, then tables (json-nested, json-tables). */
import type { Element } from '../model.ts'
import type { Seen } from '../scan/json-node.ts'
import { LEAF, type Tape, TYPE_MASK } from '../tape.ts'
import { TABLE_LIST } from './json-graph.ts'
import type { Layer } from './json-layer.ts'
import { MAX_NESTED, mayNest, openStrings } from './json-nested.ts'
import { type KeyOfLabel, openTables } from './json-tables.ts'
import type { LayoutBuilder } from './layout-builder.ts'

export interface UnfoldRules {
  /** may a text that is this element be opened: is what happens inside no looser than what happens to the whole? */
  readonly opens: (element: Element) => boolean
  /** null = tables are no part of the format */
  readonly keyOf: KeyOfLabel | null
}

export interface Unfolded {
  readonly bytes: Buffer
  readonly layers: readonly Layer[]
  /** how many strings deep it is opened; above {@link MAX_NESTED} nothing more is unfolded */
  readonly strings: number
}

export class Unfolding {
  readonly #layout: LayoutBuilder
  readonly #rules: UnfoldRules

  constructor(layout: LayoutBuilder, rules: UnfoldRules) {
    this.#layout = layout
    this.#rules = rules
  }

  /** The next layer over what was scanned onto the tape from word `from` on; null = nothing is folded any more. */
  further(now: Unfolded, tape: Tape, from: number, seen: Seen): Unfolded | null {
    // What is folded into a string has its quotes escaped, or is a list without any.
    if (now.strings < MAX_NESTED && seen.folds && mayNest(now.bytes)) {
      const layer = openStrings(now.bytes, (start) => this.#opens(tape, from >> 2, start))
      if (layer !== null) return { bytes: layer.bytes, layers: [...now.layers, layer], strings: now.strings + 1 }
    }
    const { keyOf } = this.#rules
    if (now.strings > MAX_NESTED || keyOf === null) return null
    if (((seen.lists >> TABLE_LIST) & 1) === 0) return null
    const layer = openTables(now.bytes, keyOf)
    if (layer === null) return null
    return { bytes: layer.bytes, layers: [...now.layers, layer], strings: MAX_NESTED + 1 }
  }

  /** Nobody's value is opened, and a value whose element admits it; a value under way to a method stays whole. */
  #opens(tape: Tape, from: number, start: number): boolean {
    const { words } = tape
    let low = from
    let high = tape.count
    while (low < high) {
      const middle = (low + high) >> 1
      if (words[(middle << 2) + 2]! < start) low = middle + 1
      else high = middle
    }
    for (let i = low; i < tape.count && words[(i << 2) + 2] === start; i++) {
      const at = i << 2
      if ((words[at]! & TYPE_MASK) !== LEAF) continue
      const site = this.#layout.sites[words[at + 1]!]!
      return !site.reference && site.candidates.every((c) => this.#rules.opens(c.element))
    }
    return true
  }
}
