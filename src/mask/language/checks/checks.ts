/** What every check over the whole rules folder gets: the rules, the methods, and a voice in each file's language. */
import type { Say } from '../../../base/fields.ts'
import type { Position, ProblemList } from '../../../base/problem.ts'
import type { Lang } from '../../../base/vocabulary.ts'
import type { MethodLookup } from '../../choose.ts'
import type { Element, RuleSet } from '../../model.ts'
import type { Catalogue } from '../catalogue.ts'

export class Checks {
  readonly rules: RuleSet
  readonly catalogue: Catalogue
  readonly methods: MethodLookup
  readonly #problems: ProblemList
  readonly #langs: ReadonlyMap<string, Lang>

  constructor(rules: RuleSet, catalogue: Catalogue, problems: ProblemList, langs: ReadonlyMap<string, Lang>) {
    this.rules = rules
    this.catalogue = catalogue
    this.methods = (name) => catalogue.methods.get(name)
    this.#problems = problems
    this.#langs = langs
  }

  error(at: Position, code: string, message: Say, expected?: Say): void {
    const lang = this.langOf(at)
    this.#problems.error(at, code, message[lang], expected?.[lang])
  }
  warn(at: Position, code: string, message: Say, expected?: Say): void {
    const lang = this.langOf(at)
    this.#problems.warn(at, code, message[lang], expected?.[lang])
  }
  langOf(at: Position): Lang {
    return this.#langs.get(at.file) ?? 'en'
  }
}

export const nameOf = (element: Element): Say => ({ zh: `“${element.zh}”`, en: `"${element.id}"` })
export const line = (at: Position): string => `${at.file}:${at.line}`
