import { parseResidentId } from '../resident-id.ts'
import { type Detector, spansOf } from './detector.ts'

const DIGITS = /(?<!\d|\d\.)[3-6](?:[ -]{0,2}\d){14,18}(?!\d)/g
/** UnionPay 62 (16 to 19 digits), ICBC 9558 (19), Visa 4, MasterCard 51-55 and 2221-2720, Discover 6011 and 65, JCB 35, Amex 34 and 37 */
const PREFIX = /^(?:62\d{14,17}|9558\d{15}|4\d{15}|5[1-5]\d{14}|6011\d{12}|65\d{14}|35\d{14}|3[47]\d{13})$/
const LETTER = /[A-Za-z]/
const CONTEXT = /卡号|信用卡|储蓄卡|借记卡|账号|帐号|账户|帐户|银行|card|account/i

/** ISO/IEC 7812-1 annex B (Luhn). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const d = digits.charCodeAt(i) - 48
    sum += double ? (d > 4 ? d * 2 - 9 : d * 2) : d
  }
  return sum % 10 === 0
}

/** A tenth of all digit runs pass Luhn, so a known issuer prefix or a word that names an account is asked for too. */
export const bankCard: Detector = {
  name: 'bank-card',
  zh: '银行卡号',
  element: 'bank-card',
  needs: 0,
  digits: 15,
  find: (text) => {
    const named = CONTEXT.test(text)
    return spansOf(DIGITS, text, (m, at) => {
      const digits = m.replace(/[ -]/g, '')
      if (!passesLuhn(digits)) return false
      // Without a word beside it, digits inside a longer code of letters are somebody's product or order number.
      if (!named && (!PREFIX.test(digits) || LETTER.test(text.charAt(at - 1)))) return false
      return parseResidentId(digits)?.checked !== true
    })
  },
}
