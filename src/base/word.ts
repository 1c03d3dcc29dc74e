/** The shape of a row of the vocabulary (words.ts): the Chinese word of an English one, and what stands below the key. */

/** What stands below a key; `rules fmt` walks by it. Several may hold: a cell is a word, a map or a list of both. */
export interface Child {
  /** scalars are words of this value set, or of a glossary */
  readonly words?: string
  /** a map of this context */
  readonly map?: string
  /** a map with free keys; `keys` names the set they are words of */
  readonly each?: Child
  readonly keys?: string
  readonly list?: Child
}

export type Word = string | readonly [zh: string, child: Child]
