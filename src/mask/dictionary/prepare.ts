/**
 * Dictionaries made ready before rules are compiled, in slices: reading, byte tables, digests and the automaton of
 * 100,000 rows never hold the event loop for more than a few milliseconds. A file that did not change is not read
 * again, and keeps its tables.
 */

import { inSlices, type Pause } from '../../base/steps.ts'
import type { Dictionary } from '../model.ts'
import { builtSteps } from './build.ts'
import { digestSteps } from './digest.ts'
import { dictionarySteps, type ReadDictionary } from './read.ts'
import { tableSteps } from './table.ts'

/** by path of the file in the rules folder */
export type PreparedDictionaries = ReadonlyMap<string, ReadDictionary>

export const isDictionaryFile = (path: string): boolean => /^dictionaries\/[^/]+\.csv$/.test(path)

interface Kept {
  readonly text: string
  readonly read: ReadDictionary
}

/** One for each place that compiles the same folder again and again. */
export class DictionaryCache {
  #kept = new Map<string, Kept>()

  /** @param pause awaited between slices; lets the event loop run */
  async prepare(
    files: readonly { readonly path: string; readonly text: string }[],
    pause: Pause,
  ): Promise<PreparedDictionaries> {
    const next = new Map<string, Kept>()
    for (const { path, text } of files) {
      if (!isDictionaryFile(path)) continue
      const before = this.#kept.get(path)
      const read = before?.text === text ? before.read : await inSlices(dictionarySteps(path, text), pause)
      next.set(path, { text, read })
    }
    const dictionaries = new Map<string, Dictionary>()
    for (const { read } of next.values())
      if (read.dictionary !== null) dictionaries.set(read.dictionary.id, read.dictionary)
    for (const dictionary of dictionaries.values()) {
      await inSlices(digestSteps(dictionary), pause)
      await inSlices(tableSteps(dictionary), pause)
    }
    await inSlices(builtSteps(dictionaries), pause)
    this.#kept = next
    return new Map([...next].map(([path, { read }]) => [path, read]))
  }
}
