/** What becomes of a value, in the words of the rules: the method, its parameters, and how much of it leaves. */
import { useLanguage } from '../i18n/language.tsx'
import type { Ground } from './use-ground.ts'

export interface Treated {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

export function useTreatment({ rules, lexicon }: Ground): (cell: Treated) => string {
  const { lang } = useLanguage()
  return (cell) => {
    const method = rules.methods.find((each) => each.name === cell.method)
    const declared = (method?.params['properties'] ?? {}) as Readonly<Record<string, { default?: unknown }>>
    const details = Object.entries(cell.params)
      // what the method does anyway says nothing
      .filter(([key, value]) => declared[key]?.default !== value)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(
        ([key, value]) => `${lexicon.label('cell', key, lang)} ${lexicon.valueLabel('cell', key, said(value), lang)}`,
      )
      .join(' · ')
    const name = lang === 'zh' ? (method?.zh ?? cell.method) : cell.method
    return details === '' ? name : `${name} ${details}`
  }
}

/** Nothing a comparison is about may be left out: what is no word stands as it is written. */
const said = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** The class of a treatment's ground colour: what leaves, from nothing to everything. */
export const leavesClass = (leaves: number): string => `leaves-${Math.ceil(Math.max(0, Math.min(5, leaves)))}`
