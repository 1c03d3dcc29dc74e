import { parseResidentId } from '../resident-id.ts'
import { type Detector, spansOf } from './detector.ts'

const DIGITS = /(?<!\d|\d\.)[3-9]\d(?:[ -]?\d){13,17}(?!\d)/g
/** UnionPay 62 (16 to 19 digits), ICBC 9558 (19), Visa 4, MasterCard 51-55 and 2221-2720, JCB 35, Amex 34 and 37 */
const PREFIX = /^(?:62\d{14,17}|9558\d{15}|4\d{15}|5[1-5]\d{14}|35\d{14}|3[47]\d{13})$/
const CONTEXT = /卡号|账号|帐号|账户|帐户|银行|card|account/i

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
  may: (text) => /\d(?:[ -]?\d){14}/.test(text),
  find: (text) => {
    const named = CONTEXT.test(text)
    return spansOf(DIGITS, text, (m) => {
      const digits = m.replace(/[ -]/g, '')
      if (!passesLuhn(digits) || (!named && !PREFIX.test(digits))) return false
      return parseResidentId(digits)?.checked !== true
    })
  },
}
