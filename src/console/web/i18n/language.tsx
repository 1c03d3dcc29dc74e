/** The language of the screen: chosen once, kept in this browser, switched without a reload and without losing work. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { CATALOGUES, type Key } from './catalogue.ts'
import { fill } from './fill.ts'

export type Lang = 'zh' | 'en'
export type Say = (key: Key, values?: Record<string, string | number>) => string

interface Language {
  readonly lang: Lang
  readonly setLang: (lang: Lang) => void
  readonly t: Say
  /** The word for something the server names, or undefined when the catalogue has none. */
  readonly word: (key: string) => string | undefined
  /** The text of this language out of a pair the server sent. */
  readonly pick: (pair: { zh?: string; en?: string } | undefined) => string
  /** in the deployment's zone, as records and reports have it: the reader's machine may stand in another */
  readonly moment: (value: string | number | undefined) => string
  /** 1,048,576 */
  readonly count: (value: number) => string
  readonly setZone: (zone: string) => void
}

const STORED = 'veilgate-language'

const LanguageContext = createContext<Language | null>(null)

function initial(): Lang {
  const stored = window.localStorage.getItem(STORED)
  if (stored === 'zh' || stored === 'en') return stored
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh'
}

const FORMAT: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(initial)
  const [zone, setZone] = useState<string | undefined>(undefined)
  useEffect(() => {
    window.localStorage.setItem(STORED, lang)
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
    document.title = CATALOGUES[lang]['app.title']
  }, [lang])
  const value = useMemo<Language>(() => {
    const format = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { ...FORMAT, timeZone: zone })
    return {
      lang,
      setLang,
      t: (key, values) => fill(CATALOGUES[lang][key], values),
      word: (key) => (CATALOGUES[lang] as Readonly<Record<string, string>>)[key],
      pick: (pair) => pair?.[lang] ?? pair?.zh ?? pair?.en ?? '',
      moment: (when) => (when === undefined || when === '' ? '–' : format.format(new Date(when))),
      count: (value) => value.toLocaleString(lang === 'zh' ? 'zh-CN' : 'en-GB'),
      setZone,
    }
  }, [lang, zone])
  return <LanguageContext value={value}>{children}</LanguageContext>
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext)
  if (language === null) throw new Error('no language around this part')
  return language
}
