/** Golden cases: the same patient in HL7 v2, FHIR and HIS JSON under one policy; files beside this test hold what must come out. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compilePlan, compileRules, createRing, type FormatName, maskPayload, NO_HINTS, Pseudonyms, type RuleSet } from '../../src/mask/index.ts'
import { methodByName } from '../../src/mask/transforms/index.ts'

const CASE = fileURLToPath(new URL('./section10/', import.meta.url))
const RULES = fileURLToPath(new URL('../../rules/', import.meta.url))
const read = (name: string): string => readFileSync(CASE + name, 'utf8')
const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00.000Z'))

function ruleSet(): RuleSet {
  const shipped = ['elements.yaml', ...['bindings', 'dictionaries'].flatMap((d) => readdirSync(RULES + d).map((n) => `${d}/${n}`))]
  const { rules, problems } = compileRules([
    ...shipped.map((path) => ({ path, text: readFileSync(RULES + path, 'utf8') })),
    { path: 'policies/golden.yaml', text: read('policy.yaml') },
    { path: 'policies/linked.yaml', text: read('policy-linked.yaml') },
    { path: 'policies/text.yaml', text: read('policy-text.yaml') },
    { path: 'policies/care.yaml', text: read('policy-care.yaml') },
  ])
  assert.ok(rules, JSON.stringify(problems[0]))
  return rules
}
const rules = ruleSet()

/** direct care names its scenarios; keys of pseudonyms depend on them */
const SCENARIO: Readonly<Record<string, string>> = { care: 'consultation' }
const FILES: Readonly<Record<string, FormatName>> = { hl7: 'hl7v2', 'fhir.json': 'fhir', 'his.json': 'json' }

const masked = (file: string, role: string): string => maskedText(file, role, read(`in.${file}`))

function maskedText(file: string, role: string, text: string): string {
  const format = FILES[file]!
  const plan = compilePlan(
    rules,
    { role, scenario: SCENARIO[role] ?? null, recipient: 'consortium', institution: 'consortium', provider: 'teaching', purpose: null, interfaceId: 'golden', format, direction: 'response', policy: null, rows: format === 'json' ? '$.data.list' : null },
    { pseudonyms, today: () => '2026-11-21', authorities: new Map([['H0001', 'teaching']]) },
  )
  assert.ok(plan)
  return maskPayload(plan, Buffer.from(text), NO_HINTS, { maxDepth: 128, maxBytes: 1 << 20 }).body.toString()
}

const TOKEN = /P[A-Z2-7]{19}/
const field = (message: string, segment: string, number: number): string =>
  message
    .split('\r')
    .find((line) => line.startsWith(segment))!
    .split('|')[number]!

