/**
 * The bilingual vocabulary of the rules: every key has one English and one Chinese word, and which pair it is depends
 * on where it stands (`elements` of a policy is 脱敏, of elements.yaml 数据元). words.ts holds the table; this file
 * looks words up. Readers and `rules fmt` share it, so no word is written twice.
 */
import type { Child, Word } from './word.ts'
import { VALUES, WORDS } from './words.ts'

export type { Child } from './word.ts'
export type Lang = 'zh' | 'en'
export type Context = keyof typeof WORDS
export type Key<C extends Context> = keyof (typeof WORDS)[C] & string
export type ValueSet = keyof typeof VALUES

/** Words that are defined elsewhere: element ids in elements.yaml, methods in their own files. */
export type DynamicSet = 'element' | 'method'

/** English -> Chinese of the words that are not in the table, by set. */
export type Glossary = Readonly<Partial<Record<DynamicSet, ReadonlyMap<string, string>>>>

export const HAN = /\p{Script=Han}/u

/** Keys of a context in the table's order, in a language. */
export function keysOf(context: Context, lang: Lang): string[] {
  return Object.entries(WORDS[context] as Record<string, Word>).map(([en, word]) => (lang === 'en' ? en : zhOf(word)))
}

/** The English key a written key stands for, in either language; undefined when the context does not know it. */
export function englishKey(context: Context, written: string): string | undefined {
  return reverse(context).get(written.normalize('NFKC').trim())
}

export function writtenKey(context: Context, key: string, lang: Lang): string {
  if (lang === 'en') return key
  const word = (WORDS[context] as Record<string, Word>)[key]
  return word === undefined ? key : zhOf(word)
}

export function childOf(context: Context, key: string): Child | null {
  const word = (WORDS[context] as Record<string, Word>)[key]
  return word === undefined || typeof word === 'string' ? null : word[1]
}

export const CONTEXTS = Object.keys(WORDS) as readonly Context[]

/** Keys of a context that hold maps of another one, directly or item by item. */
export function contextsBelow(context: Context): readonly (readonly [key: string, child: Context])[] {
  return Object.keys(WORDS[context]).flatMap((key) => {
    const child = childOf(context, key)
    const map = child?.map ?? child?.list?.map ?? child?.each?.map
    return map !== undefined && isContext(map) ? [[key, map] as const] : []
  })
}

/** The English value a written value stands for; undefined when the set does not know it. */
export function englishValue(set: ValueSet, written: string): string | undefined {
  const table: Readonly<Record<string, string>> = VALUES[set]
  const plain = written.normalize('NFKC').trim()
  if (Object.hasOwn(table, plain)) return plain
  return Object.keys(table).find((en) => table[en] === plain)
}

export function writtenValue(set: ValueSet, value: string, lang: Lang): string {
  const table: Readonly<Record<string, string>> = VALUES[set]
  return lang === 'en' || !Object.hasOwn(table, value) ? value : table[value]!
}

export const valuesOf = (set: ValueSet): string[] => Object.keys(VALUES[set])

export const isValueSet = (name: string): name is ValueSet => Object.hasOwn(VALUES, name)
export const isContext = (name: string): name is Context => Object.hasOwn(WORDS, name)

/**
 * The language a rules file is written in: that of its first key at the left margin. Works on broken YAML too, so that
 * syntax errors can be told in the file's language.
 */
export function languageOf(text: string): Lang {
  const first = /^(?:-[ \t]+)?["']?([^\s#:：'"-][^:：#\n]*)/mu.exec(text)
  return first !== null && HAN.test(first[1]!) ? 'zh' : 'en'
}

const zhOf = (word: Word): string => (typeof word === 'string' ? word : word[0])

const reversed = new Map<Context, ReadonlyMap<string, string>>()
function reverse(context: Context): ReadonlyMap<string, string> {
  let map = reversed.get(context)
  if (map === undefined) {
    const made = new Map<string, string>()
    for (const [en, word] of Object.entries(WORDS[context] as Record<string, Word>)) {
      made.set(en, en)
      made.set(zhOf(word), en)
    }
    reversed.set(context, (map = made))
  }
  return map
}
