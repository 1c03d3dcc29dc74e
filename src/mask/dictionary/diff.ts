/**
 * Two states of a dictionary compared: what the console's preview and `rules diff` show before a batch is released. All
 * of it is about words of the dictionary; of the samples only counts come out.
 */

import { finish, type Steps } from '../../base/steps.ts'
import type { Dictionary, DictionaryEntry } from '../model.ts'
import { shadowOf } from '../normal.ts'
import { builtSteps, lexiconOf } from './build.ts'
import { rowText } from './digest.ts'
import { termKey } from './lookup.ts'

const SLICE = 1000

export interface ChangedRow {
  readonly before: DictionaryEntry
  readonly after: DictionaryEntry
  /** names of the columns that differ */
  readonly columns: readonly string[]
}

export interface SampleHits {
  readonly sample: string
  readonly term: string
  readonly before: number
  readonly after: number
}

export interface DictionaryDiff {
  readonly added: readonly DictionaryEntry[]
  readonly removed: readonly DictionaryEntry[]
  readonly changed: readonly ChangedRow[]
  readonly unchanged: number
  /** terms found in samples, where the number differs */
  readonly hits: readonly SampleHits[]
}

export interface SampleTexts {
  readonly name: string
  readonly texts: readonly string[]
}

/** At once; {@link diffSteps} for large dictionaries. */
export const diffDictionaries = (
  before: Dictionary | null,
  after: Dictionary | null,
  samples: readonly SampleTexts[] = [],
  day = '9999-12-31',
): DictionaryDiff => finish(diffSteps(before, after, samples, day))

/** @param day YYYY-MM-DD on which samples are read */
export function* diffSteps(
  before: Dictionary | null,
  after: Dictionary | null,
  samples: readonly SampleTexts[],
  day: string,
): Steps<DictionaryDiff> {
  const old = grouped(before)
  let n = 0
  const added: DictionaryEntry[] = []
  const changed: ChangedRow[] = []
  let unchanged = 0
  for (const row of after?.rows ?? []) {
    const rivals = old.get(identity(row)) ?? []
    const same = rivals.findIndex((other) => rowText(other) === rowText(row))
    const [other] = rivals.splice(Math.max(0, same), 1)
    if (other === undefined) added.push(row)
    else if (same >= 0) unchanged++
    else changed.push({ before: other, after: row, columns: differing(other, row) })
    if (++n % SLICE === 0) yield
  }
  if (samples.length > 0)
    for (const dictionary of [before, after])
      if (dictionary !== null) yield* builtSteps(new Map([[dictionary.id, dictionary]]))
  return {
    added,
    removed: [...old.values()].flat(),
    changed,
    unchanged,
    hits: samples.flatMap((sample) => hitsOf(sample, before, after, day)),
  }
}

const identity = (row: DictionaryEntry): string => `${termKey(row.term)}\n${row.roles?.toSorted().join('|') ?? ''}`

function grouped(dictionary: Dictionary | null): Map<string, DictionaryEntry[]> {
  const rows = new Map<string, DictionaryEntry[]>()
  for (const row of dictionary?.rows ?? []) {
    const list = rows.get(identity(row))
    if (list === undefined) rows.set(identity(row), [row])
    else list.push(row)
  }
  return rows
}

const COMPARED: readonly (readonly [keyof DictionaryEntry, string])[] = [
  ['term', 'term'],
  ['replacement', 'replacement'],
  ['kind', 'kind'],
  ['mode', 'mode'],
  ['aliases', 'aliases'],
  ['notBefore', 'not_before'],
  ['notAfter', 'not_after'],
  ['code', 'code'],
  ['codeSystem', 'code_system'],
  ['from', 'effective_from'],
  ['to', 'effective_to'],
  ['batch', 'batch'],
  ['author', 'author'],
  ['approver', 'approver'],
]

const differing = (a: DictionaryEntry, b: DictionaryEntry): string[] =>
  COMPARED.filter(([key]) => canonical(a[key]) !== canonical(b[key])).map(([, column]) => column)

const canonical = (value: unknown): string => JSON.stringify(Array.isArray(value) ? value.toSorted() : value)

function hitsOf(sample: SampleTexts, before: Dictionary | null, after: Dictionary | null, day: string): SampleHits[] {
  const old = counted(sample, before, day)
  const now = counted(sample, after, day)
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((term) => ({ sample: sample.name, term, before: old.get(term) ?? 0, after: now.get(term) ?? 0 }))
    .filter((hit) => hit.before !== hit.after)
}

/** Hits in the texts, as whole fields and inside, by term. Rows for certain roles do not count. */
function counted({ texts }: SampleTexts, dictionary: Dictionary | null, day: string): Map<string, number> {
  const counts = new Map<string, number>()
  if (dictionary === null) return counts
  const matcher = lexiconOf(new Map([[dictionary.id, dictionary]])).matcher({
    today: () => day,
    role: null,
    care: false,
    dictionaries: null,
    own: false,
  })
  const add = (term: string): void => void counts.set(term, (counts.get(term) ?? 0) + 1)
  for (const text of texts) {
    const hits = matcher.find(shadowOf(text).text)
    for (const { entry } of hits) add(entry.term)
    const whole = dictionary.terms.get(termKey(text))?.find((row) => row.mode === 'field')
    if (whole !== undefined && hits.length === 0) add(whole.term)
  }
  return counts
}
