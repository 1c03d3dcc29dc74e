/** Telephone numbers of China (YD/T numbering): one canonical spelling, and the areas of landline numbers. */
import { plainDashes } from './normal.ts'

const EXTENSION = /(?:-|转|ext\.?\s*|;ext=|[#x,])(\d{1,6})$/i
const LANDLINE = /^0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}$/
const MOBILE = /^1[3-9]\d{9}$/

export const isMobile = (value: string): boolean => MOBILE.test(value)

/** Length of the area code of a canonical landline number: 010 and 02x have three digits, all others four. */
export const areaLength = (value: string): 3 | 4 => (/^0(?:10|2\d)/.test(value) ? 3 : 4)

/** Splits `02368765432` or `02368765432-801`; null when it is no landline number. */
export function parseLandline(value: string): { area: string; local: string } | null {
  const dash = value.indexOf('-')
  const base = dash < 0 ? value : value.slice(0, dash)
  if (!LANDLINE.test(base) || (dash >= 0 && !/^\d{1,6}$/.test(value.slice(dash + 1)))) return null
  const n = areaLength(base)
  return { area: base.slice(0, n), local: base.slice(n) }
}

/**
 * Without tel:, +86, 0086, blanks, hyphens, dots and brackets, a mobile without the nought before it; landlines with area code and leading 0; an extension
 * after one hyphen. What is no telephone number comes back as it was.
 */
export function canonicalPhone(text: string): string {
  if (MOBILE.test(text)) return text
  const bare = plainDashes(text).replace(/^tel:/i, '').trim()
  const m = EXTENSION.exec(bare)
  if (m !== null) {
    const base = national(bare.slice(0, m.index))
    if (LANDLINE.test(base)) return `${base}-${m[1]}`
  }
  return national(bare)
}

function national(text: string): string {
  const digits = text.replace(/[\s\-.()/]/g, '')
  // Letters mean it is no number: a token or a remark, whose blanks and dots stay.
  if (!/^\+?[\d*?X]+$/.test(digits)) return text
  const inland = digits.replace(/^(?:\+86|0086)/, '')
  if (MOBILE.test(inland)) return inland
  const short = inland.replace(/^(?:86|0)/, '')
  if (MOBILE.test(short)) return short
  return inland !== digits && /^[1-9]\d{8,10}$/.test(inland) && LANDLINE.test(`0${inland}`) ? `0${inland}` : inland
}
