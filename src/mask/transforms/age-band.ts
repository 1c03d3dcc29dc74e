import { type DateParts, oldestOn, parseDate } from '../dates.ts'
import { ageAt, birthOf, yearsOn } from '../kinds.ts'
import type { Kind } from '../model.ts'
import { bindSettled, MARK } from './marks.ts'
import type { Method } from './transform.ts'

const INFANT = '<1岁'
const OLDEST = 130

/** `35-39岁`, `<1岁`, `90岁及以上`. The lowest band begins at 1, the highest ends below `top`. */
export function bandOf(age: number, width: number, top: number): string {
  if (age < 1) return INFANT
  if (age >= top) return `${top}岁及以上`
  const low = Math.floor(age / width) * width
  return `${Math.max(1, low)}-${Math.min(low + width, top) - 1}岁`
}

/** Is the text exactly what these parameters write? */
function isBand(text: string, width: number, top: number): boolean {
  // Every band ends in a Han character, what one is made of hardly ever.
  if (text.charCodeAt(text.length - 1) < 0x80) return false
  if (text === INFANT || text === `${top}岁及以上`) return true
  const m = /^(\d{1,3})-\d{1,3}岁$/.exec(text)
  return m !== null && Number(m[1]) < top && bandOf(Number(m[1]), width, top) === text
}

let lastDay = ''
let lastParts: DateParts | null = null

/** The day of the call, which is nearly always the one asked for before. */
function dayOf(today: string): DateParts | null {
  if (today !== lastDay) {
    lastParts = parseDate(today)
    lastDay = today
  }
  return lastParts
}

function bandOfValue(kind: Kind, value: string, width: number, top: number, today: string): string {
  if (isBand(value, width, top)) return value
  const birth = birthOf(kind, value)
  const now = dayOf(today)
  const age = birth === null || now === null ? ageAt(kind, value, today) : yearsOn(birth, now)
  if (age === null || age > OLDEST) return MARK
  if (birth !== null && now !== null) {
    // Born after the day of the call: a typing error, whose age would be an invention.
    if (oldestOn(birth, now) < 0) return MARK
    if (oldestOn(birth, now) >= top) return `${top}岁及以上`
  }
  return bandOf(age, width, top)
}

export const ageBand: Method = {
  name: 'age-band',
  zh: '年龄段',
  summary: {
    zh: '年龄、出生日期或身份证号化为年龄段（5 或 10 岁一段，90 岁及以上合并，婴儿 <1岁）',
    en: 'age, birth date or resident ID as a band of ages (5 or 10 years, top-coded, infants below 1)',
  },
  kinds: ['age', 'date', 'identifier'],
  params: {
    type: 'object',
    properties: {
      width: { type: 'integer', enum: [5, 10], default: 5, description: 'years in a band' },
      top: { type: 'integer', minimum: 60, maximum: 90, default: 90, description: 'ages from here on are one band' },
    },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) =>
    level * (0.3 + (params['width'] === 10 ? 0 : 0.05) + (Number(params['top'] ?? 90) - 60) * 0.0005),
  check: (_params, element) =>
    element.kind === 'identifier' && element.id !== 'resident-id'
      ? [`${element.id} holds no birth date; age-band takes age, birth-date or resident-id`]
      : [],
  prepare: (params, element, effects) => {
    const width = params['width'] === 10 ? 10 : 5
    const top = typeof params['top'] === 'number' ? params['top'] : 90
    return bindSettled(ageBand, params, effects, (value) =>
      bandOfValue(element.kind, value, width, top, effects.today()),
    )
  },
}
