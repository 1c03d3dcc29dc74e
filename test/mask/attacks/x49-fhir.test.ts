/** X49 and domain.md 6.2: composites, other forms of a value, references, unknown resources and decimals of FHIR. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, masked, planFor } from './fixture.ts'

const management = planFor('management', 'fhir')
const outside = planFor('third-party', 'fhir')
const research = planFor('research', 'fhir')
const nurse = planFor('nurse', 'fhir')
const patient = (members: object): object => ({ resourceType: 'Patient', ...members })
const nameOf = (name: object): unknown => masked(management, patient({ name: [name] }))

describe('X49: FHIR composites', () => {
  it('a whole leaf that says nothing does not hide the parts', () => {
    for (const text of [' ', '\u3000', '\u200b', '\ufeff'])
      assert.deepEqual(
        nameOf({ text, family: '张', given: ['三'] }),
        patient({ name: [{ family: '张**' }] }),
        JSON.stringify(text),
      )
  })

  it('another form of a value goes with it, alone, beside a use code, and beside a name that passes', () => {
    const pinyin = { extension: [{ url: 'http://x/pinyin', valueString: 'Zhang San' }] }
    assert.deepEqual(nameOf({ use: 'official', _family: pinyin }), patient({ name: [{ use: 'official' }] }))
    assert.deepEqual(nameOf({ family: '无名氏', _family: pinyin }), patient({ name: [{ family: '无名氏' }] }))
    assert.deepEqual(nameOf({ text: '张三', _text: pinyin }), patient({ name: [{ text: '张**' }] }))
  })

  it('what stands where a use code belongs and is none goes', () => {
    const out = mask(
      management,
      patient({
        name: [
          { use: '张三丰', text: '张三' },
          { period: { start: '李四' }, text: '张三' },
        ],
        address: [{ country: '重庆市渝中区示例路10号', text: '重庆市渝中区' }],
        telecom: [{ use: '王五', value: '13812345678' }],
      }),
    )
    assert.doesNotMatch(out, /张三|李四|示例|王五|1381/)
  })

  it('masks a coding alike twice, with its codes and without', () => {
    const reason = {
      resourceType: 'Encounter',
      reasonCode: [{ coding: [{ code: 'E11', display: '糖尿病' }], text: '糖尿病 张三' }],
    }
    const once = mask(planFor('research', 'fhir'), reason)
    assert.equal(mask(research, once), once)
    const location = {
      resourceType: 'Procedure',
      statusReason: { coding: [{ code: 'x', display: '张三' }], text: '李四' },
    }
    const removed = mask(research, location)
    assert.equal(mask(research, removed), removed)
    assert.doesNotMatch(removed, /张三|李四/)
    const scrubbed = mask(nurse, location)
    assert.equal(mask(nurse, scrubbed), scrubbed)
  })

  it('narrative and signatures are removed whole, also where report text is kept', () => {
    const text = { status: 'generated', div: '<div>500103199003070025</div>' }
    assert.deepEqual(masked(nurse, patient({ text, active: true })), patient({ active: true }))
  })

  it('an observation that names an identifier is one', () => {
    const observation = { resourceType: 'Observation', code: { text: '身份证号' }, valueString: '500103199003070025' }
    assert.match(mask(nurse, observation), /"valueString":"5\*+25"/)
    const component = { code: { coding: [{ code: 'SFZH' }] }, valueString: '500103199003070025' }
    assert.match(mask(nurse, { resourceType: 'Observation', component: [component] }), /"valueString":"5\*+25"/)
  })
})

describe('X49: FHIR references', () => {
  it('an id is the same token wherever it stands', () => {
    const out = mask(research, {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        { fullUrl: 'https://up.example/fhir/Patient/00123456', resource: patient({ id: '00123456' }) },
        { resource: { resourceType: 'Observation', subject: { reference: 'Patient/00123456/_history/2' } } },
      ],
    })
    const tokens = out.match(/P[A-Z2-7]{19}/g) ?? []
    assert.equal(tokens.length, 3)
    assert.equal(new Set(tokens).size, 1)
    assert.doesNotMatch(out, /00123456|up\.example/)
  })

  it('a fragment and the id it points at stay together', () => {
    const contained = (id: string) => ({
      resourceType: 'Observation',
      contained: [patient({ id })],
      subject: { reference: `#${id}` },
    })
    const out = (id: string) =>
      masked(research, contained(id)) as { contained: { id: string }[]; subject: { reference: string } }
    assert.deepEqual(out('pat-1'), contained('pat-1'))
    const token = out('500103199003070025')
    assert.equal(token.subject.reference, `#${token.contained[0]!.id}`)
    assert.match(token.subject.reference, /^#P[A-Z2-7]{19}$/)
  })

  it('conditional, search and broken references go', () => {
    for (const reference of ['Patient?identifier=500103199003070025', '张三', 'Patient/张三', 'Patient/1?name=张三'])
      assert.doesNotMatch(
        mask(research, { resourceType: 'Observation', subject: { reference } }),
        /5001|张三|1381/,
        reference,
      )
  })
})

describe('X49: FHIR payloads of other shapes', () => {
  it('of an unknown resource nothing is taken for the harmless reading', () => {
    const out = mask(research, {
      resourceType: 'Foo',
      address: [{ text: '重庆市渝中区示例路10号' }],
      code: { text: '张三' },
      name: [{ text: '张三丰' }],
    })
    assert.doesNotMatch(out, /示例|张三/)
  })

  it('resourceType stands anywhere, escaped or not, but never twice with two values', () => {
    for (const key of ['resourceType', 'resourceTyp\\u0065'])
      assert.match(mask(management, `{"birthDate":"1990-03-07","${key}":"Patient"}`), /"1990"/, key)
    assert.equal(mask(outside, '{"resourceType":"Patient","resourceType":"Observation"}'), 'PAYLOAD_INVALID')
  })

  it('decimals, white space and order stay as they are', () => {
    const text =
      '{ "valueQuantity" : {"value":1.10 ,"unit":"mg/dL"},\n"referenceRange":[{"low":{"value":1e-22},"high":{"value":0.50}}], "resourceType":"Observation"}'
    assert.equal(mask(research, text), text)
  })
})
