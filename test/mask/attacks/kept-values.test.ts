/** What is kept outside direct care: an identifier put into the place of a value that identifies nobody does not pass. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, masked, planFor, policy, rulesWith } from './fixture.ts'

const NAME = '欧阳娜娜'
const NUMBER = 'ZY20260001'
const STREET = '渝中区示例路10号'
const IDENTIFIERS = ['500103199003070025', '13812345678', 'li@example.com', '渝A12345', '6222021234567890128']
const OUTSIDE = ['research', 'third-party', 'management', 'billing', 'patient-self']
/** keys of values no policy hides as such: texts and codes of level 2 and below */
const KEPT = ['ckz', 'xmmc', 'jldw', 'ksmc', 'sfxmmc', 'jl', 'xb', 'hospitalname', 'jgmc']

describe('kept outside care: other identifiers', () => {
  for (const who of OUTSIDE)
    it(`${who}: in texts and codes of every level that identifies nobody`, () => {
      const plan = planFor(who, 'json')
      for (const key of KEPT)
        for (const value of IDENTIFIERS)
          for (const text of [value, `${value} 1-2`, `内科 ${value}`])
            assert.ok(!mask(plan, { [key]: text }).includes(value), `${key}: ${text}`)
    })

  it('management keeps names of staff, and no telephone in them', () => {
    const plan = planFor('management', 'json')
    assert.deepEqual(masked(plan, { ysxm: '王建国' }), { ysxm: '王建国' })
    assert.doesNotMatch(mask(plan, { ysxm: '王建国 13812345678' }), /138/)
  })

  it('HL7 v2: reference ranges and names of places', () => {
    const head = 'MSH|^~\\&|HIS|H0001|GW|H0002|20261121||ORU^R01|M1|P|2.4\r'
    for (const who of OUTSIDE) {
      const plan = planFor(who, 'hl7v2')
      for (const value of ['500103199003070025', '13812345678']) {
        const out = mask(plan, `${head}OBX|1|NM|1^x||1|mg|${value}||||F\rPV1|1|I|${'|'.repeat(36)}${value}\r`)
        assert.ok(!out.includes(value), `${who}: ${out}`)
      }
    }
  })

  it('what they usually hold stays as it is', () => {
    const row = { xmmc: '白细胞计数', ckz: '3.5-9.5', jldw: '10^9/L', ksmc: '呼吸内科', hospitalname: '重庆市某某医院' }
    assert.deepEqual(masked(planFor('research', 'json'), row), row)
  })
})

describe('kept outside care: known values', () => {
  const identity = { brxm: NAME, zyh: NUMBER, jtdz: `重庆市${STREET}`, gzdw: '某某机械有限公司' }
  for (const who of ['research', 'third-party', 'management'])
    it(`${who}: what is treated in a field is found in every text and code that is kept`, () => {
      const plan = planFor(who, 'json')
      for (const value of [NAME, NUMBER, STREET])
        for (const key of KEPT) {
          const payload = {
            data: [{ [key]: `床位费 ${value}` }, { [key]: value }, { ...identity, [key]: `${value}-1` }],
          }
          assert.ok(!mask(plan, payload).includes(value), `${key}: ${mask(plan, payload)}`)
          assert.ok(!mask(plan, { ...identity, a: JSON.stringify({ [key]: value }) }).includes(value), key)
        }
    })

  it('FHIR: in the words of a coding, in a unit', () => {
    const plan = planFor('third-party', 'fhir')
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: { resourceType: 'Patient', name: [{ text: NAME }] } },
        {
          resource: {
            resourceType: 'Observation',
            status: 'final',
            code: { coding: [{ system: 'http://loinc.org', code: '718-7', display: `${NAME} 血红蛋白` }], text: NAME },
            valueQuantity: { value: 1.1, unit: NAME },
          },
        },
      ],
    }
    assert.ok(!mask(plan, bundle).includes(NAME), mask(plan, bundle))
  })

  it('HL7 v2: in an observation name, a charge', () => {
    const head = 'MSH|^~\\&|HIS|H0001|GW|H0002|20261121||ORU^R01|M1|P|2.4\r'
    const out = mask(planFor('third-party', 'hl7v2'), `${head}PID|1||||${NAME}\rOBX|1|NM|1^${NAME}血常规||1\r`)
    assert.ok(!out.includes(NAME), out)
  })

  it('what a dictionary does not hold and is kept', () => {
    const cells = ['person-name: drop', 'lab-item: { method: substitute, dictionary: department, otherwise: keep }']
    for (const unknown of ['drop', 'codes-only']) {
      const plan = planFor('told', 'json', { rules: rulesWith([policy('told', cells, 'drop', unknown)]) })
      assert.deepEqual(masked(plan, { brxm: NAME, xmmc: '白细胞计数' }), { xmmc: '白细胞计数' })
      assert.ok(!mask(plan, { brxm: NAME, xmmc: `${NAME} 血常规` }).includes(NAME), unknown)
    }
  })

  it('a value the policy keeps is nobody to hide; in care nothing kept is looked through', () => {
    const row = { brxm: NAME, xmmc: `${NAME} 血常规`, sfzh: '500103199003070025' }
    assert.ok(mask(planFor('billing', 'json'), row).includes(row.xmmc))
    assert.ok(mask(planFor('nurse', 'json'), { ...row, xmmc: row.sfzh }).includes(`"xmmc":"${row.sfzh}"`))
  })
})
