/** E24: one sign raises its record, wherever the record is; what is left tells nothing of what is gone. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, maskBytes, masked, planFor } from './fixture.ts'

const MSH = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|P|2.5\r'
const listed = planFor('consult', 'json', { rows: '$.data.list' })
const direct = planFor('consult', 'json')
const fhir = planFor('consult', 'fhir')
const hl7 = planFor('consult', 'hl7v2')

describe('level 5: HIS JSON', () => {
  it('takes the row out and lowers the count that leaves', () => {
    const out = masked(listed, {
      code: 0,
      total: 2,
      data: {
        list: [
          { brxm: '张三', jbdm: 'B20' },
          { brxm: '李四', jbdm: 'J00' },
        ],
      },
    })
    assert.deepEqual(out, { code: 0, total: 1, data: { list: [{ brxm: '李四', jbdm: 'J00' }] } })
  })

  it('a count that is treated stays treated: it must not tell whether a row is gone', () => {
    const total = (plan: typeof listed, jbdm: string) =>
      (masked(plan, { data: { total: 2, list: [{ jbdm }] } }) as { data: { total?: unknown } }).data.total
    assert.equal(total(listed, 'B20'), 1, 'kept in care: lowered')
    assert.equal(total(listed, 'J00'), 2)
    const billing = planFor('billing', 'json', { rows: '$.data.list' })
    assert.equal(total(billing, 'B20'), undefined)
    assert.equal(total(billing, 'J00'), undefined)
  })

  it('a payload that has not the rows it should have is the record', () => {
    assert.equal(mask(listed, { code: 0, data: { brxm: '张三', jbdm: 'B20' } }), 'LEVEL5_FORBIDDEN')
    assert.equal(mask(listed, { code: 0, data: { list: { brxm: '张三', jbdm: 'B20' } } }), 'LEVEL5_FORBIDDEN')
    assert.equal(mask(listed, [{ brxm: '张三', jbdm: 'B20' }]), '[]')
  })

  it('what stands around the rows counts for all of them', () => {
    assert.equal(mask(listed, { jbdm: 'B20', data: { list: [{ brxm: '张三' }] } }), 'LEVEL5_FORBIDDEN')
  })

  it('finds the sign in every spelling and behind any length of text', () => {
    const signs = [
      'B20',
      'b20.100x001',
      'Ｂ20',
      'B 20',
      'J00 B24',
      '艾滋病B20',
      ' '.repeat(5000) + 'B20',
      `${'咳嗽'.repeat(4000)} B20`,
    ]
    for (const jbdm of signs)
      assert.equal(mask(direct, { brxm: '张三', jbdm }), 'LEVEL5_FORBIDDEN', jbdm.trim().slice(-12))
    for (const jbdm of ['B18.2', 'J00', 'AB20', 'B201A'])
      assert.notEqual(mask(direct, { brxm: '张三', jbdm }), '', jbdm)
    assert.equal(mask(direct, { brxm: '张三', diagnosis: { code: 'B20', name: 'HIV' } }), 'LEVEL5_FORBIDDEN')
    assert.equal(mask(direct, { brxm: '张三', diagnoses: [{ code: 'J00' }, { code: 'B20' }] }), 'LEVEL5_FORBIDDEN')
  })
})

describe('level 5: a text no rule knows, where it is shown', () => {
  it('raises the record it stands in: by its words, by a code with a dot', () => {
    const shown = { brxm: '张三', qwerty: '' }
    for (const text of ['艾滋病', '确诊梅毒3年', 'B20.100', 'F32.9', '抑郁症', '愛滋病', 'HIV抗体（+）'])
      assert.equal(mask(direct, { ...shown, qwerty: text }), 'LEVEL5_FORBIDDEN', text)
    for (const text of ['否认梅毒', 'F20', 'B20病区', 'J18.9'])
      assert.notEqual(mask(direct, { ...shown, qwerty: text }), 'LEVEL5_FORBIDDEN', text)
    assert.equal(mask(direct, { ...shown, qwerty: [1, { z: '{"zd":"艾滋病"}' }] }), 'LEVEL5_FORBIDDEN')
    const list = [{ brxm: '张三', qwerty: '艾滋病' }, { brxm: '李四' }]
    assert.deepEqual(masked(listed, { code: 0, total: 2, data: { list } }), {
      code: 0,
      total: 1,
      data: { list: [{ brxm: '李四' }] },
    })
    assert.equal(mask(hl7, `${MSH}PID|1||1||张三\rZDG|1|艾滋病\r`), 'LEVEL5_FORBIDDEN')
    for (const resource of [
      { resourceType: 'Patient', extension: [{ url: 'x', valueString: '艾滋病' }] },
      { resourceType: 'Patient', qwerty: '艾滋病' },
      { resourceType: 'Observation', component: [{ valueCode: 'B20.1' }] },
    ])
      assert.equal(mask(fhir, resource), 'LEVEL5_FORBIDDEN', JSON.stringify(resource))
  })

  it('where no such text is shown it tells nothing, and raises nothing', () => {
    const out = mask(planFor('research', 'json'), { brxm: '张三', jbdm: 'J00', qwerty: '艾滋病' })
    assert.doesNotMatch(out, /艾滋/)
    assert.match(out, /J00/)
  })
})

describe('level 5: FHIR', () => {
  const condition = (code: string) => ({ resourceType: 'Condition', code: { coding: [{ code }] } })

  it('only matches are counted in Bundle.total and in the rows delivered', () => {
    const entry = [
      { resource: condition('B20'), search: { mode: 'match' } },
      { resource: condition('J00'), search: { mode: 'match' } },
      { resource: condition('B20'), search: { mode: 'include' } },
    ]
    const { body, rows } = maskBytes(
      fhir,
      Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: 2, entry })),
    )
    const out = JSON.parse(body.toString())
    assert.equal(out.total, 1)
    assert.equal(out.entry.length, 1)
    assert.equal(rows, 1)
  })

  it('entries of a bundle inside an entry are not those of the outer one', () => {
    const inner = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: condition('B20') }] }
    const out = masked(fhir, { resourceType: 'Bundle', type: 'collection', total: 1, entry: [{ resource: inner }] })
    assert.equal((out as { total: number }).total, 1)
    assert.doesNotMatch(JSON.stringify(out), /B20/)
  })

  it('a resource and what it contains are one record', () => {
    assert.equal(mask(fhir, condition('B20')), 'LEVEL5_FORBIDDEN')
    assert.equal(mask(fhir, { resourceType: 'Patient', contained: [condition('B20')] }), 'LEVEL5_FORBIDDEN')
  })

  it('a security label says what its sender knows: the record goes, however little else it holds', () => {
    const labelled = (...codes: string[]) => ({
      resourceType: 'Patient',
      meta: { security: codes.map((code) => ({ system: 'urn:of:labels', code })) },
      name: [{ text: '张三' }],
    })
    for (const who of ['consult', 'research', 'third-party', 'billing'])
      for (const code of ['HIV', 'psy', 'SUD', 'VIP', 'V'])
        assert.equal(mask(planFor(who, 'fhir'), labelled('N', code)), 'LEVEL5_FORBIDDEN', `${who} ${code}`)
    for (const code of ['N', 'R', 'HTEST', 'HIVE'])
      assert.match(mask(fhir, labelled(code)), new RegExp(`"code":"${code}".*张三`), code)
    const entry = [{ resource: labelled('HIV') }, { resource: labelled('N') }]
    const out = masked(fhir, { resourceType: 'Bundle', type: 'searchset', total: 2, entry }) as { entry: unknown[] }
    assert.equal(out.entry.length, 1)
  })

  it('the label of a bundle, the highest of its entries, does not tell what was left out', () => {
    const meta = { security: [{ code: 'HIV' }, { code: 'N' }] }
    const bundle = { resourceType: 'Bundle', meta, type: 'searchset', entry: [{ resource: condition('B20') }] }
    for (const who of ['research', 'third-party', 'billing']) {
      const out = mask(planFor(who, 'fhir'), bundle)
      assert.doesNotMatch(out, /HIV|B20/, who)
      assert.match(out, /"code":"N"/, who)
    }
    assert.match(mask(planFor('doctor', 'fhir'), bundle), /HIV.*B20/)
  })

  it('the same word elsewhere is no label: a category, a class, a tag', () => {
    const tagged = { resourceType: 'Patient', meta: { tag: [{ code: 'HIV' }] }, name: [{ text: '张三' }] }
    assert.match(mask(fhir, tagged), /张三/)
    const encounter = { resourceType: 'Encounter', class: { code: 'V' }, type: [{ coding: [{ code: 'MH' }] }] }
    assert.match(mask(fhir, encounter), /"V".*"MH"/)
  })
})

describe('level 5: HL7 v2 and NDJSON', () => {
  it('takes the message out and lowers BTS-1', () => {
    const batch = `FHS|^~\\&\rBHS|^~\\&\r${MSH}PID|1||1\rDG1|1||B20\r${MSH}PID|1||2\rDG1|1||J00\rBTS|2\rFTS|1\r`
    assert.equal(mask(hl7, batch), `FHS|^~\\&\rBHS|^~\\&\r${MSH}PID|1||2\rDG1|1||J00\rBTS|1\rFTS|1\r`)
    assert.equal(maskBytes(hl7, Buffer.from(batch)).rows, 1)
  })

  it('a BTS-1 that is no count is data, not a count to lower', () => {
    const out = mask(hl7, `BHS|^~\\&\r${MSH}DG1|1||B20\rBTS|13812345678\r`)
    assert.doesNotMatch(out, /13812345678/)
    assert.equal(mask(hl7, `${MSH}DG1|1||B20\r`), 'LEVEL5_FORBIDDEN')
  })

  it('takes the line out', () => {
    const plan = planFor('consult', 'ndjson')
    const lines = [
      '{"resourceType":"Condition","code":{"text":"B20"}}',
      '{"resourceType":"Condition","code":{"text":"J00"}}',
    ]
    assert.equal(mask(plan, `${lines.join('\n')}\n`), `${lines[1]}\n`)
  })
})
