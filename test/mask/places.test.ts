/**
 * Where identity sits, element by element: every member of every FHIR R4 resource and every field of every HL7 v2
 * segment, judged by its datatype; then the places domain practice names (one line each) and the element they are.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { isPrimitive, propertiesOf, RESOURCES } from '../../src/mask/formats/fhir-types.ts'
import { explainPayload, NO_HINTS, type Plan } from '../../src/mask/index.ts'
import { LIMITS, planFor, policy, rulesWith } from './attacks/fixture.ts'

const rules = rulesWith([policy('all', [], 'redact', 'redact')])
const plans = { fhir: planFor('all', 'fhir', { rules }), hl7v2: planFor('all', 'hl7v2', { rules }) }

/** Elements by the end of the address they stand at; `unknown` and `structure` where no element does. */
function readAs(plan: Plan, text: string): Map<string, string> {
  const { leaves } = explainPayload(plan, Buffer.from(text), NO_HINTS, LIMITS)
  return new Map(leaves.map((l) => [l.address.replace(/\[\d+\]/g, ''), l.element?.id ?? l.why.source]))
}

/** One value of each datatype that carries identity, and what each of its leaves may be. */
const NAMES = ['person-name', 'staff-name']
const NUMBERS =
  'resident-id other-document insurance-no bank-card record-no inpatient-no outpatient-no order-no staff-no staff-document bed-no facility device-id resource-id'.split(
    ' ',
  )
const LINES = ['mobile', 'landline', 'email', 'device-id']
const DAYS = ['event-date', 'birth-date', 'age', 'dose', 'order-text', 'lab-value', 'report-text']
const PLACES = ['address', 'postcode', 'facility']
const GONE: readonly string[] = []

const TYPES: Readonly<Record<string, readonly [value: unknown, leaves: Readonly<Record<string, readonly string[]>>]>> =
  {
    HumanName: [
      { text: '张三', family: '张', given: ['三'], prefix: ['先生'], suffix: ['x'] },
      { text: NAMES, family: NAMES, given: NAMES, prefix: NAMES, suffix: NAMES },
    ],
    Address: [
      { text: '重庆市渝中区', line: ['路'], city: '重庆市', district: '区', state: '市', postalCode: '400000' },
      { text: PLACES, line: PLACES, city: PLACES, district: PLACES, state: PLACES, postalCode: PLACES },
    ],
    ContactPoint: [{ system: 'phone', value: '13812345678' }, { value: LINES }],
    Identifier: [{ value: 'a00123456x', assigner: { display: '医院' } }, { value: NUMBERS }],
    Attachment: [
      { data: 'AAAA', url: 'http://x.org/1', title: 't', hash: 'AAAA' },
      { data: ['attachment'], url: ['attachment'], title: ['attachment'], hash: ['attachment'] },
    ],
    Narrative: [
      { status: 'generated', div: '<div>张三</div>' },
      { div: GONE, status: GONE },
    ],
    Signature: [
      { type: [{ code: 'x' }], when: '2020-01-01T00:00:00Z', who: { display: '张三' }, data: 'AAAA' },
      { data: GONE, when: GONE },
    ],
    Annotation: [
      { authorString: '王', text: 'x y' },
      { authorString: [...NAMES, 'dose'], text: ['note', 'dose'] },
    ],
    date: ['1990-03-07', { '': DAYS }],
    dateTime: ['1990-03-07T10:00:00Z', { '': DAYS }],
    instant: ['1990-03-07T10:00:00Z', { '': DAYS }],
    Period: [
      { start: '2020-01-01', end: '2020-01-02' },
      { start: DAYS, end: DAYS },
    ],
    ContactDetail: [{ name: '王' }, { name: NAMES }],
  }

/** Paths that are met again inside themselves need no second look. */
const DEPTH = 4

interface Member {
  readonly name: string
  readonly type: string
  readonly document: (value: unknown) => unknown
}

