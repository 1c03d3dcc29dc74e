import { oldestOn, parseDate } from '../dates.ts'
import { shiftDate } from '../shift-date.ts'
import { bindSettled } from './marks.ts'
import { keyedOf, type Method, type Place } from './transform.ts'
import { OLDEST_SHOWN } from './year.ts'

const MOST = 365
const daysOf = (params: Readonly<Record<string, unknown>>): number =>
  typeof params['days'] === 'number' ? params['days'] : 50

/**
 * All dates of one person move by the same number of days, so intervals stay. Removed: dates of nobody (a record that
 * names no one), dates without a day (a year moved by days is that year), and what tells an age over 89.
 */
export const dateShift: Method = {
  name: 'date-shift',
  zh: '日期平移',
  summary: {
    zh: '同一患者的日期平移同样的天数（不超过“天数”，不为 0），间隔不变；无主、无日或推得年龄超过 89 岁者删除',
    en: 'moves all dates of a person by the same days (up to +-days, never 0), so intervals stay; removed where nobody is named, where the day is missing, or where an age over 89 is told',
  },
  kinds: ['date'],
  params: {
    type: 'object',
    properties: {
      days: { type: 'integer', minimum: 7, maximum: MOST, default: 50, description: 'the farthest a date moves' },
      clock: {
        type: 'string',
        enum: ['keep', 'drop'],
        default: 'keep',
        description: 'keep leaves the time of day, which may be known to others; drop leaves the day only',
      },
    },
    additionalProperties: false,
  },
  idempotent: false,
  invents: true,
  needsOwner: true,
  references: false,
  leaves: (level, params) =>
    level * (0.54 - (0.2 * Math.min(daysOf(params), MOST)) / MOST + (params['clock'] === 'drop' ? 0 : 0.03)),
  prepare: (params, _element, effects) => {
    const days = daysOf(params)
    const keyed = keyedOf(effects)
    return bindSettled(dateShift, params, effects, (value: string, place: Place) => {
      if (place.owner === undefined || place.owner === null) return null
      const n = keyed.draw('date-shift', `${days} ${place.owner}`, 2 * days)
      const shifted = shiftDate(place.raw ?? value, n < days ? n - days : n - days + 1, params['clock'] !== 'drop')
      const left = shifted === null ? null : parseDate(shifted)
      const now = parseDate(effects.today())
      const told = left === null || now === null || oldestOn(left, now) > OLDEST_SHOWN
      return told ? null : shifted
    })
  },
}
