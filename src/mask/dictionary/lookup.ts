/** Whole-field lookup in a dictionary on a given day. */
import type { Dictionary, DictionaryEntry } from '../model.ts'
import { clean } from '../normal.ts'

/** How terms are compared: normalised (NFKC, trimmed), runs of blanks as one, without case. */
export function termKey(text: string): string {
  const t = clean(text).toLowerCase()
  return /\s/.test(t) ? t.replace(/\s+/g, ' ') : t
}

/** Is the entry in force on that day (YYYY-MM-DD)? The end is exclusive. */
export const inForce = (entry: DictionaryEntry | undefined, day: string): entry is DictionaryEntry =>
  entry !== undefined && (entry.from === null || entry.from <= day) && (entry.to === null || day < entry.to)

/** The entry whose term or alias the whole text is, in force on that day; null = none. */
export function lookUp(dictionary: Dictionary, text: string, day: string): DictionaryEntry | null {
  const entry = dictionary.terms.get(termKey(text))
  return inForce(entry, day) ? entry : null
}

const replacements = new WeakMap<Dictionary, ReadonlyMap<string, DictionaryEntry>>()

/** Entries by their replacement, normalised: what a dictionary has written it lets pass. */
export function replacementsOf(dictionary: Dictionary): ReadonlyMap<string, DictionaryEntry> {
  let known = replacements.get(dictionary)
  if (known === undefined) {
    known = new Map([...dictionary.terms.values()].map((entry) => [clean(entry.replacement), entry]))
    replacements.set(dictionary, known)
  }
  return known
}
