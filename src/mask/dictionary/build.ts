/** Builds the {@link Lexicon} of a set of dictionaries, and tells replacements that would be replaced again. */

import { finish, type Steps } from '../../base/steps.ts'
import type { Dictionary, DictionaryEntry } from '../model.ts'
import { scopesMeet } from './contradictions.ts'
import { foldTerm, spellingsOf } from './fold.ts'
import { FirstPairs, HashTrie } from './hash-trie.ts'
import { isSpokenCode, Lexicon, type LexiconRow } from './in-text.ts'

const SLICE = 1000

export function* lexiconSteps(dictionaries: readonly Dictionary[]): Steps<Lexicon> {
  const rows: LexiconRow[] = []
  const names: string[] = []
  /** row * 4 + form of each name */
  const packed: number[] = []
  let units = 0
  const add = (text: string, row: number, form: number): void => {
    const name = foldTerm(text)
    if (name === '') return
    names.push(name)
    packed.push(row * 4 + form)
    units += name.length
  }
  for (const [index, dictionary] of dictionaries.entries()) {
    for (const entry of dictionary.rows) {
      if (entry.mode === 'field') continue
      const row = rows.length
      rows.push(rowOf(entry, index))
      for (const name of [entry.term, ...entry.aliases]) add(name, row, 0)
      add(entry.replacement, row, 1)
      if (entry.code !== null && isSpokenCode(entry)) add(entry.code, row, 2)
      if (row % SLICE === 0) yield
    }
  }
  const trie = new HashTrie(units)
  const pairs = new FirstPairs()
  const itemNext = new Int32Array(names.length)
  for (let i = 0; i < names.length; i++) {
    itemNext[i] = trie.put(names[i]!, i)
    pairs.add(names[i]!, spellingsOf)
    if (i % (4 * SLICE) === 0) yield
  }
  return new Lexicon({
    dictionaries: dictionaries.map((d) => d.id),
    rows,
    trie,
    pairs,
    itemRow: Int32Array.from(packed),
    itemNext,
  })
}

const NONE: readonly string[] = []
const folded = (texts: readonly string[]): readonly string[] =>
  texts.length === 0 ? NONE : texts.map(foldTerm).filter((s) => s !== '')

const rowOf = (entry: DictionaryEntry, dictionary: number): LexiconRow => ({
  entry,
  dictionary,
  notBefore: folded(entry.notBefore),
  notAfter: folded(entry.notAfter),
})

/** A row whose replacement holds a name of `by`, both in force for some call. */
export interface Chain {
  readonly entry: DictionaryEntry
  readonly by: DictionaryEntry
}

/** Replacements of texts that a second pass would change, in any of the dictionaries. */
export function* chainSteps(lexicon: Lexicon): Steps<readonly Chain[]> {
  const chains: Chain[] = []
  let n = 0
  for (const { entry } of lexicon.parts.rows) {
    const by = lexicon.mentions(entry.replacement).find((other) => scopesMeet(entry, other))
    if (by !== undefined) chains.push({ entry, by })
    if (++n % SLICE === 0) yield
  }
  return chains
}

interface Built {
  readonly dictionaries: readonly Dictionary[]
  readonly lexicon: Lexicon
  readonly chains: readonly Chain[]
}

const built = new WeakMap<Dictionary, Built>()
const EMPTY = finish(lexiconSteps([]))

const ordered = (dictionaries: ReadonlyMap<string, Dictionary>): Dictionary[] =>
  [...dictionaries.values()].sort((a, b) => (a.id < b.id ? -1 : 1))

const isSame = (a: readonly Dictionary[], b: readonly Dictionary[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i])

/** Builds and keeps it, unless it is there: for {@link inSlices}. */
export function* builtSteps(dictionaries: ReadonlyMap<string, Dictionary>): Steps<Built> {
  const list = ordered(dictionaries)
  const first = list[0]
  if (first === undefined) return { dictionaries: [], lexicon: EMPTY, chains: [] }
  const known = built.get(first)
  if (known !== undefined && isSame(known.dictionaries, list)) return known
  const lexicon = yield* lexiconSteps(list)
  const chains = yield* chainSteps(lexicon)
  const made: Built = { dictionaries: list, lexicon, chains }
  built.set(first, made)
  return made
}

/** The automaton of a rule set's dictionaries; built at once when nobody has built it in slices before. */
export const lexiconOf = (dictionaries: ReadonlyMap<string, Dictionary>): Lexicon =>
  finish(builtSteps(dictionaries)).lexicon

/** Replacements that a row of any of the dictionaries would replace again. */
export const chainsOf = (dictionaries: ReadonlyMap<string, Dictionary>): readonly Chain[] =>
  finish(builtSteps(dictionaries)).chains
