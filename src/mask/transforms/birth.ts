import { formatDate, parseDate } from '../dates.ts'
import { birthOf } from '../kinds.ts'
import { bindSettled, MARK, NO_PARAMS } from './marks.ts'
import type { Method } from './transform.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/

export const birth: Method = {
  name: 'birth',
  zh: '出生日期',
  summary: { zh: '身份证号化为出生日期（1990-03-07）', en: 'the birth date in a resident ID' },
  kinds: ['identifier'],
  params: NO_PARAMS,
  idempotent: true,
  references: false,
  leaves: (level) => level * 0.65,
  check: (_params, element) =>
    element.id === 'resident-id' ? [] : [`${element.id} holds no birth date; birth takes resident-id`],
  prepare: (params, _element, effects) =>
    bindSettled(birth, params, effects, (value) => {
      if (DAY.test(value) && parseDate(value) !== null) return value
      const date = birthOf('identifier', value)
      return date === null ? MARK : formatDate(date)
    }),
}
