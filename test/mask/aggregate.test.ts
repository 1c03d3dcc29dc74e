/** Lists as tables of statistics: what a group shows, what is held back, and that nothing of one row leaves. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, rulesWith } from './methods-fixture.ts'

describe('aggregate', () => {
  const CELLS = `
    resident-id: drop
    resource-id: pseudonym
    diagnosis: { method: aggregate, as: group, by: category-code, k: 3 }
    sex: { method: aggregate, as: group, k: 3 }
    lab-value: { method: aggregate, as: mean, k: 3 }
    record-no: { method: aggregate, as: count, k: 3 }
    person-name: keep`
  const person = (n: number, zdbm: string, xb: string, value: string) => ({
    xm_brxm: 'x',
    brxm: `患者${n}`,
    sfzh: n === 99 ? undefined : `5001031990030700${String(n).padStart(2, '0')}`,
    bah: `B${n}`,
    zdbm,
    xb,
    result_value: value,
  })

  it('HIS rows: one row for a group, small groups go, one patient counts once, nothing of one row leaves', () => {
    const list = [
      person(1, 'C34.900x001', '男', '10'),
      person(2, 'C34.100', '男', '11.5'),
      person(3, 'C34.9', '男', '13'),
      person(4, 'E11.9', '女', '5'),
      person(4, 'E11.9', '女', '5'),
      person(4, 'E11.9', '女', '5'),
      person(5, 'E11.9', '女', '5'),
      person(6, 'J45.9', '女', '7'),
    ]
    const text = mask(rulesWith(CELLS), { code: 0, data: { list, total: 8 } })
    const out = JSON.parse(text)
    assert.deepEqual(out.data.list, [{ bah: '3', zdbm: 'C34', xb: '男', result_value: '11.500' }])
    for (const row of list)
      for (const value of [row.brxm, row.sfzh, row.bah]) if (value) assert.ok(!text.includes(value))
    assert.ok(!text.includes('900x001') && !text.includes('E11') && !text.includes('J45'))
  })

  it('what is held back is never told by what is known of the whole: the smallest group goes with a single held row', () => {
    const list = [
      ...[1, 2, 3, 4].map((n) => person(n, 'C34.9', '男', '1')),
      ...[5, 6, 7].map((n) => person(n, 'E11.9', '男', '1')),
      person(8, 'J45.9', '男', '1'),
    ]
    const out = JSON.parse(mask(rulesWith(CELLS), { data: { list } }))
    assert.deepEqual(
      out.data.list.map((r: { zdbm: string; bah: string }) => [r.zdbm, r.bah]),
      [['C34', '4']],
    )
  })

  it('FHIR searchset: entries become groups, Bundle.total follows, patients beside them go', () => {
    const observation = (n: number, code: string, value: number) => ({
      fullUrl: `http://x/fhir/Observation/o${n}`,
      resource: {
        resourceType: 'Observation',
        id: `o${n}`,
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code }], text: code === '718-7' ? '血红蛋白' : '血糖' },
        subject: { reference: `Patient/p${n}`, display: '张三' },
        effectiveDateTime: '2026-10-01',
        valueQuantity: { value, unit: 'g/L', system: 'http://unitsofmeasure.org', code: 'g/L' },
      },
      search: { mode: 'match' },
    })
    const bundle = {
      resourceType: 'Bundle',
      type: 'searchset',
      total: 6,
      entry: [
        observation(1, '718-7', 130),
        observation(2, '718-7', 131),
        observation(3, '718-7', 135),
        observation(4, '2345-7', 99),
        observation(5, '2345-7', 98),
        observation(6, '4548-4', 6),
        { resource: { resourceType: 'Patient', id: 'p1', name: [{ text: '张三' }] }, search: { mode: 'include' } },
      ],
    }
    const rules = rulesWith(`
      resource-id: pseudonym
      lab-item: { method: aggregate, as: group, k: 3 }
      lab-value: { method: aggregate, as: mean, k: 3 }
      lab-unit: { method: aggregate, as: group, k: 3 }
      person-name: keep
      event-date: keep`)
    const text = mask(rules, bundle, { format: 'fhir' })
    const out = JSON.parse(text)
    assert.equal(out.entry.length, 1, text)
    assert.equal(out.total, 1)
    const { resource } = out.entry[0]
    assert.equal(resource.valueQuantity.value, 132)
    assert.equal(resource.code.text, '血红蛋白')
    for (const trace of ['Patient/p', 'o1', '张三', '2026-10', '血糖', '2345-7'])
      assert.ok(!text.includes(trace), trace)
  })

  it('outside of a list the value is removed', () => {
    const rules = rulesWith(CELLS)
    assert.deepEqual(JSON.parse(mask(rules, { data: { zdbm: 'C34.9', sfzh: '500103199003070025' } })), { data: {} })
    const message = 'MSH|^~\\&|HIS|H1|GW|H2|20261009083000||ADT^A01|M1|P|2.5.1\rDG1|1||C34.9^肺癌^I10'
    assert.ok(!mask(rules, message, { format: 'hl7v2' }).includes('C34'))
  })
})
