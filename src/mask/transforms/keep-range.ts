import { showRange } from '../masks/range.ts'
import { bindPlaces, CHAR, charOf, checkPlaces, leftOfShown, PLACE_KINDS, place, span } from './by-place.ts'
import type { Method } from './transform.ts'

export const keepRange: Method = {
  name: 'keep-range',
  zh: '区间保留',
  summary: {
    zh: '只显示从“起位”到“止位”的字符；值不长于该区间时全部遮盖',
    en: 'shows the characters from..to only; a value no longer than that is hidden whole',
  },
  kinds: PLACE_KINDS,
  params: {
    type: 'object',
    properties: {
      from: place('first character shown, counted from 1', 1),
      to: place('last character shown', 1),
      char: CHAR,
    },
    required: ['from', 'to'],
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) => level * leftOfShown(span(params)),
  check: (params, element) => checkPlaces(params, element, (length) => length - span(params)),
  prepare: (params, element, effects) => {
    const [from, to] = [Number(params['from']), Number(params['to'])]
    return bindPlaces(keepRange, params, element, effects, (value) => showRange(value, from, to, charOf(params)))
  },
}
