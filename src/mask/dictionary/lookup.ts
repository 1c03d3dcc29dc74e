/** Whole-field lookup in a dictionary on a given day, for a role. */
import type { Dictionary, DictionaryEntry } from '../model.ts'
import { clean } from '../normal.ts'

/** How terms are compared: normalised (NFKC, trimmed), runs of blanks as one, without case. */
export function termKey(text: string): string {
  const t = clean(text).toLowerCase()
  return /\s/.test(t) ? t.replace(/\s+/g, ' ') : t
}

/** Does the row hold on that day (YYYY-MM-DD; the end is exclusive) for that role (null: rows for all roles only)? */
export const holds = (entry: DictionaryEntry, day: string, role: string | null): boolean =>
  (entry.from === null || entry.from <= day) &&
  (entry.to === null || day < entry.to) &&
  (entry.roles === null || (role !== null && entry.roles.includes(role)))

/** The row whose term or alias the whole text is, in force on that day for that role; null = none. */
export function lookUp(
  dictionary: Dictionary,
  text: string,
  day: string,
  role: string | null = null,
): DictionaryEntry | null {
  return dictionary.terms.get(termKey(text))?.find((entry) => holds(entry, day, role)) ?? null
}

const replacements = new WeakMap<Dictionary, ReadonlyMap<string, readonly DictionaryEntry[]>>()

/** Rows by their replacement, normalised. */
export function replacementsOf(dictionary: Dictionary): ReadonlyMap<string, readonly DictionaryEntry[]> {
  const known = replacements.get(dictionary)
  if (known !== undefined) return known
  const made = new Map<string, DictionaryEntry[]>()
  for (const entry of dictionary.rows) {
    if (entry.mode === 'text') continue
    const key = clean(entry.replacement)
    const rows = made.get(key)
    if (rows === undefined) made.set(key, [entry])
    else rows.push(entry)
  }
  replacements.set(dictionary, made)
  return made
}

/** Is the canonical text what the dictionary writes today? Such a value passes: masking twice is masking once. */
export const isWritten = (dictionary: Dictionary, canonical: string, day: string, role: string | null): boolean =>
  replacementsOf(dictionary)
    .get(canonical)
    ?.some((entry) => holds(entry, day, role)) === true
