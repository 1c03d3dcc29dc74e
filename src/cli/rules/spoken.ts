/** The language a proof is printed in: `--lang`, else English; words come from the one vocabulary. */
import type { Say } from '../../base/fields.ts'
import { type Lang, writtenKey, writtenValue } from '../../base/vocabulary.ts'
import type { Verdict } from '../../mask/proof/verdict.ts'
import { methodByName } from '../../mask/transforms/index.ts'
import { type Io, UsageError } from '../command.ts'

export interface Spoken {
  (sentence: Say): string
  readonly lang: Lang
  /** a method with its parameters, as a cell of a policy is written */
  treatment(method: string, params: Readonly<Record<string, unknown>>): string
  verdict(verdict: Verdict): string
}

const VERDICTS: Readonly<Record<Verdict, Say>> = {
  looser: { zh: '更松', en: 'looser ' },
  tighter: { zh: '更严', en: 'tighter' },
  same: { zh: '不变', en: 'same   ' },
}

/** @param written `zh`, `en` or nothing: then as LANG says */
export function readLang(written: string | undefined, io: Io): Spoken {
  if (written !== undefined && written !== 'zh' && written !== 'en') throw new UsageError('--lang zh or --lang en')
  return spoken(written ?? (/^zh/i.test(io.env['LANG'] ?? '') ? 'zh' : 'en'))
}

export function spoken(lang: Lang): Spoken {
  const say = (sentence: Say): string => sentence[lang]
  return Object.assign(say, {
    lang,
    verdict: (verdict: Verdict) => say(VERDICTS[verdict]),
    treatment: (method: string, params: Readonly<Record<string, unknown>>) => {
      const word = lang === 'zh' ? (methodByName(method)?.zh ?? writtenValue('unknown', method, 'zh')) : method
      const given = Object.entries(params).map(([key, v]) => `${writtenKey('cell', key, lang)}: ${wordOf(v, lang)}`)
      return given.length === 0 ? word : `${word} { ${given.join(', ')} }`
    },
  })
}

function wordOf(value: unknown, lang: Lang): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const word = writtenValue('part', text, lang)
  return word === text ? writtenValue('flag', text, lang) : word
}

/** What decided: a cell, a default, a floor ... */
export const SOURCES = {
  cell: { zh: '单元', en: 'cell' },
  undecided: { zh: '未定处理', en: 'undecided' },
  floor: { zh: '底线', en: 'floor' },
  'level-5': { zh: '底线', en: 'floor' },
  unknown: { zh: '未登记', en: 'unknown' },
  structure: { zh: '结构', en: 'structure' },
  key: { zh: '键', en: 'key' },
} as const
