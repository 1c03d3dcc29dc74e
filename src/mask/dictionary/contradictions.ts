/**
 * What rows of one file may not say to each other: two replacements for one name in one scope, and a replacement that
 * is itself a name (a chain, or a brand). Two rows share a scope when a day, a role and a mode belong to both.
 */
import type { Reading, Say } from '../../base/fields.ts'
import type { Position } from '../../base/problem.ts'
import type { DictionaryEntry } from '../model.ts'
import { foldTerm } from './fold.ts'
import { termKey } from './lookup.ts'
import type { Draft } from './row.ts'

/** Is there a call for which both rows hold? */
export const scopesMeet = (a: DictionaryEntry, b: DictionaryEntry): boolean => daysMeet(a, b) && rolesMeet(a, b)

const daysMeet = (a: DictionaryEntry, b: DictionaryEntry): boolean =>
  (a.to === null || b.from === null || b.from < a.to) && (b.to === null || a.from === null || a.from < b.to)

const rolesMeet = (a: DictionaryEntry, b: DictionaryEntry): boolean =>
  a.roles === null || b.roles === null || a.roles.some((role) => b.roles!.includes(role))

/** Rows by every name, once as whole fields are compared and once as texts are. */
export class Names {
  readonly #field = new Map<string, DictionaryEntry[]>()
  readonly #text = new Map<string, DictionaryEntry[]>()
  readonly #reading: Reading

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** Whole-field names, as {@link Dictionary.terms} holds them. */
  get field(): ReadonlyMap<string, readonly DictionaryEntry[]> {
    return this.#field
  }

  /** Adds a row under its term and aliases; a name that has a row in its scope already is a problem. */
  add({ entry, aliasesAt }: Draft): void {
    this.#put(entry, entry.term, entry.at)
    for (const alias of entry.aliases) this.#put(entry, alias, aliasesAt)
  }

  #put(entry: DictionaryEntry, name: string, at: Position): void {
    const twice =
      (entry.mode === 'text' ? null : this.#into(this.#field, termKey(name), entry)) ??
      (entry.mode === 'field' ? null : this.#into(this.#text, foldTerm(name), entry))
    if (twice === null) return
    this.#reading.error(
      at,
      'dictionary-duplicate',
      { zh: `“${name}”在同一范围内已有一行`, en: `"${name}" has a row already` },
      {
        zh: `同一日期、角色和方式下每个术语一行：此行与第 ${twice.at.line} 行只留其一`,
        en: `one row a term for the same days, roles and mode: this one or line ${twice.at.line}, not both`,
      },
    )
  }

  /** The row that holds the name in the same scope, or null after the row was added. */
  #into(map: Map<string, DictionaryEntry[]>, key: string, entry: DictionaryEntry): DictionaryEntry | null {
    const rows = map.get(key)
    if (rows === undefined) {
      map.set(key, [entry])
      return null
    }
    const first = rows.find((other) => other === entry || scopesMeet(other, entry))
    if (first !== undefined) return first
    rows.push(entry)
    return null
  }

  /** Tells a replacement that some row replaces again. */
  checkChain({ entry }: Draft): void {
    const rows = [
      ...(this.#field.get(termKey(entry.replacement)) ?? []),
      ...(this.#text.get(foldTerm(entry.replacement)) ?? []),
    ]
    const next = rows.find((other) => scopesMeet(other, entry))
    if (next !== undefined) tellChain(this.#reading, entry, next, false)
  }
}

/** Where a problem goes: a file being read, or the checks over all files. */
export interface Voice {
  error(at: Position, code: string, message: Say, expected: Say): void
}

/** One sentence for chains within a file, between files and inside texts. */
export function tellChain(voice: Voice, entry: DictionaryEntry, next: DictionaryEntry, inside: boolean): void {
  const place = next.at.file === entry.at.file ? `${next.at.line}` : `${next.at.file}:${next.at.line}`
  if (next.kind === 'generic' && entry.kind !== 'other' && !inside)
    return voice.error(
      entry.replacementAt,
      'dictionary-brand',
      {
        zh: `“${entry.replacement}”本身是商品名：药品不得换成另一种产品`,
        en: `"${entry.replacement}" is itself a brand: no drug may become another product`,
      },
      { zh: `通用名（见 ${place} 行）`, en: `the generic name (see line ${place})` },
    )
  voice.error(
    entry.replacementAt,
    'dictionary-chain',
    inside
      ? { zh: `替换内容含有术语“${next.term}”`, en: `the replacement holds the term "${next.term}"` }
      : {
          zh: `替换内容“${entry.replacement}”在第 ${place} 行本身是术语或别名`,
          en: `the replacement "${entry.replacement}" is itself a term or alias at line ${place}`,
        },
    {
      zh: `没有任何一行会再替换的词，如第 ${place} 行的“${next.replacement}”`,
      en: `words that no row replaces, such as "${next.replacement}" of line ${place}`,
    },
  )
}
