/** The methods for free text where no engine runs them. */
import { MARK } from '../transforms/marks.ts'
import type { Effects, TextTools } from '../transforms/transform.ts'
import { codesOf } from './codes.ts'
import { scrubText } from './scrub.ts'

/** A text by itself, without payload and policy: no known values, and every identifier becomes the fixed mark. */
export function toolsAlone(effects: Effects): TextTools {
  const matcher = (dictionaries: readonly string[] | null, own: boolean) =>
    effects
      .lexicon?.()
      ?.matcher({ today: effects.today, role: effects.role ?? null, care: false, dictionaries, own }) ?? null
  return {
    scrub: (raw, dictionaries) =>
      scrubText(raw, {
        known: null,
        treat: () => MARK,
        terms: dictionaries.length === 0 ? null : matcher(dictionaries, false),
      }),
    codes: (raw, dictionaries) => codesOf(raw, { known: null, terms: matcher(dictionaries, true) }),
    holds: () => false,
  }
}
