/**
 * What a scanner leaves behind: the interesting places of one payload in document order, four 32-bit integers each.
 * Scanners write it, the engine (apply.ts) reads it; nothing else crosses that border.
 *
 * | word 0        | word 1   | word 2             | word 3            |
 * |---------------|----------|--------------------|-------------------|
 * | LEAF \| flags | site id  | first byte         | byte after last   |
 * | OPEN          | scope id | first byte         | index of CLOSE    |
 * | CLOSE         | scope id | byte after last    | index of OPEN     |
 * | KEY \| flags  | 0        | first byte of key  | byte after last   |
 *
 * Byte positions of JSON strings and keys include both quotes. Indexes count entries, not words.
 */
export const LEAF = 1
export const OPEN = 2
export const CLOSE = 3
/** a JSON key that is payload itself and must be replaced */
export const KEY = 4
export const TYPE_MASK = 7

/** flags of word 0 */
export const STRING = 8
export const NUMBER = 16
export const BOOLEAN = 32
export const NULL = 64
/** holds an escape sequence: the text is not the bytes */
export const ESCAPED = 128
/** stands directly in an array: removal writes null (JSON) */
export const ITEM = 256

/** set by the engine on leaves a group has settled */
export const SETTLED = 512

const STRIDE = 4

export class Tape {
  words: Int32Array
  /** words used */
  length = 0

  constructor(entries = 1024) {
    this.words = new Int32Array(entries * STRIDE)
  }

  get count(): number {
    return this.length >> 2
  }

  reset(): void {
    this.length = 0
  }

  /** Appends one entry and returns its index. */
  push(head: number, id: number, start: number, end: number): number {
    const at = this.length
    if (at + STRIDE > this.words.length) this.#grow()
    const w = this.words
    w[at] = head
    w[at + 1] = id
    w[at + 2] = start
    w[at + 3] = end
    this.length = at + STRIDE
    return at >> 2
  }

  /** Opens a scope; the matching close() fills in the link. */
  open(scope: number, start: number): number {
    return this.push(OPEN, scope, start, -1)
  }

  close(openIndex: number, end: number): void {
    const scope = this.words[(openIndex << 2) + 1]!
    const closeIndex = this.push(CLOSE, scope, end, openIndex)
    this.words[(openIndex << 2) + 3] = closeIndex
  }

  #grow(): void {
    const bigger = new Int32Array(this.words.length * 2)
    bigger.set(this.words)
    this.words = bigger
  }
}