describe('golden: section 10', () => {
  for (const file of Object.keys(FILES))
    it(`in.${file} comes out as out.${file}`, () => {
      assert.equal(masked(file, 'golden'), read(`out.${file}`))
    })

  for (const file of Object.keys(FILES))
    for (const role of ['text', 'care'])
      it(`in.${file} with its sentences comes out as out-${role}.${file}`, () => {
        assert.equal(masked(file, role), read(`out-${role}.${file}`))
      })

  it('sentences: without name, number and phone, with 甲状腺癌症状 unchanged; unknown fields cleaned in care', () => {
    for (const role of ['text', 'care']) {
      const after = masked('hl7', role)
      const said = field(after, 'OBX', 5)
      assert.match(said, /^患者张\*\*，女，36岁，住院号P[A-Z2-7]{19}，甲状腺癌症状明显，联系电话 138\*{4}5678。$/)
      assert.equal(field(after, 'NTE', 3), '家属李** 139****1111 已签字')
      assert.ok(said.includes(field(after, 'PV1', 19)), 'the number has its pseudonym in the sentence too')
    }
    const zpi = (role: string) => masked('hl7', role).split('\r').find((l) => l.startsWith('ZPI'))
    assert.equal(zpi('care'), 'ZPI|1|5***************25|张**')
    assert.equal(zpi('text'), 'ZPI|||')
  })

  it('dictionaries: whole field and in text outside care; the opened JSON stays a string', () => {
    const row = JSON.parse(masked('his.json', 'text')).data.list[0]
    assert.equal(row.mjzzd, 'ITP')
    assert.equal(row.yzmc, '蒙脱石散 3g')
    const care = JSON.parse(masked('his.json', 'care')).data.list[0]
    assert.equal(care.yzmc, '思密达 3g', 'no drug is changed in care')
    assert.deepEqual(JSON.parse(care.bz), { xm: '欧阳**', 身份证: '5***************25' })
    assert.equal(typeof JSON.parse(row.bz), 'object')
  })

  it('HL7: structured places by rule, everything else withheld whole, MSH untouched', () => {
    const before = read('in.hl7')
    const after = masked('hl7', 'golden')
    assert.equal(after.split('\r')[0], before.split('\r')[0])
    assert.equal(field(after, 'PID', 5), '张**^^^^^^L^I', 'the pinyin repetition is gone')
    assert.equal(field(after, 'PID', 11), '重庆市***^^^^^CHN^H')
    assert.equal(field(after, 'PID', 7), '1990')
    assert.equal(field(after, 'PID', 13), '138****5678')
    assert.equal(field(after, 'PID', 14), '023-****5432')
    assert.equal(field(after, 'PID', 19), '5***************25')
    assert.equal(field(after, 'OBX', 5), '***')
    assert.equal(field(after, 'NTE', 3), '***')
    assert.equal(after.split('\r').find((l) => l.startsWith('ZPI')), 'ZPI|***|***|***')
    assert.equal(field(after, 'PV1', 7), '***^***')
    assert.equal(field(after, 'DG1', 3), 'C73.x00^甲状腺恶性肿瘤^ICD10', 'diagnosis is kept')
    assert.equal(after.split('\r').length, before.split('\r').length)
  })

  it('FHIR: decimals keep their spelling, narrative and notes are gone', () => {
    const after = masked('fhir.json', 'golden')
    const bundle = JSON.parse(after)
    const patient = bundle.entry[0].resource
    assert.ok(after.includes('"value": 1.10'))
    assert.equal(patient.text, undefined)
    assert.equal(patient.birthDate, '1990')
    assert.equal(patient.name[0].text, '张**')
    assert.equal(patient.name[0].given, undefined)
    assert.equal(patient.address[0].text, '重庆市***')
    assert.equal(patient.identifier[0].value, '5***************25')
    assert.match(patient.id, TOKEN)
    assert.equal(bundle.entry[1].resource.subject.reference, `Patient/${patient.id}`)
    assert.equal(bundle.entry[0].fullUrl, `Patient/${patient.id}`)
    for (const secret of ['张三丰', '三丰', 'SANFENG', '李四', '13812345678', '13900001111', '500103199003070025', '00123456', '示例路', '10.0.0.5', 'zhangsan'])
      assert.ok(!after.includes(secret), `${secret} is still there`)
  })

  it('HIS JSON: a numeric phone becomes text, amounts keep their spelling', () => {
    const after = masked('his.json', 'golden')
    const row = JSON.parse(after).data.list[0]
    assert.equal(row.BRXM, '欧阳**')
    assert.equal(row.SFZH, '5***************25')
    assert.equal(row.lxdh, '138****5678')
    assert.equal(row.jtdz, '江苏省苏州市***')
    assert.equal(row.mjzzd, '免疫性血小板减少症')
    assert.equal(row.yzmc, '***')
    assert.deepEqual(JSON.parse(row.bz), { xm: '***', 身份证: '5***************25' })
    assert.ok(after.includes('"je":12.50'))
  })

  it('HL7: the other expectations, and terminators as received', () => {
    for (const role of ['golden', 'text', 'care']) {
      const after = masked('hl7', role)
      assert.match(field(after, 'PID', 3), /^P[A-Z2-7]{19}\^\^\^H0001\^MR~5\*{15}25\^\^\^MPS\^NNCHN$/)
      assert.equal(field(after, 'NK1', 2), '李**')
      assert.equal(field(after, 'NK1', 4), '重庆市***')
      assert.equal(field(after, 'NK1', 5), '139****1111')
      assert.ok(!after.includes('""'), 'no field says: erase')
      for (const secret of ['张三丰', 'SANFENG', 'ZHANG', '李四', '13812345678', '138 1234 5678', '68765432', '13900001111', '500103199003070025', '00123456', 'ZY20260001', '示例路', '400000'])
        assert.ok(!after.includes(secret), `${role}: ${secret}`)
      for (const end of ['\n', '\r\n'])
        assert.equal(maskedText('hl7', role, read('in.hl7').replaceAll('\r', end)), after.replaceAll('\r', end))
    }
  })

  it('FHIR: id, pinyin in an extension of a name, contact, link to itself, source', () => {
    for (const role of ['golden', 'text', 'care']) {
      const bundle = JSON.parse(masked('fhir.json', role))
      const patient = bundle.entry[0].resource
      assert.notEqual(patient.id, '00123456')
      assert.equal(patient.name[0].given, undefined)
      assert.equal(patient.name[0].family, undefined)
      assert.equal(patient.contact[0].name.text, '李**')
      assert.equal(patient.contact[0].telecom[0].value, '139****1111')
      assert.equal(bundle.link, undefined, 'the link with the number in it')
      assert.equal(patient.meta.source, undefined)
      assert.equal(patient.text, undefined)
      assert.equal(bundle.entry[1].resource.subject.display, '张**')
      const text = masked('fhir.json', role)
      assert.ok(text.includes('"value": 1.10'))
      for (const secret of ['张三丰', 'SANFENG', '李四', '500103199003070025', '10.0.0.5', '138 1234 5678', '00123456'])
        assert.ok(!text.includes(secret), `${role}: ${secret}`)
    }
  })

  it('HIS: in every policy the nested document is a string and 12.50 is 12.50', () => {
    for (const role of ['golden', 'text', 'care', 'linked']) {
      const text = masked('his.json', role)
      const row = JSON.parse(text).data.list[0]
      assert.equal(typeof row.bz, 'string')
      assert.ok(!JSON.stringify(JSON.parse(row.bz)).includes('500103199003070025'))
      assert.ok(text.includes('"je":12.50'), role)
      for (const secret of ['欧阳娜娜', '500103199003070025', '5010319900307002５', '13812345678', 'ZY20260001', '昆山', '花桥'])
        assert.ok(!text.includes(secret), `${role}: ${secret}`)
    }
  })

  it('the number, as birthday, band and region', () => {
    const id = '500103199003070025'
    const results = { birth: '1990-03-07', 'age-band': '35-39岁', region: '重庆市', mask: '5***************25' }
    for (const [method, want] of Object.entries(results)) {
      const element = rules.elementById.get('resident-id')!
      const bound = methodByName(method)!.prepare(method === 'mask' ? { keep: '1+2', length: 'same' } : method === 'region' ? { keep: 'province' } : method === 'age-band' ? { width: 5 } : {}, element, { today: () => '2026-11-21', pseudonym: () => '', isOwnToken: () => false, term: () => null })
      assert.equal(bound.apply(id, { element, namespace: '', subject: null, role: 'whole', companion: null }), want, method)
    }
  })

  it('one number has one pseudonym in every format', () => {
    const hl7 = masked('hl7', 'golden')
    const inpatient = field(hl7, 'PV1', 19)
    assert.match(inpatient, TOKEN)
    assert.equal(JSON.parse(masked('his.json', 'golden')).data.list[0].zyh, inpatient)
    const record = TOKEN.exec(field(hl7, 'PID', 3))![0]
    assert.equal(JSON.parse(masked('fhir.json', 'golden')).entry[0].resource.identifier[1].value, record)
  })

  it('under the second policy the resident ID has one pseudonym in all three, the full-width digit included', () => {
    const fromHl7 = field(masked('hl7', 'linked'), 'PID', 19)
    assert.match(fromHl7, TOKEN)
    assert.equal(JSON.parse(masked('fhir.json', 'linked')).entry[0].resource.identifier[0].value, fromHl7)
    assert.equal(JSON.parse(masked('his.json', 'linked')).data.list[0].SFZH, fromHl7)
  })

  it('masking twice is masking once', () => {
    for (const [file, format] of Object.entries(FILES)) for (const role of ['golden', 'text', 'care']) {
      const once = masked(file, role)
      const plan = compilePlan(
        rules,
        { role, scenario: SCENARIO[role] ?? null, recipient: 'consortium', institution: 'consortium', provider: 'teaching', purpose: null, interfaceId: 'golden', format, direction: 'response', policy: null, rows: null },
        { pseudonyms, today: () => '2026-11-21' },
      )!
      assert.equal(maskPayload(plan, Buffer.from(once), NO_HINTS, { maxDepth: 128, maxBytes: 1 << 20 }).body.toString(), once, file)
    }
  })
})
