/**
 * Values are judged by their bytes where these tell for certain, and known values wait for a text that holds their
 * beginning. Escaped in JSON the same values go the long roads, and under `explain` every leaf does: what comes out is
 * the same.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainPayload, maskPayload, NO_HINTS, type Plan } from '../../../src/mask/index.ts'
import { scaled } from '../../fixtures/scale.ts'
import { chance } from '../fixtures.ts'
import { planFor } from './fixture.ts'

const LIMITS = { maxDepth: 128, maxBytes: 1 << 24 }
const NAMES = ['张三', '张三丰', '欧阳娜娜', '李四之女', 'John Smith', '阿卜杜·热合曼', '未知', '王 菲', '徐𠮷']
const NUMBERS = [
  '500103199003070025',
  '50010319900307002x',
  'ZY20260001',
  '00123456',
  '12345',
  'AB-12',
  '１２３４５６７',
]
const PHONES = ['13812345678', '023-68765432', '138 1234 5678', '+8613812345678', '68765432', ' ', '\u200b', '　1']
const PLACES = [
  '重庆市渝中区示例路10号1单元',
  '江苏省苏州市昆山市花桥镇示例大道5号',
  '广东省深圳市 南山区示例街3-2号',
  '某地',
]
const DAYS = [
  '1990-03-07',
  '19900307',
  '2015-05-05',
  '0999-01-01',
  '1990-03-07 08:00:00',
  '2026-02-30',
  '2026-08-27 25:00:00',
]
const CODES = [
  '血红蛋白',
  'g/L',
  'μmol/L',
  '10^9/L',
  '患者',
  '京A12345',
  '号12',
  'a@b.cn',
  '男',
  '子女',
  '5μg',
  '115-150',
  '[1]',
  '',
]
const RESULTS = ['118.5', '012', '1.', '<0.5', '1234567', '12345.6', '阴性', '阳性', 'B20.1', 5, 1e21, -3, null, true]
const SAID = [
  '，',
  '。',
  ' ',
  '\n',
  '-',
  '123456',
  '否认肺结核',
  '艾滋病',
  '梅毒抗体阴性',
  '癌症',
  '血红蛋白 132',
  '家住',
  '渝中区',
  '路10号',
  '1990年3月7日',
  '19900307',
  '号',
  'HGB 118 g/L',
  '无发热',
  '甲状腺结节',
  'no ',
  'ＺＹ20260001',
  '1381234',
  '　',
  '\u2028',
  '①',
  '𠮷',
  'ﬁ',
  '\u200b',
  'é\u0301',
]

type Pick = (n: number) => number
const one = <T>(pick: Pick, list: readonly T[]): T => list[pick(list.length)]!
const anyValue = (pick: Pick): string => one(pick, one(pick, [NAMES, NUMBERS, PHONES, PLACES, DAYS]))
const textOf = (pick: Pick): string =>
  Array.from({ length: 1 + pick(9) }, () => (pick(3) === 0 ? anyValue(pick) : one(pick, SAID))).join('')

const rowOf = (pick: Pick) => ({
  brxm: one(pick, NAMES),
  sfzh: one(pick, NUMBERS),
  csrq: one(pick, DAYS),
  lxdh: one(pick, PHONES),
  jtdz: one(pick, PLACES),
  zyh: one(pick, NUMBERS),
  xb: one(pick, CODES),
  rysj: one(pick, DAYS),
  ksmc: one(pick, ['精神科', '内科', '{"a":"b"}', 'ey', 'ZY20260001']),
  ypmc: one(pick, ['思密达', '拉米夫定片', 'Olanzapine']),
  results: [{ xmmc: one(pick, ['HBsAg', 'HIV-RNA', ...CODES]), jgz: one(pick, RESULTS), jldw: one(pick, CODES) }],
  bgnr: textOf(pick),
  bz: textOf(pick),
  [`foo${pick(3)}`]: textOf(pick),
})

/** JSON in which every character of every text is an escape: no value is its bytes. */
function escaped(value: unknown): string {
  if (typeof value === 'string')
    return `"${value.replace(/[\s\S]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
  if (Array.isArray(value)) return `[${value.map(escaped).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${escaped(item)}`)}}`
}

const plans: readonly Plan[] = [planFor('outside', 'json'), planFor('inside', 'json')]

test('plain and escaped values, explained and not: one result', () => {
  const pick = chance(21)
  let changed = 0
  for (let i = 0; i < scaled(5000, 300); i++) {
    const document = { list: Array.from({ length: 1 + pick(4) }, () => rowOf(pick)) }
    const plain = Buffer.from(JSON.stringify(document))
    for (const plan of plans) {
      const short = maskPayload(plan, plain, NO_HINTS, LIMITS)
      const long = maskPayload(plan, Buffer.from(escaped(document)), NO_HINTS, LIMITS)
      const told = explainPayload(plan, plain, NO_HINTS, LIMITS)
      assert.equal(told.body.toString(), short.body.toString())
      assert.deepEqual(told.counts, short.counts, plain.toString())
      assert.deepEqual(JSON.parse(long.body.toString()), JSON.parse(short.body.toString()), plain.toString())
      assert.deepEqual(long.counts, short.counts, plain.toString())
      if (!short.body.equals(plain)) changed++
    }
  }
  assert.ok(changed > 400)
})
