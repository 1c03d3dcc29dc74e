import { hideEnds } from '../masks/range.ts'
import { bindPlaces, CHAR, charOf, checkPlaces, ends, leftOfHidden, PLACE_KINDS, place } from './by-place.ts'
import type { Method } from './transform.ts'

export const maskEnds: Method = {
  name: 'mask-ends',
  zh: '首尾掩码',
  summary: {
    zh: '遮盖“前几位”与“后几位”，中间显示；值不足时全部遮盖',
    en: 'hides the first and last characters and shows the middle; a shorter value is hidden whole',
  },
  kinds: PLACE_KINDS,
  params: {
    type: 'object',
    properties: {
      first: place('leading characters hidden', 0),
      last: place('trailing characters hidden', 0),
      char: CHAR,
    },
    required: ['first', 'last'],
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) => level * leftOfHidden(ends(params)),
  check: (params, element) => checkPlaces(params, element, () => ends(params)),
  prepare: (params, element, effects) => {
    const [first, last] = [Number(params['first']), Number(params['last'])]
    return bindPlaces(maskEnds, params, element, effects, (value) => hideEnds(value, first, last, charOf(params)))
  },
}
