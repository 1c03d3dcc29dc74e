import { truncateAddress } from '../regions.ts'
import { bindSettled } from './marks.ts'
import type { Method } from './transform.ts'

export const truncate: Method = {
  name: 'truncate',
  zh: '截断',
  summary: { zh: '地址只留省或省市，其余以 *** 代替', en: 'keeps province, or province and city, of an address' },
  kinds: ['address'],
  params: {
    type: 'object',
    properties: {
      keep: { type: 'string', enum: ['province', 'city'], default: 'city', description: 'the narrowest part kept' },
    },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) => level * (params['keep'] === 'province' ? 0.35 : 0.5),
  prepare: (params, _element, effects) => {
    const keep = params['keep'] === 'province' ? 'province' : 'city'
    return bindSettled(truncate, params, effects, (value) => truncateAddress(value, keep))
  },
}
