/** Signs of level 5 wherever they stand: codes, lab items, drugs, departments, words; and what is no sign. */
import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import table from '../../data/level5-signs.json' with { type: 'json' }
import { bearsNoSign, findSign, isNegative, SIGNS, type Sign } from '../../src/mask/level5-signs.ts'
import { scaled } from '../fixtures/scale.ts'
import { chance } from './fixtures.ts'
import { mask, planOf, rulesOf } from './formats/folded.ts'

describe('signs', () => {
  const cases: readonly [Sign, string, 'sign' | 'screening' | null][] = [
    ['icd-10', '见 B20.100x001', 'sign'],
    ['coded', 'B20.1', 'sign'],
    ['coded', '阳性 B20', null],
    ['coded', 'I10', null],
    ['lab', 'HIV-RNA 定量', 'sign'],
    ['lab', 'ＨＩＶ　ＲＮＡ', 'sign'],
    ['lab', 'HBsAg', 'screening'],
    ['lab', '梅毒螺旋体抗体', 'screening'],
    ['lab', '血糖', null],
    ['drug', '拉米夫定片 0.3g', 'sign'],
    ['drug', 'Olanzapine', 'sign'],
    ['drug', '蒙脱石散', null],
    ['department', '精神科门诊', 'sign'],
    ['department', '心内科', null],
    ['text', '患者诊断为艾滋病', 'sign'],
    ['text', '否认肺结核、肝炎病史', null],
    ['text', '梅毒抗体阴性', null],
    ['text', '梅毒抗体阳性', 'sign'],
    ['text', '既往体健', null],
  ]
  for (const [sign, text, want] of cases) it(`${sign}: ${text}`, () => assert.equal(findSign([sign], text), want))
  for (const text of ['阴性', '阴性(-)', 'Negative', '未检出', '<1.0E+02', '(-)', '-'])
    it(`${text} is negative`, () => assert.equal(isNegative(text), true))
  for (const text of ['阳性', '1:8', '弱阳性', '250', '+', ''])
    it(`${text || 'nothing'} is not`, () => assert.equal(isNegative(text), false))
})

/** Every list searched word by word in the folded text. */
function slowly(sign: Sign, text: string): 'sign' | 'screening' | null {
  const value = folded(text)
  const holds = ({ terms }: { readonly terms: readonly string[] }): boolean =>
    terms.some((term) => {
      const word = folded(term).replace(/[-.*+?^${}()|[\]\\]/g, '\\$&')
      const [start, end] = [
        /^\w/.test(folded(term)) ? '(?<![a-z0-9])' : '',
        /\w$/.test(folded(term)) ? '(?![a-z0-9])' : '',
      ]
      return new RegExp(start + word + end).test(value)
    })
  if (sign === 'lab') return holds(table.labs) ? 'sign' : holds(table.screening) ? 'screening' : null
  return holds(sign === 'drug' ? table.drugs : table.departments) ? 'sign' : null
}

const folded = (text: string): string =>
  text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/(?<=\p{Script=Han})\s+|\s+(?=\p{Script=Han})/gu, '')
    .replace(/[\s_-]+/g, '-')

test('one look finds what a search for every word does, in any spelling; bytes that bear no sign have none', () => {
  const words = [table.labs, table.screening, table.drugs, table.departments, table.texts].flatMap((l) => l.terms)
  const wide = (text: string): string => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
  const others = [
    ' ',
    '-',
    '_',
    '\u3000',
    '\n',
    '，',
    '℃',
    '\u200b',
    'e\u0301',
    'ſ',
    '⾃',
    'a',
    '1',
    '片',
    '否认',
    '阴性',
    'B20',
    '😀',
  ]
  const pick = chance(41)
  let signs = 0
  for (let i = 0; i < scaled(100_000, 15_000); i++) {
    const text = Array.from({ length: 1 + pick(4) }, () => {
      const word = pick(3) === 0 ? others[pick(others.length)]! : words[pick(words.length)]!
      const cut = pick(5) === 0 ? word.slice(pick(word.length)) : word
      const spelt = pick(4) === 0 ? wide(cut) : pick(4) === 0 ? cut.toUpperCase() : cut
      return pick(4) === 0 ? [...spelt].join([' ', '-', '\u200b'][pick(3)]!) : spelt
    }).join('')
    for (const sign of ['lab', 'drug', 'department'] as const)
      assert.equal(findSign([sign], text), slowly(sign, text), `${sign} ${JSON.stringify(text)}`)
    const bytes = Buffer.from(text)
    for (const sign of SIGNS) {
      const found = findSign([sign], text)
      if (bearsNoSign([sign], bytes, 0, bytes.length)) assert.equal(found, null, `${sign} ${JSON.stringify(text)}`)
      if (found !== null) signs++
    }
  }
  assert.ok(signs > 5000)
})