function* membersOf(type: string, name: string, wrap: (value: unknown) => unknown, depth = 0): Generator<Member> {
  for (const [key, property] of propertiesOf(type)) {
    if (/^(?:extension|modifierExtension|contained|implicitRules|language)$/.test(key)) continue
    // What every resource inherits is looked at once, in Patient.
    if (depth === 0 && type !== 'Patient' && /^(?:id|meta|text)$/.test(key)) continue
    for (const { type: inner } of property.types) {
      const here = (value: unknown): unknown => wrap({ [key]: property.list ? [value] : value })
      yield { name: `${name}.${key}`, type: inner, document: here }
      const part = !isPrimitive(inner) && inner.includes('.')
      if (part && depth < DEPTH && !name.endsWith(`.${key}`)) yield* membersOf(inner, `${name}.${key}`, here, depth + 1)
    }
  }
}

const membersOfAll = (): Member[] =>
  RESOURCES.flatMap((type) => [...membersOf(type, type, (value) => ({ resourceType: type, ...(value as object) }))])

describe('FHIR R4, every member of every resource', () => {
  const members = membersOfAll()

  it('values of types that carry identity are bound to elements of that kind', (t) => {
    const seen = new Map<string, number>()
    for (const { name, type, document } of members) {
      const known = TYPES[type]
      if (known === undefined) continue
      const read = readAs(plans.fhir, JSON.stringify(document(known[0])))
      for (const [leaf, admitted] of Object.entries(known[1])) {
        const is = read.get(leaf === '' ? name : `${name}.${leaf}`)
        if (admitted.length === 0) assert.equal(is, undefined, `${name}.${leaf} goes whole, and is ${is}`)
        // A composite that goes whole is spoken of at its own place.
        else assert.ok(admitted.includes(is ?? read.get(name) ?? ''), `${name}.${leaf} is ${is ?? read.get(name)}`)
      }
      seen.set(type, (seen.get(type) ?? 0) + 1)
    }
    t.diagnostic(JSON.stringify(Object.fromEntries(seen)))
    for (const type of Object.keys(TYPES)) assert.ok(seen.has(type), `no ${type} was looked at`)
  })

  it('the name a reference shows is somebody or something, never structure and never unknown', () => {
    let n = 0
    for (const { name, type, document } of members) {
      if (type !== 'Reference') continue
      const read = readAs(plans.fhir, JSON.stringify(document({ display: '张三' })))
      const is = read.get(`${name}.display`) ?? read.get(name)
      assert.ok(is !== undefined && is !== 'unknown' && is !== 'structure', `${name}.display is ${is}`)
      n++
    }
    assert.ok(n > 400, `${n} references`)
  })

  it('text is an element or unknown, never structure', () => {
    const open: string[] = []
    for (const { name, type, document } of members) {
      if (!['string', 'markdown', 'base64Binary'].includes(type)) continue
      if (readAs(plans.fhir, JSON.stringify(document('张三 13812345678'))).get(name) === 'structure') open.push(name)
    }
    assert.deepEqual(open, [])
  })
})

