/** The methods as rules name them, through compiled rules and real payloads of every format. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { datasetMap } from '../../src/adapters/dataset-map/index.ts'
import { compileFolder } from '../../src/cli/rules/compile-folder.ts'
import { compileRules, compileWriteCheck, explainPayload, NO_HINTS } from '../../src/mask/index.ts'
import { scopesOf } from '../../src/mask/pseudonym.ts'
import { openValue, sealedParts } from '../../src/mask/sealed-value.ts'
import { refuseMaskedValues } from '../../src/mask/written.ts'
import { LIMITS, mask, planOf, pseudonyms, RING, rulesWith, SHIPPED } from './methods-fixture.ts'

const day = (text: string): number => Date.UTC(+text.slice(0, 4), +text.slice(5, 7) - 1, +text.slice(8, 10)) / 864e5

describe('date-shift', () => {
  const SHIFT = `
    resident-id: drop
    record-no: drop
    resource-id: pseudonym
    birth-date: { method: date-shift, days: 30 }
    event-date: { method: date-shift, days: 30 }`

  it('HIS rows: one offset per patient, in every spelling, with the time of day; nobody named, nothing left', () => {
    const row = (sfzh: string | undefined) => ({
      sfzh,
      csrq: '1990-03-07',
      ryrq: '2026-10-01 08:30:00',
      cyrq: '2026/10/9',
    })
    const rules = rulesWith(SHIFT)
    const out = JSON.parse(
      mask(rules, {
        data: {
          list: [row('500103199003070025'), row('11010519491231002X'), row('500103199003070025'), row(undefined)],
        },
      }),
    ).data.list as Record<string, string>[]
    const [a, b, again, nobody] = out
    assert.deepEqual(a, again)
    const moved = day(a!['csrq']!) - day('1990-03-07')
    assert.ok(moved !== 0 && Math.abs(moved) <= 30)
    assert.equal(day(a!['ryrq']!) - day('2026-10-01'), moved)
    assert.match(a!['ryrq']!, /^\d{4}-\d{2}-\d{2} 08:30:00$/)
    assert.match(a!['cyrq']!, /^\d{4}\/\d{1,2}\/\d{1,2}$/, 'written as it came')
    assert.notDeepEqual(a, b, 'another patient moves otherwise')
    assert.deepEqual(nobody, {})
  })

  it('FHIR: a patient and what refers to it move alike, zones and precisions stay, a year goes', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        { resource: { resourceType: 'Patient', id: 'pat-1', birthDate: '1990-03-07' } },
        {
          resource: {
            resourceType: 'Encounter',
            id: 'enc-9',
            subject: { reference: 'Patient/pat-1' },
            period: { start: '2026-10-01T08:30:00+08:00', end: '2026-10-09' },
          },
        },
        {
          resource: {
            resourceType: 'Encounter',
            id: 'enc-8',
            subject: { reference: 'urn:uuid:0d4f5f2e-0d1b-4d5c-9a55-2f0a3ad7c9e1' },
            period: { start: '2026-10-01T08:30:00.123Z', end: '2026' },
          },
        },
      ],
    }
    const out = JSON.parse(mask(rulesWith(SHIFT), bundle, { format: 'fhir' }))
    const [patient, one, two] = out.entry.map((e: { resource: unknown }) => e.resource)
    const moved = day(patient.birthDate) - day('1990-03-07')
    assert.ok(moved !== 0 && Math.abs(moved) <= 30)
    assert.equal(day(one.period.start) - day('2026-10-01'), moved)
    assert.equal(day(one.period.end) - day('2026-10-09'), moved)
    assert.ok(one.period.start.endsWith('T08:30:00+08:00'))
    assert.ok(two.period.start.endsWith('T08:30:00.123Z'))
    assert.equal(two.period.end, undefined, 'a year has no day to move')
  })

  it('HL7 v2: TS of any precision from the day on; recipients have offsets of their own', () => {
    const message = [
      'MSH|^~\\&|HIS|H1|GW|H2|20261009083000||ADT^A01|M1|P|2.5.1|||||CHN|UNICODE UTF-8',
      'PID|1||00123456^^^H1^MR~500103199003070025^^^GA^NNCHN||张三||19900307|M',
      `PV1|1|I${'|'.repeat(42)}202610010830+0800|20261009101500.1234`,
    ].join('\r')
    const rules = rulesWith(SHIFT)
    const [, pid, pv1] = mask(rules, message, { format: 'hl7v2' })
      .split('\r')
      .map((s) => s.split('|'))
    const iso = (ts: string): string => `${ts.slice(0, 4)}-${ts.slice(4, 6)}-${ts.slice(6, 8)}`
    const moved = day(iso(pid![7]!)) - day('1990-03-07')
    assert.ok(moved !== 0 && Math.abs(moved) <= 30)
    assert.equal(day(iso(pv1![44]!)) - day('2026-10-01'), moved)
    assert.match(pv1![44]!, /^\d{8}0830\+0800$/)
    assert.match(pv1![45]!, /^\d{8}101500\.1234$/)
    const offsets = new Set(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(
        (recipient) => mask(rules, message, { format: 'hl7v2', recipient }).split('\r')[1],
      ),
    )
    assert.ok(offsets.size > 1, 'another recipient, another offset')
  })

  it('an age over 89 is not told, whichever day it moves to', () => {
    const out = mask(rulesWith(SHIFT), { data: { list: [{ sfzh: '500103193506070513', csrq: '1935-06-07' }] } })
    assert.deepEqual(JSON.parse(out), { data: { list: [{}] } })
  })
})

describe('random-id', () => {
  const rules = rulesWith('inpatient-no: { method: random-id, dataset: this-project }')
  const row = { data: { list: [{ zyh: 'ZY20260001' }, { zyh: 'ZY20260002' }, { zyh: 'ZY20260001' }] } }
  const ids = (text: string): string[] => JSON.parse(text).data.list.map((r: { zyh: string }) => r.zyh)

  it('one id per value, dataset and recipient; none without a project; none after destruction', () => {
    const datasets = datasetMap(null, RING, pseudonyms)
    const [a, b, c] = ids(mask(rules, row, { datasets }))
    assert.match(a!, /^R[A-Z2-7]{19}$/)
    assert.equal(a, c)
    assert.notEqual(a, b)
    assert.deepEqual(ids(mask(rules, row, { datasets })), [a, b, c], 'the next call')
    assert.notEqual(ids(mask(rules, row, { datasets, project: 'p2' }))[0], a)
    assert.notEqual(ids(mask(rules, row, { datasets, recipient: 'insurer' }))[0], a)
    assert.throws(() => mask(rules, row, { datasets, project: null }), { code: 'TOKEN_PERMISSION' })
    assert.equal(datasets.find({ recipient: 'university', name: 'p1' }, a!)?.canonical, 'ZY20260001')
    assert.ok(datasets.destroy({ recipient: 'university', name: 'p1' }, ['chen', 'wang'], '2026-11-21T00:00:00Z'))
    assert.throws(() => mask(rules, row, { datasets }), { code: 'DATASET_DESTROYED' })
    assert.ok(pseudonyms.isOwnToken(a!), 'written back, it is refused')
  })
})

describe('encrypt', () => {
  for (const cipher of ['aes-256-gcm', 'sm4'] as const)
    it(`${cipher}: opens for the key holder, for its element only, and never twice alike`, () => {
      const rules = rulesWith(`resident-id: { method: encrypt, cipher: ${cipher} }`)
      const payload = { data: { list: [{ sfzh: '500103199003070025' }, { sfzh: '500103199003070025' }] } }
      const [a, b] = JSON.parse(mask(rules, payload)).data.list.map((r: { sfzh: string }) => r.sfzh) as [string, string]
      assert.notEqual(a, b)
      const parts = sealedParts(a)
      assert.deepEqual(parts, { cipher, epoch: 'e1' })
      const recipient = scopesOf({ recipient: 'university', scenario: 'research', holder: '', project: null }).recipient
      const keys = (part: string) => pseudonyms.key('reveal', `${part} ${recipient}`)
      assert.equal(openValue({ cipher, epoch: 'e1', element: 'resident-id', keys }, a), '500103199003070025')
      assert.equal(openValue({ cipher, epoch: 'e1', element: 'mobile', keys }, a), null)
      const altered = a.slice(0, -1) + (a.endsWith('A') ? 'B' : 'A')
      const changed = openValue({ cipher, epoch: 'e1', element: 'resident-id', keys }, altered)
      assert.ok(changed === null || altered === a)
    })
})

describe('numbers', () => {
  const one = (cell: string, jg: unknown): unknown =>
    (
      JSON.parse(mask(rulesWith(`lab-value: ${cell}`), { data: { list: [{ result_value: jg, sfzh: '1' }] } })).data
        .list[0] as { result_value?: unknown }
    ).result_value

  it('round: places and significant digits; what is no number goes', () => {
    const table: [string, string, string | undefined][] = [
      ['{ method: round, places: 1 }', '5.46', '5.5'],
      ['{ method: round, places: 0 }', '-0.5', '-1'],
      ['{ method: round, places: -1 }', '128', '130'],
      ['{ method: round, digits: 2 }', '0.04567', '0.046'],
      ['{ method: round, digits: 2 }', '9.96', '10'],
      ['{ method: round, digits: 3 }', '5', '5'],
      ['{ method: round, places: 1 }', '<0.5', undefined],
      ['{ method: round, places: 1 }', '阳性', undefined],
    ]
    for (const [cell, value, result] of table) assert.equal(one(cell, value), result, `${cell} ${value}`)
    assert.equal(
      mask(rulesWith('lab-value: { method: round, places: 1 }'), '{"data":{"list":[{"result_value":5.46}]}}'),
      '{"data":{"list":[{"result_value":5.5}]}}',
    )
  })

  it('noise: within its bound, never 0, the same each time', () => {
    for (let n = 0; n < 40; n++) {
      const value = (n * 1.37 + 3).toFixed(1)
      const moved = one('{ method: noise, amount: 2 }', value) as string
      const by = Math.abs(Number(moved) - Number(value))
      assert.ok(by > 0.05 && by < 2.05, `${value} -> ${moved}`)
      assert.equal(one('{ method: noise, amount: 2 }', value), moved)
    }
    assert.equal(one('{ method: noise, amount: 0.5 }', '7'), undefined, 'no whole number lies within the bound')
    assert.equal(one('{ method: noise, percent: 10 }', '0'), undefined)
  })

  it('a dose is never another number, and care never invents', () => {
    const told = (cells: string, care = ''): string[] =>
      compileRules([
        ...SHIPPED,
        {
          path: 'policies/p.yaml',
          text: `policy: p\nbasis: b\nowner: o\nreview: 2027-01-01\n${care}for: { roles: [r], scenarios: [treatment] }\nelements:\n${cells}\nundecided: drop\nunknown: drop\n`,
        },
      ]).problems.map((p) => `${p.code} ${p.line}`)
    for (const cell of [
      '{ method: noise, amount: 1 }',
      '{ method: round, places: 0 }',
      '{ method: aggregate, as: mean }',
    ])
      assert.ok(
        told(`  dose: ${cell}`).some((t) => t.startsWith('bad-parameter') || t.startsWith('method-kind')),
        cell,
      )
    const care = told('  event-date: date-shift\n  lab-value: { method: noise, amount: 1 }', 'direct-care: true\n')
    assert.deepEqual(
      care.filter((t) => t.startsWith('care-invented')),
      ['care-invented 8', 'care-invented 9'],
    )
  })
})

describe('names operators know', () => {
  const value = (cell: string): string =>
    JSON.parse(mask(rulesWith(`mobile: ${cell}\nemail: drop`), { data: { list: [{ sjh: '13812345678' }] } })).data
      .list[0].sjh

  it('ShardingSphere', () => {
    assert.equal(value('{ method: KEEP_FIRST_N_LAST_M, first-n: 3, last-m: 4, replace-char: "*" }'), '138****5678')
    assert.equal(value('{ method: KEEP_FROM_X_TO_Y, from-x: 0, to-y: 2 }'), '138********')
    assert.equal(value('{ method: MASK_FROM_X_TO_Y, from-x: 3, to-y: 6 }'), '138****5678')
    assert.equal(value('{ method: MASK_FIRST_N_LAST_M, first-n: 2, last-m: 3 }'), '**812345***')
    const email = (cell: string): string =>
      JSON.parse(mask(rulesWith(`email: ${cell}`), { data: { list: [{ email: 'zhang@example.com' }] } })).data.list[0]
        .email
    assert.equal(email('{ method: mask_before_special_chars, special-chars: "@" }'), '***@example.com')
    assert.equal(email('{ method: MASK_AFTER_SPECIAL_CHARS, special-chars: "@" }'), 'zhang@***')
    assert.equal(value('{ method: keep_first_last, n: 3, m: 4 }'), '138****5678')
    assert.equal(value('{ method: fixed, text: 保密 }'), '保密')
  })

  it('of an ID or mobile number enough stays hidden, whichever method says how much', () => {
    const told = (line: string): string[] =>
      compileRules([
        ...SHIPPED,
        {
          path: 'policies/p.yaml',
          text: `policy: p\nbasis: b\nowner: o\nreview: 2027-01-01\nfor: { roles: [r] }\nelements:\n  ${line}\nundecided: drop\nunknown: drop\n`,
        },
      ]).problems.map((p) => p.code)
    for (const line of [
      'resident-id: { method: keep-range, from: 1, to: 17 }',
      'resident-id: { method: mask-range, from: 18, to: 18 }',
      'resident-id: { method: mask-ends, first: 1, last: 1 }',
      'resident-id: { method: mask-after, mark: "0" }',
      'mobile: { method: mask-range, from: 4, to: 5 }',
      'mobile: { method: mask-before, mark: "1" }',
      'credential: { method: keep-range, from: 1, to: 2 }',
    ])
      assert.ok(told(line).includes('bad-parameter'), line)
    assert.deepEqual(told('resident-id: { method: mask-range, from: 4, to: 16 }'), [])
  })

  it('bare digests and random digits are refused with what to write instead', () => {
    for (const name of ['MD5', 'TELEPHONE_RANDOM_REPLACE', 'LANDLINE_NUMBER_RANDOM_REPLACE']) {
      const { problems } = compileRules([
        ...SHIPPED,
        {
          path: 'policies/p.yaml',
          text: `policy: p\nbasis: b\nowner: o\nreview: 2027-01-01\nfor: { roles: [r] }\nelements:\n  mobile: { method: ${name} }\nundecided: drop\nunknown: drop\n`,
        },
      ])
      assert.deepEqual(
        problems.map((p) => p.code),
        ['method-refused'],
        name,
      )
      assert.match(problems[0]!.expected ?? '', /hash|mask or pseudonym/)
    }
  })
})

describe('drop', () => {
  it('FHIR: a required element gets data-absent-reason masked, others go with what they leave empty', () => {
    const observation = {
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '718-7' }], text: '血红蛋白' },
      valueQuantity: { value: 13.5, unit: 'g/dL' },
    }
    const out = JSON.parse(
      mask(rulesWith('resource-id: keep\nlab-item: drop\nlab-value: drop'), observation, { format: 'fhir' }),
    )
    assert.equal(out.valueQuantity?.value, undefined)
    assert.deepEqual(out.code, {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
    })
  })
})

it('explain names the method and its line', () => {
  const rules = rulesWith('birth-date: { method: date-shift, days: 30 }')
  const { leaves } = explainPayload(
    planOf(rules, {}),
    Buffer.from('{"data":{"list":[{"sfzh":"500103199003070025","csrq":"1990-03-07"}]}}'),
    NO_HINTS,
    LIMITS,
  )
  const leaf = leaves.find((l) => l.element?.id === 'birth-date')
  assert.equal(leaf?.method, 'date-shift')
  assert.equal(leaf?.outcome, 'replaced')
  assert.equal(leaf?.why.at?.line, 7)
})

it('X40: random ids, hashes and ciphertexts written back are refused', () => {
  const rules = rulesWith(`inpatient-no: random-id
    person-name: { method: hash, algorithm: sm3 }
    resident-id: encrypt`)
  const row = JSON.parse(mask(rules, { data: { list: [{ zyh: 'ZY1', brxm: '张三', sfzh: '500103199003070025' }] } }))
    .data.list[0] as Record<string, string>
  const call = pseudonyms.forCall({ recipient: 'teaching', scenario: null, holder: 'teaching', project: null })
  const check = compileWriteCheck(
    rules,
    { id: 'x', format: 'json', rows: null, provider: 'teaching' },
    call,
    () => '2026-11-21',
  )
  const write = (body: unknown) => refuseMaskedValues(check, Buffer.from(JSON.stringify(body)), NO_HINTS, LIMITS)
  for (const key of ['zyh', 'brxm', 'sfzh']) {
    assert.throws(() => write({ [key]: row[key] }), { code: 'MASKED_VALUE_WRITTEN' }, key)
    assert.throws(() => write({ anywhere: row[key] }), { code: 'MASKED_VALUE_WRITTEN' }, key)
  }
  write({ zyh: `R${'A'.repeat(19)}`, brxm: 'a'.repeat(64), anywhere: 'E1.e1.short' })
})

describe('rules check', () => {
  const POLICY = `策略: research
依据: 甲
责任人: 乙
复核日期: 2099-01-01
适用: { 角色: [researcher] }
脱敏:
  出生日期: { 方法: 日期平移, 天数: 30, 时刻: 删除 }
  住院号: { 方法: 随机编号, 数据集: 本项目 }
  诊断: { 方法: 汇总, 汇总为: 分组项, 分组: 类目编码, 最少个数: 10, 统计单位: 行 }
  手机号: { 方法: 区间掩码, 起位: 4, 止位: 7 }
  检验结果值: { 方法: 取整, 有效位: 2 }
未定处理: 删除
未登记: 删除
`
  const entries = `provider: teaching
upstream: { base: "https://127.0.0.1:1" }
entries:
  his.a: { zh: 甲, status: published, call: "GET /a/{no}", to: "/a/{no}", format: json, roles: [researcher], scope: a, masked-input: 上游为脱敏网关 }
`
  const institutions = `institutions:\n  teaching: { zh: 教学医院, certificates: [{ sha256: ${'a'.repeat(64)} }], cidrs: [127.0.0.1/32] }\n`

  it('says in the language of the file where a method does not fit the interface; the words go forth and back', () => {
    const { compiled, problems } = compileFolder([
      ...SHIPPED,
      { path: 'policies/k.yaml', text: POLICY },
      { path: 'interfaces/t.yaml', text: entries },
      { path: 'institutions.yaml', text: institutions },
    ])
    assert.ok(compiled, JSON.stringify(problems))
    assert.deepEqual(
      problems.filter((p) => p.file === 'policies/k.yaml').map((p) => `${p.line} ${p.code}`),
      ['7 not-idempotent', '8 not-idempotent', '9 not-idempotent', '9 aggregate-without-list'],
    )
    assert.match(problems.find((p) => p.line === 7)?.message ?? '', /上游已脱敏/)
  })
})
