import { KINDS } from '../model.ts'
import { NO_PARAMS } from './marks.ts'
import type { Method } from './transform.ts'

export const keep: Method = {
  name: 'keep',
  zh: '保留',
  summary: { zh: '原样保留', en: 'leaves the value as it is' },
  kinds: KINDS,
  params: NO_PARAMS,
  idempotent: true,
  references: true,
  leaves: (level) => level,
  prepare: (params) => ({ method: keep, params, apply: (value) => value, keeps: true }),
}