/** domain.md 2.4, column FHIR: member as JSON, and the element of its leaf. */
const NAMED_FHIR: readonly (readonly [string, unknown, string])[] = [
  ['Patient.name.text', { name: [{ text: '张三' }] }, 'person-name'],
  ['Patient.contact.name.text', { contact: [{ name: { text: '张三' } }] }, 'person-name'],
  ['RelatedPerson.name.text', { name: [{ text: '张三' }] }, 'person-name'],
  ['Person.name.text', { name: [{ text: '张三' }] }, 'person-name'],
  ['Observation.subject.display', { subject: { display: '张三' } }, 'person-name'],
  ['Patient.identifier.value', { identifier: [{ type: { coding: [{ code: 'NNCHN' }] }, value: '1' }] }, 'resident-id'],
  ['Patient.identifier.value', { identifier: [{ system: 'urn:oid:2.16.156.10011.1.3', value: '1' }] }, 'resident-id'],
  ['Patient.identifier.value', { identifier: [{ type: { coding: [{ code: 'PPN' }] }, value: '1' }] }, 'other-document'],
  ['Patient.identifier.value', { identifier: [{ type: { coding: [{ code: 'HC' }] }, value: '1' }] }, 'insurance-no'],
  ['Patient.identifier.value', { identifier: [{ type: { coding: [{ code: 'BC' }] }, value: '1' }] }, 'bank-card'],
  ['Patient.identifier.value', { identifier: [{ value: '1' }] }, 'record-no'],
  ['Patient.telecom.value', { telecom: [{ system: 'sms', value: '1' }] }, 'mobile'],
  ['Patient.telecom.value', { telecom: [{ system: 'email', value: 'a@b.cn' }] }, 'email'],
  ['Practitioner.telecom.value', { telecom: [{ system: 'phone', value: '1' }] }, 'mobile'],
  ['Location.address.text', { address: { text: '重庆' } }, 'address'],
  [
    'Patient.extension.valueAddress.text',
    {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueAddress: { text: '重庆' } },
      ],
    },
    'address',
  ],
  ['Patient.birthDate', { birthDate: '1990-03-07' }, 'birth-date'],
  [
    'Patient._birthDate.extension.valueDateTime',
    {
      _birthDate: {
        extension: [
          { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime', valueDateTime: '1990-03-07T10:00:00Z' },
        ],
      },
    },
    'birth-date',
  ],
  [
    'Patient.extension.valueDate',
    { extension: [{ url: 'http://example.org/born', valueDate: '1990-03-07' }] },
    'birth-date',
  ],
  ['Patient.deceasedDateTime', { deceasedDateTime: '2020-01-01' }, 'event-date'],
  ['FamilyMemberHistory.bornDate', { bornDate: '1990-03-07' }, 'birth-date'],
  ['FamilyMemberHistory.ageAge.value', { ageAge: { value: 36 } }, 'age'],
  ['Condition.onsetAge.value', { onsetAge: { value: 36 } }, 'age'],
  [
    'QuestionnaireResponse.item.answer.valueDate',
    { item: [{ linkId: '1', answer: [{ valueDate: '1990-03-07' }] }] },
    'birth-date',
  ],
  ['Encounter.identifier.value', { identifier: [{ value: '1' }] }, 'inpatient-no'],
  ['Encounter.identifier.value', { class: { code: 'AMB' }, identifier: [{ value: '1' }] }, 'outpatient-no'],
  ['Account.identifier.value', { identifier: [{ value: '1' }] }, 'inpatient-no'],
  ['ServiceRequest.requisition.value', { requisition: { value: '1' } }, 'order-no'],
  ['Patient.id', { id: '00123456' }, 'resource-id'],
  ['Coverage.subscriberId', { subscriberId: '1' }, 'insurance-no'],
  ['PaymentReconciliation.paymentIdentifier.value', { paymentIdentifier: { value: '1' } }, 'bank-card'],
  ['ExplanationOfBenefit.preAuthRef', { preAuthRef: ['1'] }, 'order-no'],
  ['Patient.maritalStatus.text', { maritalStatus: { text: '已婚' } }, 'marital-status'],
  ['Patient.contact.organization.display', { contact: [{ organization: { display: '某公司' } }] }, 'employer'],
  ['Condition.code.text', { code: { text: '肺癌' } }, 'diagnosis'],
  ['Condition.note.text', { note: [{ text: 'x' }] }, 'note'],
  ['Encounter.reasonCode.text', { reasonCode: [{ text: '肺癌' }] }, 'diagnosis'],
  ['ImagingStudy.reasonCode.text', { reasonCode: [{ text: 'HIV' }] }, 'diagnosis'],
  [
    'Claim.diagnosis.diagnosisCodeableConcept.text',
    { diagnosis: [{ sequence: 1, diagnosisCodeableConcept: { text: '肺癌' } }] },
    'diagnosis',
  ],
  ['Procedure.code.text', { code: { text: '阑尾切除' } }, 'procedure'],
  ['MedicationRequest.medicationCodeableConcept.text', { medicationCodeableConcept: { text: '思密达' } }, 'drug-name'],
  [
    'CarePlan.activity.detail.productCodeableConcept.text',
    { activity: [{ detail: { status: 'x', productCodeableConcept: { text: '思密达' } } }] },
    'drug-name',
  ],
  ['Medication.batch.lotNumber', { batch: { lotNumber: '1' } }, 'drug-maker'],
  ['MedicationRequest.dosageInstruction.text', { dosageInstruction: [{ text: '3g' }] }, 'order-text'],
  ['Observation.valueString', { valueString: 'x' }, 'report-text'],
  ['DiagnosticReport.conclusion', { conclusion: 'x' }, 'report-text'],
  ['DiagnosticReport.presentedForm.data', { presentedForm: [{ data: 'AAAA' }] }, 'attachment'],
  [
    'QuestionnaireResponse.item.answer.valueString',
    { item: [{ linkId: '1', answer: [{ valueString: 'x' }] }] },
    'report-text',
  ],
  ['Communication.payload.contentString', { payload: [{ contentString: 'x' }] }, 'report-text'],
  ['Practitioner.name.text', { name: [{ text: '王' }] }, 'staff-name'],
  ['Practitioner.identifier.value', { identifier: [{ value: '1' }] }, 'staff-no'],
  [
    'Practitioner.qualification.identifier.value',
    { qualification: [{ identifier: [{ value: '1' }], code: {} }] },
    'staff-document',
  ],
  ['Binary.data', { contentType: 'image/png', data: 'AAAA' }, 'attachment'],
  ['Device.serialNumber', { serialNumber: '1' }, 'device-id'],
]

