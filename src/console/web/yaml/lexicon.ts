/** The words of the rules language, both ways: the server's vocabulary as questions the form and the editor ask. */
import type { Schemas } from '../api/types.ts'

type Vocabulary = Schemas['Vocabulary']
export type WordOf = Schemas['WordOf']

export class Lexicon {
  readonly #vocabulary: Vocabulary

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  words(context: string): readonly WordOf[] {
    return this.#vocabulary.contexts[context] ?? []
  }

  values(set: string): readonly { en: string; zh: string }[] {
    return this.#vocabulary.values[set] ?? []
  }

  /** Both spellings of a key. */
  namesOf(context: string, id: string): string[] {
    const word = this.words(context).find((each) => each.en === id)
    return word === undefined ? [id] : [word.en, word.zh]
  }

  /** The identifier of a key in either spelling. */
  idOf(context: string, key: string): string {
    return this.words(context).find((each) => each.en === key || each.zh === key)?.en ?? key
  }

  label(context: string, id: string, lang: 'zh' | 'en'): string {
    return this.words(context).find((each) => each.en === id)?.[lang] ?? id
  }

  /** The identifier of a value in either spelling, by its set. */
  valueOf(set: string, value: string): string {
    return this.values(set).find((each) => each.en === value || each.zh === value)?.en ?? value
  }

  /** The same for the value of a key, whose set its word names. */
  valueId(context: string, key: string, value: string): string {
    const set = this.words(context).find((each) => each.en === key)?.child?.words
    return set === undefined ? value : this.valueOf(set, value)
  }

  valueLabel(context: string, key: string, value: string, lang: 'zh' | 'en'): string {
    const set = this.words(context).find((each) => each.en === key)?.child?.words
    const found = set === undefined ? undefined : this.values(set).find((each) => each.en === value)
    return found?.[lang] ?? value
  }
}
