/** A resident ID in another number's place: hospitals that number people by their cards send it as record number. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explainPayload, NO_HINTS } from '../../src/mask/index.ts'
import { mayBeResidentId } from '../../src/mask/kept-id.ts'
import { canonical } from '../../src/mask/kinds.ts'
import { checkDigit, parseResidentId } from '../../src/mask/resident-id.ts'
import { LIMITS, mask, planFor, planOf, policy, rulesWith } from './attacks/fixture.ts'
import { chance } from './fixtures.ts'

const ID = '500103199003070025'
const HIDDEN = '5***************25'
/** the check digit fails, the day does not exist, a digit more, a record number with a prefix */
const OTHERS = ['500103199003070026', '500103199002300020', '5001031990030700251', 'ZY20260001', '00123456', '20260001']
const MASKS = ['doctor', 'nurse', 'consult', 'patient-self']

const PAYLOAD: Readonly<Record<'json' | 'fhir' | 'hl7v2', (no: string) => string>> = {
  json: (no) => JSON.stringify({ patientId: no, zyh: no, mzh: no, sqdh: no }),
  fhir: (no) =>
    JSON.stringify({
      resourceType: 'Patient',
      identifier: [
        { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, value: no },
        { system: 'http://hospital.example/mrn', value: no },
      ],
    }),
  hl7v2: (no) =>
    `MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|P|2.5\rPID|1||${no}^^^H0001^MR~00123456^^^H0001^MR\rPV1|1|I|||||||||||||||||${no}\rORC|NW|${no}\r`,
}
const FORMATS = Object.keys(PAYLOAD) as (keyof typeof PAYLOAD)[]

describe('a resident ID where another number is kept', () => {
  for (const format of FORMATS)
    it(`${format}: treated as the policy treats resident IDs`, () => {
      for (const who of MASKS)
        assert.equal(mask(planFor(who, format), PAYLOAD[format](ID)), PAYLOAD[format](HIDDEN), who)
    })

  for (const format of FORMATS)
    it(`${format}: true numbers stay byte for byte, and so does everything where the policy keeps resident IDs`, () => {
      for (const who of MASKS)
        for (const no of OTHERS) assert.equal(mask(planFor(who, format), PAYLOAD[format](no)), PAYLOAD[format](no), who)
      assert.equal(mask(planFor('billing', format), PAYLOAD[format](ID)), PAYLOAD[format](ID))
    })

  it('in every spelling that fields of resident IDs are read in', () => {
    const plan = planFor('doctor', 'json')
    for (const written of [
      '"５００１０３１９９００３０７００２５"',
      '"500103 19900307 0025"',
      '"500103-19900307-0025"',
      '" 500103199003070025 "',
      `"${[...ID].map((c) => `\\u003${c}`).join('')}"`,
      ID,
    ])
      assert.deepEqual(JSON.parse(mask(plan, `{"zyh":${written}}`)), { zyh: HIDDEN }, written)
    assert.deepEqual(JSON.parse(mask(plan, '{"zyh":"11010519491231002x"}')), { zyh: '1***************2X' })
  })

  it('explained by the line of the resident ID, in groups too, and counted as it leaves', () => {
    for (const format of FORMATS) {
      const seen = explainPayload(planFor('doctor', format), Buffer.from(PAYLOAD[format](ID)), NO_HINTS, LIMITS)
      const lines = seen.leaves.filter((l) => l.outcome === 'replaced')
      assert.ok(lines.length >= 2, format)
      for (const { element, why, method } of lines)
        assert.deepEqual([element?.id, why.source, why.policy, method], ['resident-id', 'cell', 'doctor', 'mask'])
    }
  })

  it('a floor on identity documents reaches it', () => {
    const { path, text } = policy('floor', ['resident-id: keep', 'inpatient-no: keep'], 'drop', 'drop')
    const floor = text.replace('elements:', 'floors: { identity-documents: never-clear }\nelements:')
    const plan = planFor('floor', 'json', { rules: rulesWith([{ path, text: floor }]) })
    assert.equal(mask(plan, { zyh: ID }), '{"zyh":"***"}')
    assert.equal(mask(plan, { zyh: 'ZY20260001' }), '{"zyh":"ZY20260001"}')
  })

  it('where the policy makes an approved exception of resident IDs, it stays', () => {
    const exception =
      'method: keep, when: { interfaces: [attacks] }, exception: { approval: 12号, expires: 2099-01-01 }'
    const cells = [`resident-id: [{ method: mask, keep: 1+2 }, { ${exception} }]`, 'inpatient-no: keep']
    const rules = rulesWith([policy('excepted', cells, 'drop', 'drop')])
    const sent = `{"zyh":"${ID}"}`
    assert.equal(mask(planFor('excepted', 'json', { rules }), sent), sent)
    const elsewhere = planOf({ role: 'excepted', scenario: null, format: 'json', rules, interfaceId: 'other' })
    assert.equal(mask(elsewhere, sent), `{"zyh":"${HIDDEN}"}`)
  })

  it('what has no check digit cannot be told from a record number and stays; the address of a resource stays', () => {
    assert.equal(mask(planFor('doctor', 'json'), { zyh: '13812345678' }), '{"zyh":"13812345678"}')
    const patient = JSON.stringify({ resourceType: 'Patient', id: ID })
    assert.equal(mask(planFor('doctor', 'fhir'), patient), patient)
  })

  it('by bytes: whatever is one by its text may be one by its bytes', () => {
    const pick = chance(20_261_122)
    let found = 0
    for (let i = 0; i < 3000; i++) {
      const digits = `5001031990${String(1 + pick(12)).padStart(2, '0')}${String(1 + pick(28)).padStart(2, '0')}${String(pick(1000)).padStart(3, '0')}`
      const text = spelt(`${digits}${checkDigit(digits)}`, pick)
      if (parseResidentId(canonical('identifier', text))?.checked !== true) continue
      found++
      const bytes = Buffer.from(text)
      assert.ok(mayBeResidentId(bytes, 0, bytes.length), JSON.stringify(text))
    }
    assert.ok(found > 2000, String(found))
    for (const text of ['ZY20260001', '00123456', 'ZY500103199003070025', '20261122101500000123'])
      assert.equal(mayBeResidentId(Buffer.from(text), 0, text.length), false, text)
  })
})

function spelt(id: string, pick: (n: number) => number): string {
  const signs = ['', '', '', '', ' ', '-', '–', '\u200b']
  const sign = signs[pick(signs.length)]!
  const wide = pick(4) === 0
  const all = [...id].map((c, i) => {
    const lower = c === 'X' && pick(2) === 0 ? 'x' : c
    const one = wide && pick(2) === 0 ? String.fromCharCode(lower.charCodeAt(0) + 0xfee0) : lower
    return i === 6 || i === 14 ? sign + one : one
  })
  return ['', ' ', '\u3000'][pick(3)]! + all.join('') + ['', ' ', '\t'][pick(3)]!
}
