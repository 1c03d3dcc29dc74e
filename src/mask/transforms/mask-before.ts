import { hideBeside } from '../masks/range.ts'
import { bindPlaces, checkPlaces, PLACE_KINDS } from './by-place.ts'
import type { Method } from './transform.ts'

export const maskBefore: Method = {
  name: 'mask-before',
  zh: '符前掩码',
  summary: {
    zh: '以 *** 代替首个标记符之前的内容；没有标记符时全部遮盖',
    en: '*** instead of all before the mark; a value without one is hidden whole',
  },
  kinds: PLACE_KINDS,
  params: {
    type: 'object',
    properties: {
      mark: { type: 'string', pattern: '^[^*]{1,16}$', description: 'a text without *; its first place counts' },
    },
    required: ['mark'],
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level) => level * 0.55,
  check: (params, element) => checkPlaces(params, element, () => null),
  prepare: (params, element, effects) => {
    const mark = String(params['mark'])
    return bindPlaces(maskBefore, params, element, effects, (value) => hideBeside(value, mark, 'before'))
  },
}
