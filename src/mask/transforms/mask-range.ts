import { hideRange } from '../masks/range.ts'
import { bindPlaces, CHAR, charOf, checkPlaces, leftOfHidden, PLACE_KINDS, place, span } from './by-place.ts'
import type { Method } from './transform.ts'

export const maskRange: Method = {
  name: 'mask-range',
  zh: '区间掩码',
  summary: {
    zh: '遮盖从“起位”到“止位”的字符，其余显示；值短于“止位”时全部遮盖',
    en: 'hides the characters from..to and shows the others; a shorter value is hidden whole',
  },
  kinds: PLACE_KINDS,
  params: {
    type: 'object',
    properties: {
      from: place('first hidden character, counted from 1', 1),
      to: place('last hidden character', 1),
      char: CHAR,
    },
    required: ['from', 'to'],
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) => level * leftOfHidden(span(params)),
  check: (params, element) => checkPlaces(params, element, () => span(params)),
  prepare: (params, element, effects) => {
    const [from, to] = [Number(params['from']), Number(params['to'])]
    return bindPlaces(maskRange, params, element, effects, (value) => hideRange(value, from, to, charOf(params)))
  },
}
