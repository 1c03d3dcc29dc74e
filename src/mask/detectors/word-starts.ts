/** Where the words of a list may begin in a text, so that a pattern that begins with one of them is tried only there. */

const HASHES = 4096
const hashOf = (first: number, second: number): number => (Math.imul(first, 31) ^ second) & (HASHES - 1)

export class WordStarts {
  /** hashed first two units of every word */
  readonly #pairs = new Uint8Array(HASHES)
  readonly #pattern: RegExp

  /**
   * @param words of two and more units
   * @param pattern sticky, and every match of it begins with one of the words
   */
  constructor(words: readonly string[], pattern: RegExp) {
    for (const word of words) this.#pairs[hashOf(word.charCodeAt(0), word.charCodeAt(1))] = 1
    this.#pattern = pattern
  }

  /** What a global search for the pattern finds, in its order. */
  eachMatch(text: string, visit: (match: RegExpExecArray) => void): void {
    const [pairs, pattern] = [this.#pairs, this.#pattern]
    for (let i = 0, first = text.charCodeAt(0); i + 1 < text.length; ) {
      const second = text.charCodeAt(i + 1)
      if (pairs[hashOf(first, second)] !== 0) {
        pattern.lastIndex = i
        const match = pattern.exec(text)
        if (match !== null) {
          visit(match)
          i += match[0].length
          first = text.charCodeAt(i)
          continue
        }
      }
      i++
      first = second
    }
  }
}
