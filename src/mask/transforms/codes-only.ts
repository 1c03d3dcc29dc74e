import { toolsAlone } from '../text/tools.ts'
import { DICTIONARY_PARAM, dictionariesOf } from './text-params.ts'
import type { Bound, Method } from './transform.ts'

/** Nothing of a text leaves but what the grammar of src/mask/text/grammar.ts admits. */
export const codesOnly: Method = {
  name: 'codes-only',
  zh: '只留术语',
  summary: {
    zh: '只输出字典术语或编码、带单位的数值与否定词；发现任何身份信息则整段扣留',
    en: 'writes dictionary terms or codes, numbers with units and marks of negation only; one identifier withholds all',
  },
  kinds: ['text', 'code', 'number'],
  params: {
    type: 'object',
    properties: { dictionary: DICTIONARY_PARAM },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  prose: true,
  leaves: (level) => level * 0.31,
  prepare: (params, _element, effects): Bound => {
    const alone = toolsAlone(effects)
    const dictionaries = dictionariesOf(params)
    return {
      method: codesOnly,
      params,
      apply: (value, place) => (place.text ?? alone).codes(place.raw ?? value, dictionaries),
      codesOf: dictionaries,
      keeps: false,
    }
  },
}