/** domain.md 2.4, column v2, with where the value stands: SEG-field[.component]. */
const NAMED_HL7: Readonly<Record<string, string>> = {
  'person-name': 'PID-5 PID-6 PID-9 MRG-7 NK1-2 NK1-30 GT1-3 GT1-4 GT1-45 IN1-16 QRD-8.2 ACC-9 CTD-2',
  'resident-id': 'PID-19 NK1-37 GT1-12 IN2-2 QRD-8.1',
  'other-document': 'PID-20',
  mobile: 'PID-13 PID-14 PID-40 NK1-5 NK1-6 NK1-31 GT1-6 GT1-7 OBR-17 ORC-14 SCH-13',
  address: 'PID-11 PID-12 PID-23 NK1-4 NK1-32 GT1-5 GT1-17 IN1-19 IN1-44 ACC-11',
  'birth-date': 'PID-7 NK1-16 GT1-8 IN1-18',
  'record-no': 'PID-2 PID-3 PID-4 PID-18 MRG-1 MRG-2 MRG-3 MRG-4 NK1-33',
  'inpatient-no': 'PV1-5 PV1-19 PV1-50 MRG-5 MRG-6',
  'insurance-no': 'IN1-2 IN1-36 IN1-49 IN2-6 IN2-61',
  'order-no': 'OBR-2 OBR-3 OBR-18 OBR-19 OBR-20 OBR-21 ORC-2 ORC-3 SPM-2 RXE-15',
  ethnicity: 'PID-10 PID-22 PID-26',
  religion: 'PID-17',
  'marital-status': 'PID-16',
  employer: 'NK1-13 GT1-16 GT1-51 IN1-11',
  'vip-flag': 'PV1-16 PID-27',
  relationship: 'NK1-3 IN1-17',
  'bed-no': 'PV1-3.3',
  diagnosis: 'DG1-3 DG1-4 PV2-3 OBR-31 RXO-20',
  procedure: 'PR1-3 PR1-4',
  allergy: 'AL1-3 AL1-4 AL1-5 IAM-3 IAM-5',
  'drug-name': 'RXE-2 RXE-31 RXO-1 RXD-2 RXA-5 RXC-2',
  dose: 'RXE-3 RXE-4 RXE-5 RXE-16 RXE-17 RXO-2 RXO-25 RXD-4 RXA-6 TQ1-2 TQ1-14 RXR-1 RXR-6',
  'order-text': 'RXE-7 RXE-21 RXO-6 RXO-7 TQ1-11',
  'drug-maker': 'RXD-18 RXA-15 RXA-17',
  'charge-item': 'FT1-7 FT1-10',
  note: 'NTE-3 MSA-3 ERR-7 ERR-8 DSP-3',
  'report-text': 'OBR-13 OBR-39',
  'staff-name':
    'PV1-7.2 PV1-8.2 PV1-9.2 PV1-17.2 PV1-52.2 ORC-10.2 ORC-11.2 ORC-12.2 ORC-19.2 OBR-10.2 OBR-16.2 OBR-28.2 OBX-16.2 OBX-25.2 DG1-16.2 PR1-8.2 PR1-11.2 PR1-12.2 RXE-13.2 RXE-14.2 EVN-5.2 TXA-5.2 TXA-9.2 TXA-22.2 ROL-4.2 STF-3 AIP-3.2 SCH-12.2',
  'staff-no': 'PV1-7.1 ORC-12.1 OBR-16.1 TXA-5.1 ROL-4.1 AIP-3.1 STF-2',
  'staff-document': 'STF-22',
  credential: 'MSH-8',
}

