/** The hot road through composites gives what the full one gives: explain always takes the full one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainPayload, maskPayload } from '../../src/mask/index.ts'
import type { Plan } from '../../src/mask/plan.ts'
import { er7, hl7Plan, MSH, NO_HINTS, NO_LIMITS } from './formats/hl7v2-fixtures.ts'

const CELLS = [
  'person-name: mask, address: redact, mobile: mask, resident-id: { method: mask, keep: "1+2" }, record-no: redact',
  'person-name: redact, address: { method: truncate, keep: city }, mobile: drop, resident-id: redact, record-no: drop',
  'person-name: { method: mask, keep: "1+1", length: same }, address: drop, mobile: redact, resident-id: drop, record-no: mask',
]

const planOf = (cells: string): Plan =>
  hl7Plan(`elements: { ${cells} }\nundecided: redact\nunknown: redact\n`, ['hl7v2'])

const NAMES = [
  '张三',
  '张^三丰',
  'John^Smith',
  "O'Neil-^Mary",
  '张^John',
  'ZHANG^SAN^^^^^L^A',
  '张三^^^^^^L^I',
  '无名氏',
  '张**',
  ' 张^三 ',
  '张\\T\\^三',
  '""^三',
  '张&x^三',
  '^三',
  '***',
  '张　^三',
  '王^^^^^^李四^王五',
]
const ADDRESSES = [
  '重庆市渝中区示例路10号^^重庆市^重庆市',
  '示例路10号&2^^苏州市^江苏省^215000^CHN^H',
  '***',
  '^^^^^CHN',
  'x^y',
]
const PHONES = ['13812345678', '13812345678^PRN^CP', '^PRN^PH^^86^023^68765432', '^WPN^CP^a@b.cn', 'abc', '138****5678']
const NUMBERS = [
  '500103199003070025^^^MPS^NNCHN',
  '00123456^^^H0001^MR',
  '1^2^3^4^5',
  '5***************25',
  '500103199003070025',
]

test('the same bytes and the same counts on both roads', () => {
  let seed = 11
  const pick = <T>(list: readonly T[]): T => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return list[(seed >>> 8) % list.length]!
  }
  const some = (list: readonly string[]): string =>
    Array.from({ length: pick([1, 1, 2, 3]) }, () => pick(list)).join('~')
  for (const plan of CELLS.map(planOf))
    for (let round = 0; round < 300; round++) {
      const pid = `PID|1||${some(NUMBERS)}||${some(NAMES)}||19900307|F|||${some(ADDRESSES)}||${some(PHONES)}|${some(PHONES)}`
      const source = Buffer.from(er7(MSH, pid, `NK1|1|${some(NAMES)}||${some(ADDRESSES)}|${some(PHONES)}`))
      const fast = maskPayload(plan, source, NO_HINTS, NO_LIMITS)
      const full = explainPayload(plan, source, NO_HINTS, NO_LIMITS)
      assert.equal(fast.body.toString(), full.body.toString(), source.toString())
      assert.deepEqual(fast.counts, full.counts, source.toString())
    }
})
