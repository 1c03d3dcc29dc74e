/** Names people know for the identifiers of the rules; what is not known shows its identifier. */
import { useMemo } from 'react'
import { KNOWN } from './known.ts'
import { useLanguage } from './language.tsx'

export interface Names {
  readonly role: (id: string) => string
  readonly scenario: (id: string) => string
  readonly group: (id: string) => string
  /** 诊断 diagnosis, or diagnosis */
  readonly dictionary: (id: string) => string
  /** 手机号, or mobile */
  readonly element: (id: string, zh: string) => string
}

export function useNames(): Names {
  const { lang } = useLanguage()
  return useMemo(() => {
    const known = (kind: keyof typeof KNOWN) => (id: string) => (lang === 'zh' ? (KNOWN[kind][id] ?? id) : id)
    return {
      role: known('role'),
      scenario: known('scenario'),
      group: known('group'),
      dictionary: (id) => (lang === 'zh' && KNOWN.dictionary[id] !== undefined ? `${KNOWN.dictionary[id]} ${id}` : id),
      element: (id, zh) => (lang === 'zh' && zh !== '' ? zh : id),
    }
  }, [lang])
}
