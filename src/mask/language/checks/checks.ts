/** What every check over the whole rules folder gets: the rules, the methods, and a voice in each file's language. */
import { bothOf, type Say } from '../../../base/fields.ts'
import type { Position, ProblemList } from '../../../base/problem.ts'
import { type Context, type Key, type Lang, languageOf, writtenKey } from '../../../base/vocabulary.ts'
import type { MethodLookup } from '../../choose.ts'
import type { Element, RuleSet } from '../../model.ts'
import type { Catalogue } from '../catalogue.ts'
import { locate } from '../locate.ts'

export class Checks {
  readonly rules: RuleSet
  readonly catalogue: Catalogue
  readonly methods: MethodLookup
  readonly #problems: ProblemList
  readonly #texts: ReadonlyMap<string, string>

  /** @param files of the folder: for the language of each, and places the rules do not keep */
  constructor(
    rules: RuleSet,
    catalogue: Catalogue,
    problems: ProblemList,
    files: readonly { readonly path: string; readonly text: string }[],
  ) {
    this.rules = rules
    this.catalogue = catalogue
    this.methods = (name) => catalogue.methods.get(name)
    this.#problems = problems
    this.#texts = new Map(files.map((f) => [f.path, f.text]))
  }

  error(at: Position, code: string, message: Say, expected?: Say): void {
    const lang = this.langOf(at)
    this.#problems.error(at, code, message[lang], expected?.[lang], bothOf(message, expected))
  }
  warn(at: Position, code: string, message: Say, expected?: Say): void {
    const lang = this.langOf(at)
    this.#problems.warn(at, code, message[lang], expected?.[lang], bothOf(message, expected))
  }
  langOf(at: Position): Lang {
    return languageOf(this.#texts.get(at.file) ?? '')
  }
  /** Where a word stands under a key of the context, at or behind a place; null: where the key's value does. */
  find<C extends Context>(at: Position, context: C, key: Key<C>, word: string | null): Position {
    const text = this.#texts.get(at.file)
    return text === undefined ? at : locate(text, at, [key, writtenKey(context, key, 'zh')], word)
  }
}

export const nameOf = (element: Element): Say => ({ zh: `“${element.zh}”`, en: `"${element.id}"` })
export const line = (at: Position): string => `${at.file}:${at.line}`
