import { KINDS } from '../model.ts'
import { NO_PARAMS } from './marks.ts'
import type { Method } from './transform.ts'

export const drop: Method = {
  name: 'drop',
  zh: '删除',
  summary: { zh: '删除字段', en: 'removes the field' },
  kinds: KINDS,
  params: NO_PARAMS,
  idempotent: true,
  references: true,
  leaves: () => 0,
  prepare: (params) => ({ method: drop, params, apply: () => null, drops: true, keeps: false }),
}
