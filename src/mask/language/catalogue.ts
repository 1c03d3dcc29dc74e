/** What the house offers a rules file: methods, detectors, formats. An argument, so that tests can add a method. */
import type { Lang } from '../../base/vocabulary.ts'
import { DETECTORS } from '../detectors/index.ts'
import type { Format } from '../formats/format.ts'
import { FORMATS } from '../formats/index.ts'
import type { FormatName } from '../model.ts'
import { METHODS } from '../transforms/index.ts'
import type { Method } from '../transforms/transform.ts'

export interface Catalogue {
  /** by English name */
  readonly methods: ReadonlyMap<string, Method>
  readonly detectors: ReadonlySet<string>
  readonly formats: ReadonlyMap<FormatName, Pick<Format, 'check' | 'conflicts'>>
}

export const SHIPPED: Catalogue = {
  methods: new Map(METHODS.map((m) => [m.name, m])),
  detectors: new Set(DETECTORS.map((d) => d.name)),
  formats: FORMATS,
}

/** The method a written word stands for, in either language. */
export function methodNamed(catalogue: Catalogue, written: string): Method | undefined {
  const direct = catalogue.methods.get(written)
  if (direct !== undefined) return direct
  for (const method of catalogue.methods.values()) if (method.zh === written) return method
  return undefined
}

export const methodWords = (catalogue: Catalogue, lang: Lang): string[] =>
  [...catalogue.methods.values()].map((m) => (lang === 'zh' ? m.zh : m.name))
