/** What methods may ask of the world, put together for one call: the day, keyed tokens, dictionaries. */
import { lexiconOf } from './dictionary/build.ts'
import { lookUp } from './dictionary/lookup.ts'
import type { Dictionary } from './model.ts'
import type { CallPseudonyms } from './pseudonym.ts'
import type { Effects, Keyed } from './transforms/transform.ts'

export interface EffectsSource {
  /** YYYY-MM-DD in the configured zone; asked per value, so it should be cheap */
  readonly today: () => string
  readonly pseudonyms: CallPseudonyms
  readonly dictionaries: ReadonlyMap<string, Dictionary>
  /** the caller's role: rows of a dictionary may be for certain roles only */
  readonly role?: string | null
  /** keyed arithmetic of the call, for methods beside pseudonym */
  readonly keyed?: Keyed | undefined
}

export function effectsOf({ today, pseudonyms, dictionaries, role = null, keyed }: EffectsSource): Effects {
  return {
    today,
    pseudonym: pseudonyms.pseudonym,
    isOwnToken: pseudonyms.isOwnToken,
    term: (id, canonical) => {
      const dictionary = dictionaries.get(id)
      return dictionary === undefined ? null : lookUp(dictionary, canonical, today(), role)
    },
    dictionary: (id) => dictionaries.get(id) ?? null,
    role,
    lexicon: () => lexiconOf(dictionaries),
    ...(keyed === undefined ? {} : { keyed }),
  }
}