describe('a record with a sign leaves a list', () => {
  const rules = rulesOf()
  const plan = planOf('outside', 'json', rules, { rows: '$.rows' })
  const kept = (rows: readonly unknown[]): number =>
    JSON.parse(mask(plan, JSON.stringify({ rows: [...rows, { jyxm: '血糖' }] }))).rows.length - 1
  const cases: readonly [string, unknown, number][] = [
    ['a drug', { ypmc: '齐多夫定胶囊' }, 0],
    ['a department', { ks: '感染科' }, 0],
    ['a lab item', { jyxm: 'HIV-1 RNA', jgz: '未检出' }, 0],
    ['a screening, positive', { jyxm: 'HBsAg', jgz: '阳性' }, 0],
    ['a screening, negative', { jyxm: 'HBsAg', jgz: '阴性' }, 1],
    ['a screening, its result first', { jgz: '阴性', jyxm: 'HBsAg' }, 0],
    [
      'several, one positive',
      {
        list: [
          { jyxm: 'HBsAg', jgz: '阴性' },
          { jyxm: '梅毒抗体', jgz: '阳性' },
        ],
      },
      0,
    ],
    [
      'several, all negative',
      {
        list: [
          { jyxm: 'HBsAg', jgz: '阴性' },
          { jyxm: '梅毒抗体', jgz: '阴性' },
        ],
      },
      1,
    ],
    ['a screening without a result', { jyxm: 'HIV抗体' }, 0],
    ['a code as a result', { jyxm: '病原学', jgz: 'B20.1' }, 0],
    ['words of a report', { bgnr: '考虑艾滋病' }, 0],
    ['words that deny', { bgnr: '否认肺结核病史' }, 1],
    ['nothing', { ypmc: '阿莫西林', ks: '心内科' }, 1],
  ]
  for (const [name, row, want] of cases) it(name, () => assert.equal(kept([row]), want))

  it('HL7: OBX-3 and the CWE of OBX-5', () => {
    const hl7 = planOf('outside', 'hl7v2', rules)
    const message = (obx: string): string => `MSH|^~\\&|A|B|C|D|20261121||ORU^R01|1|P|2.5.1\rPID|1||1\rOBR|1\r${obx}\r`
    assert.equal(mask(hl7, message('OBX|1|ST|75622-1^HIV-RNA^LN||20||||||F')), 'LEVEL5_FORBIDDEN')
    assert.equal(mask(hl7, message('OBX|1|CWE|1^病原^L||B20.1^HIV病^I10||||||F')), 'LEVEL5_FORBIDDEN')
    assert.notEqual(mask(hl7, message('OBX|1|ST|1^HBsAg^L||阴性||||||F')), 'LEVEL5_FORBIDDEN')
  })

  it('FHIR: valueCodeableConcept, a medication, a service type', () => {
    const fhir = planOf('outside', 'fhir', rules)
    const bad = [
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: '病原' },
        valueCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20' }] },
      },
      { resourceType: 'Observation', status: 'final', code: { text: 'HBsAg' }, valueString: '阳性' },
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: { text: '替诺福韦' },
        subject: { reference: 'Patient/1' },
      },
    ]
    for (const resource of bad)
      assert.equal(mask(fhir, JSON.stringify(resource)), 'LEVEL5_FORBIDDEN', JSON.stringify(resource))
  })
})
