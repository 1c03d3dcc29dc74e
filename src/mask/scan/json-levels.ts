import type { Name } from './json-node.ts'

/** What the JSON scanner keeps for every open bracket, by depth. */
export class Levels {
  /** object or array */
  kinds = new Uint8Array(64)
  /** tape index of the scope opened here; -1 = none */
  opens = new Int32Array(64)
  /** where the resourceType of the object stands; -1 = it has none */
  types = new Int32Array(64)
  /** the last name before the bracket; null = none that was guessed */
  readonly lasts: (Name | null)[] = []

  /** Room for twice as many. */
  deeper(): void {
    const size = this.kinds.length * 2
    const kinds = new Uint8Array(size)
    kinds.set(this.kinds)
    this.kinds = kinds
    this.opens = twice(this.opens)
    this.types = twice(this.types)
  }
}

function twice(words: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(words.length * 2)
  bigger.set(words)
  return bigger
}
