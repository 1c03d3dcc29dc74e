/** Which dictionaries two rule sets have, and what is different in each: a part of `veilgate rules diff`. */
import { type DictionaryDiff, diffDictionaries } from '../../mask/dictionary/diff.ts'
import { digestOf } from '../../mask/dictionary/digest.ts'
import type { Dictionary, RuleSet } from '../../mask/model.ts'
import { textsOf } from './dictionary-samples.ts'
import { dictionaryLines } from './dictionary-text.ts'

export interface NamedDiff {
  readonly dictionary: string
  readonly diff: DictionaryDiff
}

/** @param day YYYY-MM-DD on which the samples are read */
export function dictionaryChanges(
  before: RuleSet,
  after: RuleSet,
  samples: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  day: string,
): NamedDiff[] {
  const names = [...new Set([...before.dictionaries.keys(), ...after.dictionaries.keys()])].sort()
  const texts = samples.map(({ name, bytes }) => ({ name, texts: textsOf(Buffer.from(bytes).toString('utf8')) }))
  const of = (rules: RuleSet, name: string): Dictionary | null => rules.dictionaries.get(name) ?? null
  return names
    .filter((name) => digest(of(before, name)) !== digest(of(after, name)))
    .map((name) => ({ dictionary: name, diff: diffDictionaries(of(before, name), of(after, name), texts, day) }))
}

const digest = (dictionary: Dictionary | null): string | null => (dictionary === null ? null : digestOf(dictionary))

export const changeLines = (changes: readonly NamedDiff[], lang: 'zh' | 'en'): string[] =>
  changes.flatMap(({ dictionary, diff }) => ['', `dictionaries/${dictionary}.csv`, ...dictionaryLines(diff, lang)])
