import { bindSettled, NO_PARAMS } from './marks.ts'
import type { Method } from './transform.ts'
import { truncateDate } from './year.ts'

export const month: Method = {
  name: 'month',
  zh: '年月',
  summary: {
    zh: '日期只留年月；推得年龄超过 89 岁者删除',
    en: 'keeps year and month of a date; removed where they tell an age over 89',
  },
  kinds: ['date'],
  params: NO_PARAMS,
  idempotent: true,
  references: false,
  leaves: (level) => level * 0.55,
  prepare: (params, _element, effects) =>
    bindSettled(month, params, effects, (value) => truncateDate(value, 'month', effects.today())),
}
