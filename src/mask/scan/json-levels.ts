/** What the JSON scanner keeps for every open bracket, by depth. */
export class Levels {
  /** object or array */
  kinds = new Uint8Array(64)
  /** tape index of the scope opened here; -1 = none */
  opens = new Int32Array(64)
  /** where the resourceType of the object stands; -1 = it has none */
  types = new Int32Array(64)
  /** index of the last name before the bracket */
  lasts = new Int32Array(64)

  /** Room for twice as many. */
  deeper(): void {
    const size = this.kinds.length * 2
    const kinds = new Uint8Array(size)
    kinds.set(this.kinds)
    this.kinds = kinds
    this.opens = twice(this.opens)
    this.types = twice(this.types)
    this.lasts = twice(this.lasts)
  }
}

function twice(words: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(words.length * 2)
  bigger.set(words)
  return bigger
}
