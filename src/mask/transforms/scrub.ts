import { toolsAlone } from '../text/tools.ts'
import { DICTIONARY_PARAM, dictionariesOf } from './text-params.ts'
import type { Bound, Method } from './transform.ts'

/** Text stays but for identifiers (detectors, then values known from fields of the payload) and the dictionaries' terms. */
export const scrub: Method = {
  name: 'scrub',
  zh: '识别清洗',
  summary: {
    zh: '保留文字，其中识别出的身份信息按本策略各自处理，可再按字典替换术语',
    en: 'keeps a text, treats the identifiers found in it as this policy treats their elements, replaces dictionary terms',
  },
  kinds: ['text', 'code'],
  params: {
    type: 'object',
    properties: { dictionary: DICTIONARY_PARAM },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  prose: true,
  leaves: (level, params) => level * (params['dictionary'] === undefined ? 0.92 : 0.9),
  prepare: (params, _element, effects): Bound => {
    const alone = toolsAlone(effects)
    const dictionaries = dictionariesOf(params) ?? []
    return {
      method: scrub,
      params,
      apply: (value, place) => {
        const text = (place.text ?? alone).scrub(place.raw ?? value, dictionaries)
        return text === '' ? null : text
      },
      keeps: false,
    }
  },
}
