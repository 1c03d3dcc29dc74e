/** What methods may ask of the world, put together for one call: the day, keyed tokens, dictionaries. */
import { lookUp } from './dictionary/lookup.ts'
import type { Dictionary } from './model.ts'
import type { CallPseudonyms } from './pseudonym.ts'
import type { Effects } from './transforms/transform.ts'

export interface EffectsSource {
  /** YYYY-MM-DD in the configured zone; asked per value, so it should be cheap */
  readonly today: () => string
  readonly pseudonyms: CallPseudonyms
  readonly dictionaries: ReadonlyMap<string, Dictionary>
}

export function effectsOf({ today, pseudonyms, dictionaries }: EffectsSource): Effects {
  return {
    today,
    pseudonym: pseudonyms.pseudonym,
    isOwnToken: pseudonyms.isOwnToken,
    term: (id, canonical) => {
      const dictionary = dictionaries.get(id)
      return dictionary === undefined ? null : lookUp(dictionary, canonical, today())
    },
    dictionary: (id) => dictionaries.get(id) ?? null,
  }
}
