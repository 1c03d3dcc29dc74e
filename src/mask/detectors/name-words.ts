/** What the detectors of names share: the words of data/name-context.json as patterns, and what a name looks like. */
import words from '../../../data/name-context.json' with { type: 'json' }
import { isCompoundSurname, isSurnamed } from '../surnames.ts'

const oneOf = (list: string): string =>
  list
    .split(' ')
    .toSorted((a, b) => b.length - a.length)
    .join('|')

const listOf = (list: string): readonly string[] => list.split(' ')
export const LABEL_LIST = listOf(words.labels)
export const PERSON_LIST = listOf(words.person)
export const STAFF_LIST = listOf(words.staff)

/** labels of a field that holds a name; words that announce a person; those of signature lines; titles after a name */
export const LABELS = oneOf(words.labels)
export const PERSON_WORDS = oneOf(words.person)
export const STAFF_WORDS = oneOf(words.staff)
export const TITLES = oneOf(words.titles)

/** A Han name as the one group: transcribed with middle dots, or two to four characters, where a name may end. */
export const NAME = `(\\p{Script=Han}{1,10}(?:·\\p{Script=Han}{1,10}){1,4}|\\p{Script=Han}{2,4}?)(?=[,.;。、\\s()/<>]|\\d|${oneOf(words.follow)}|$)`

/** The same after a label and its colon, where only what ends a field ends a name. */
export const LABELLED =
  '(\\p{Script=Han}{1,10}(?:·\\p{Script=Han}{1,10}){1,4}|\\p{Script=Han}{2,4})(?=[,.;。、\\s()/<>]|$)'

/** words that follow 患者, 病人, 家属 in any note, by what they begin with */
const STOP = new RegExp(`^(?:${oneOf(words.stop)})`)

/** A label says that a name follows: any two to four characters but words of a sentence. */
export const isLabelled = (name: string): boolean => !STOP.test(name)

/** Begins with a known surname and no stop word; four characters with a compound surname only. */
export const isName = (name: string): boolean => {
  if (name.includes('·')) return true
  if (STOP.test(name) || !isSurnamed(name)) return false
  return name.length < 4 || isCompoundSurname(name.slice(0, 2))
}
