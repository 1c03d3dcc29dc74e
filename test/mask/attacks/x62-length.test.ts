/** X62: what comes out tells not the length of what went in, where the mask is a fixed one. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, planFor, policy, rulesWith, SHIPPED } from './fixture.ts'

const LEVELLED = SHIPPED.elements.filter((e) => e.level < 5).map((e) => e.id)
const rules = rulesWith([
  policy(
    'masked',
    ['person-name: mask', 'employer: redact', 'address: { method: truncate, keep: city }', 'note: redact'],
    'redact',
    'redact',
  ),
  policy(
    'tokens',
    ['person-name: pseudonym', 'record-no: pseudonym', 'mobile: hash', 'resident-id: pseudonym'],
    'drop',
    'drop',
  ),
])

/** Two values of one place, far apart in length. */
const PAIRS: Readonly<Record<string, readonly [key: string, short: string, long: string]>> = {
  name: ['brxm', '张三', '张阿卜杜热合曼艾力'],
  'compound name of the same surname': ['brxm', '欧阳一', '欧阳一二三四'],
  employer: ['gzdw', '某厂', '重庆某某机械制造股份有限公司第三分厂'],
  address: ['jtdz', '重庆市渝中区', '重庆市渝中区示例路10号1单元2栋3号'],
  note: ['bz', '好', '一段很长的备注，说了很多的话。'.repeat(20)],
  unknown: ['zzz', 'a', 'b'.repeat(500)],
}

describe('X62: masked values are of one length', () => {
  for (const [name, [key, short, long]] of Object.entries(PAIRS))
    it(name, () => {
      const plan = planFor('masked', 'json', { rules })
      assert.equal(mask(plan, { [key]: long }).length, mask(plan, { [key]: short }).length)
    })

  it('tokens and hashes, whatever the value', () => {
    const plan = planFor('tokens', 'json', { rules })
    for (const key of ['brxm', 'bah', 'lxdh', 'sfzh']) {
      const lengths = ['1', '13812345678', 'x'.repeat(300), '张三'].map((value) => mask(plan, { [key]: value }).length)
      assert.equal(new Set(lengths).size, 1, `${key}: ${lengths}`)
    }
  })

  it('redact says the same of every element, value and format', () => {
    const all = rulesWith([
      policy(
        'redacted',
        LEVELLED.filter((id) => id !== 'resource-id').map((id) => `${id}: redact`),
        'redact',
        'redact',
      ),
    ])
    const json = planFor('redacted', 'json', { rules: all })
    const hl7v2 = planFor('redacted', 'hl7v2', { rules: all })
    const head = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|P|2.5\r'
    for (const value of ['张三', '患者张三丰，电话13812345678', 'x'.repeat(200)]) {
      assert.equal(mask(json, { brxm: value, bgnr: value, zzz: value }), '{"brxm":"***","bgnr":"***","zzz":"***"}')
      assert.equal(mask(hl7v2, `${head}PID|||||${value}\rNTE|1||${value}\r`), `${head}PID|||||***\rNTE|1||***\r`)
    }
  })

  it('the shipped policies outside care: no name, number or text tells its length', () => {
    for (const who of ['research', 'third-party', 'management'])
      for (const [key, short, long] of Object.values(PAIRS)) {
        const plan = planFor(who, 'json')
        assert.equal(mask(plan, { [key]: long }).length, mask(plan, { [key]: short }).length, `${who} ${key}`)
      }
  })
})
