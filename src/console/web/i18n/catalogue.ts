/** Every text of the screens, one file a language; the types hold both to the same keys. Names are page and place. */
import en from './en.json'
import zh from './zh.json'

export type Key = keyof typeof zh

export const CATALOGUES: { readonly zh: Readonly<Record<Key, string>>; readonly en: Readonly<Record<Key, string>> } = {
  zh,
  en,
}
