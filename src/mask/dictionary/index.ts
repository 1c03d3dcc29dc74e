/** Dictionaries: reading a CSV, looking a whole field up, finding terms inside texts, comparing batches. */
export { lexiconOf } from './build.ts'
export { COLUMNS } from './columns.ts'
export {
  codeText,
  type HitForm,
  isAnalyte,
  type Lexicon,
  type TextHit,
  type TextMatcher,
  type TextQuery,
} from './in-text.ts'
export { holds, isWritten, lookUp, replacementsOf, termKey } from './lookup.ts'
export { readDictionary } from './read.ts'
