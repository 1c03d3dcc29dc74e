import { bindSettled, MARK, NO_PARAMS } from './marks.ts'
import { categoryOf } from './substitute.ts'
import type { Method } from './transform.ts'

/** Code and text of one coding come to the same end: the category of the code. */
export const categoryCode: Method = {
  name: 'category-code',
  zh: '类目编码',
  summary: {
    zh: '诊断或手术编码只留类目（C34.900x001 → C34），文字也以类目代替；不是 ICD 编码者遮蔽',
    en: 'the category of an ICD-10 or ICD-9-CM-3 code (C34.900x001 -> C34), in place of its text too; what is none is hidden',
  },
  kinds: ['code', 'text'],
  params: NO_PARAMS,
  idempotent: true,
  references: false,
  leaves: (level) => level * 0.41,
  prepare: (params, _element, effects) =>
    bindSettled(categoryCode, params, effects, (value, place) =>
      place.role === 'code' ? categoryOf(value) : (categoryOf(place.companion ?? value) ?? MARK),
    ),
}
