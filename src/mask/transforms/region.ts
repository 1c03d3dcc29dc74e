import { isRegionName, regionName } from '../regions.ts'
import { parseResidentId } from '../resident-id.ts'
import { bindSettled, MARK } from './marks.ts'
import type { Method } from './transform.ts'

/** The region that issued the first card; for a foreign permanent resident card (leading 9) none is told. */
function regionOf(value: string, keep: 'province' | 'city'): string {
  if (isRegionName(value, keep)) return value
  const id = parseResidentId(value)
  if (id === null || (id.length === 18 && !id.checked)) return MARK
  return regionName(id.region, keep) ?? MARK
}

export const region: Method = {
  name: 'region',
  zh: '地区',
  summary: { zh: '身份证号化为省或省市名称', en: 'province, or province and city, in a resident ID' },
  kinds: ['identifier'],
  params: {
    type: 'object',
    properties: {
      keep: {
        type: 'string',
        enum: ['province', 'city'],
        default: 'province',
        description: 'the narrowest part given',
      },
    },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) => level * (params['keep'] === 'city' ? 0.3 : 0.2),
  check: (_params, element) =>
    element.id === 'resident-id' ? [] : [`${element.id} holds no region; region takes resident-id`],
  prepare: (params, _element, effects) => {
    const keep = params['keep'] === 'city' ? 'city' : 'province'
    return bindSettled(region, params, effects, (value) => regionOf(value, keep))
  },
}