const MSH = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|P|2.5\r'

/** A message with one value at one place. */
function messageAt(place: string): string {
  const [segment, field, component = '1'] = place.split(/[-.]/)
  const value = `${'^'.repeat(Number(component) - 1)}x秘书9`
  if (segment === 'MSH') return MSH.replace('20260101|', `20260101|${value}`)
  return `${MSH}${segment}${'|'.repeat(Number(field))}${value}\r`
}

const SEGMENTS = (
  JSON.parse(readFileSync(new URL('../../data/hl7v2.json', import.meta.url), 'utf8')) as {
    segments: Readonly<Record<string, string>>
  }
).segments
/** Datatypes that hold a person, a number of a person, a place or a way to reach somebody. */
const TELLING = /^(?:XPN|PN|XCN|PPN|CN|CNN|XAD|AD|XTN|TN|CX|CK|DLN|SSN|TX|FT|ED|RP)$/

describe('places domain practice names', () => {
  for (const [name, content, element] of NAMED_FHIR)
    it(`${name} is ${element}`, () => {
      const document = { resourceType: name.split('.')[0], ...(content as object) }
      const read = readAs(plans.fhir, JSON.stringify(document))
      assert.equal(read.get(name) ?? read.get(name.replace(/\.[^.]*$/, '')), element)
    })

  for (const [element, places] of Object.entries(NAMED_HL7))
    it(`HL7 v2: ${element}`, () => {
      for (const place of places.split(' ')) {
        const read = [...readAs(plans.hl7v2, messageAt(place))].filter(([address]) =>
          address.startsWith(place.split('.')[0]!),
        )
        assert.deepEqual([...new Set(read.map(([, is]) => is))], [element], place)
      }
    })

  it('HL7 v2: a field of a telling datatype is an element or unknown in every segment, never structure', () => {
    let n = 0
    for (const [segment, types] of Object.entries(SEGMENTS)) {
      if (/^(?:MSH|FHS|BHS)$/.test(segment)) continue
      for (const [i, type] of types.split(' ').entries()) {
        if (!TELLING.test(type.split(':')[0]!)) continue
        const read = readAs(plans.hl7v2, `${MSH}${segment}${'|'.repeat(i + 1)}x秘书1^x秘书2^x秘书3^x秘书4^x秘书5\r`)
        for (const [address, is] of read) if (address.startsWith(segment)) assert.notEqual(is, 'structure', address)
        n++
      }
    }
    assert.ok(n > 250, `${n} fields`)
  })
})
