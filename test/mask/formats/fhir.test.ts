/** FHIR: selectors, where bindings hold, composites, references, structure, records and rows. */

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { finish } from '../../../src/base/steps.ts'
import { parseFhirSelector } from '../../../src/mask/formats/fhir-path.ts'
import { parseReference } from '../../../src/mask/formats/fhir-reference.ts'
import { formatOf } from '../../../src/mask/formats/index.ts'
import { ALL, BOUND, type Line, Read, rulesOf } from './fixture.ts'

const read = (lines: readonly Line[], payload: unknown, interest = ALL, options = {}) =>
  new Read('fhir', rulesOf('fhir', lines), payload, interest, options)

describe('FHIR selectors', () => {
  it('are refused with the offset of the mistake', () => {
    const wrong: [string, number][] = [
      ['Patiant.name', 0],
      ['Patient.nam', 8],
      ['Patient.name.famly', 13],
      ['Patient..name', 8],
      ['Patient.name family', 12],
      ['Patient.name.where(use = official)', 25],
      ["Patient.name.where(usage = 'x')", 19],
      ["Patient.name.where(use = 'x'", 28],
      ["Patient.where(gender = 'x').name.where(use = 'y')", 33],
      ['Observation.value.ofType(Attachment)', 18],
      ['Patient.name.first()', 13],
      ['Reference(Patent).display', 10],
      ['Reference(Patient).reference', 19],
      ['string', 0],
      ['', 0],
    ]
    for (const [text, offset] of wrong) {
      const parsed = parseFhirSelector(text)
      assert.ok('error' in parsed, text)
      assert.equal(parsed.offset, offset, `${text}: ${parsed.error}`)
    }
  })

  it('are read in every form of the subset', () => {
    for (const text of [
      'HumanName',
      'dateTime',
      'Resource.id',
      'Patient.contact.name.family',
      "Patient.identifier.where(type.coding.code = 'NI').value",
      "Identifier.where(system = 'urn:oid:1.2')",
      "Patient.extension('http://x').value.ofType(Coding).code",
      'Observation.value',
      'Bundle.entry.request.url',
      'Reference(Patient|RelatedPerson|Person).display',
    ]) {
      assert.ok(!('error' in parseFhirSelector(text)), text)
    }
    assert.notEqual(formatOf('fhir').check({ path: null, key: 'xm', within: null, pair: null }), null)
  })
})

describe('where FHIR bindings hold', () => {
  it('binds a type wherever it occurs: contained, extensions, parameters, nested bundles', () => {
    const patient = { resourceType: 'Patient', name: [{ text: 'N' }] }
    const places = [
      patient,
      { resourceType: 'Observation', contained: [patient] },
      { resourceType: 'Parameters', parameter: [{ name: 'p', part: [{ name: 'q', resource: patient }] }] },
      { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Bundle', entry: [{ resource: patient }] } }] },
      { resourceType: 'Basic', extension: [{ url: 'u', extension: [{ url: 'v', valueHumanName: { text: 'N' } }] }] },
      { resourceType: 'Nonsense', whatever: 1, name: { text: 'N' } },
      { name: [{ text: 'N' }] },
    ]
    for (const payload of places) {
      for (const interest of [ALL, BOUND]) {
        assert.deepEqual(
          read([['person-name', 'HumanName']], payload, interest).bound('"N"'),
          ['person-name whole'],
          JSON.stringify(payload),
        )
      }
    }
  })

  it('lets the narrower binding come first', () => {
    const lines: Line[] = [
      ['event-date', 'date'],
      ['person-name', 'HumanName'],
      ['staff-name', 'Practitioner.name'],
      ['own', 'HumanName', 'his'],
      ['birth-date', 'Patient.birthDate'],
    ]
    const practitioner = { resourceType: 'Practitioner', name: [{ text: 'N' }], birthDate: '1990' }
    assert.deepEqual(read(lines, practitioner).bound('"N"'), ['staff-name whole'])
    assert.deepEqual(read(lines, practitioner).bound('"1990"'), ['event-date whole'])
    assert.deepEqual(read(lines, practitioner, ALL, { interfaceId: 'his' }).bound('"N"'), ['own whole'])
    assert.deepEqual(read(lines, { resourceType: 'Patient', birthDate: '1990' }).bound('"1990"'), ['birth-date whole'])
  })

  it('judges conditions in one instance of the object they stand on', () => {
    const lines: Line[] = [
      ['record-no', 'Patient.identifier'],
      ['resident-id', "Patient.identifier.where(type.coding.code = 'NI')"],
    ]
    const coded = (code: string, value: string) => ({ value, type: { coding: [{ code: 'x' }, { code }] } })
    const r = read(lines, { resourceType: 'Patient', identifier: [coded('NI', 'one'), coded('MR', 'two')] }, BOUND)
    assert.deepEqual(r.bound('"one"'), ['resident-id whole if', 'record-no whole'])
    const condition = r.reader.layout.conditions[r.site('"one"').candidates[0]!.condition]!
    assert.ok(condition.test('NI') && !condition.test('MR'))
    assert.deepEqual(r.site('"NI"').witnesses, [r.site('"one"').candidates[0]!.condition])
    const scopes = r.scopes().filter((s) => s.flags === 'group')
    assert.deepEqual(
      scopes.map((s) => JSON.parse(s.text).value),
      ['one', 'two'],
    )
    assert.equal(r.reader.layout.scopes[condition.scope]!.group, true)
  })

  it('reads choices by their alternative', () => {
    const lines: Line[] = [
      ['lab-value', 'Observation.value.ofType(Quantity)'],
      ['report-text', 'Observation.value.ofType(string)'],
      ['any', 'Observation.effective'],
    ]
    const one = read(lines, {
      resourceType: 'Observation',
      valueQuantity: { value: 5.1, unit: 'g/L' },
      effectivePeriod: { start: '2020' },
    })
    assert.deepEqual(one.bound('5.1'), ['lab-value whole'])
    assert.deepEqual(one.bound('"2020"'), ['any whole'])
    assert.deepEqual(one.bound('"g/L"'), [])
    assert.deepEqual(read(lines, { resourceType: 'Observation', valueString: 's' }).bound('"s"'), ['report-text whole'])
  })

  it('knows the person behind a display by the target: declared, told by the reference, or not at all', () => {
    const lines: Line[] = [
      ['person-name', 'Reference.display'],
      ['person-name', 'Reference(Patient|RelatedPerson).display'],
      ['staff-name', 'Reference(Practitioner|PractitionerRole).display'],
      ['facility', 'Reference(Organization).display'],
    ]
    const patient = {
      resourceType: 'Patient',
      managingOrganization: { display: 'O' },
      generalPractitioner: [{ reference: 'Practitioner/1', display: 'D' }],
    }
    const r = read(lines, patient)
    assert.equal(r.bound('"O"').at(-1), 'facility whole', 'the definitions allow an organisation only')
    assert.deepEqual(r.bound('"D"').toSorted(), [
      'facility whole if',
      'person-name whole',
      'person-name whole if',
      'staff-name whole if',
    ])
    const staff = r.site('"D"').candidates.find((c) => c.element.id === 'staff-name')!
    const { test } = r.reader.layout.conditions[staff.condition]!
    for (const text of [
      'Practitioner/1',
      'https://h/fhir/PractitionerRole/2/_history/1',
      'Practitioner',
      'http://hl7.org/fhir/StructureDefinition/Practitioner',
    ]) {
      assert.ok(test(text), text)
    }
    for (const text of ['Patient/1', '#p', 'urn:uuid:1', 'Practitioner/../Patient', '']) assert.ok(!test(text), text)
  })
})

describe('identity sent as an observation', () => {
  const lines: Line[] = [
    ['lab-value', 'Observation.value'],
    ['report-text', 'Observation.component.value'],
    ['resident-id', 'Patient.id'],
    ['mobile', 'Patient.id'],
  ]
  const observation = (code: object, value: string) => ({ resourceType: 'Observation', code, valueString: value })

  it('is that element, whatever else is bound there', () => {
    for (const code of [
      { coding: [{ code: 'x' }, { code: 'SFZH' }] },
      { text: '身份证号' },
      { coding: [{ display: '身份证号：' }] },
    ]) {
      const r = read(lines, observation(code, 'V'), BOUND)
      const holds = r.site('"V"').candidates.filter((c) => c.condition >= 0 && r.holds(c.condition))
      assert.deepEqual(
        holds.map((c) => c.element.id),
        ['resident-id'],
        JSON.stringify(code),
      )
    }
    const part = read(
      lines,
      {
        resourceType: 'Observation',
        component: [observation({ text: '手机号' }, 'A'), observation({ text: '血红蛋白' }, 'B')],
      },
      BOUND,
    )
    assert.deepEqual(part.bound('"A"'), part.bound('"B"'))
    assert.ok(part.leaf('"手机号"') >= 0 && part.leaf('"血红蛋白"') < 0, 'only the telling code reaches the tape')
  })

  it('costs ordinary observations no witness', () => {
    const r = read(
      lines,
      observation({ coding: [{ code: '718-7', display: '血红蛋白' }], text: '血红蛋白' }, 'V'),
      BOUND,
    )
    assert.equal(r.leaf('"718-7"'), -1)
    assert.equal(r.bound('"V"').at(-1), 'lab-value whole')
  })
})

describe('FHIR composites', () => {
  it('gives the leaves of a name their parts, and its other forms the echo', () => {
    const name = {
      use: 'official',
      text: 'T',
      family: 'F',
      _family: { extension: [{ url: 'u', valueString: 'FE' }] },
      given: ['G'],
      prefix: ['P'],
      suffix: ['S'],
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode: 'SYL' }],
      period: { start: '2001' },
    }
    const r = read([['person-name', 'HumanName']], { resourceType: 'Patient', name: [name] })
    const parts = ['"T"', '"F"', '"FE"', '"G"', '"P"', '"S"', '"official"', '"2001"'].map((raw) => r.bound(raw)[0])
    const roles = ['whole', 'part', 'echo', 'part', 'part', 'part', 'use', 'use']
    assert.deepEqual(
      parts,
      roles.map((role) => `person-name ${role}`),
    )
    const order = ['"F"', '"G"', '"P"', '"S"'].map((raw) => r.site(raw).candidates[0]!.part)
    assert.deepEqual(order, [0, 1, 2, 3])
    assert.equal(r.site('"FE"').admits, 'none')
    const group = r.reader.layout.scopes.find((s) => s.group)!
    assert.ok(group.phonetic >= 0 && r.site('"SYL"').witnesses.includes(group.phonetic))
    const { test } = r.reader.layout.conditions[group.phonetic]!
    assert.deepEqual(['SYL', 'ABC', 'IDE'].map(test), [true, true, false])
  })

  it('treats codes, displays and text of one concept together, and leaves the system', () => {
    const code = { coding: [{ system: 'http://s', code: 'C34', display: 'D' }], text: 'X' }
    const r = read([['diagnosis', 'Condition.code']], { resourceType: 'Condition', code })
    assert.deepEqual(
      ['"C34"', '"D"', '"X"'].map((raw) => r.bound(raw)[0]),
      ['diagnosis code', 'diagnosis whole', 'diagnosis whole'],
    )
    assert.deepEqual(r.bound('"http://s"'), [])
    assert.equal(r.scopes().filter((s) => s.flags === 'group').length, 1)
    const event = read([['x', 'Encounter.class']], { resourceType: 'Encounter', class: { code: 'AMB', display: 'D' } })
    assert.deepEqual(event.bound('"AMB"'), ['x code'])
  })

  it('binds all leaves below a type without a table, nested composites by theirs', () => {
    const dosage = {
      text: 'T',
      timing: { repeat: { frequency: 3 } },
      route: { text: 'R' },
      doseAndRate: [{ doseQuantity: { value: 0.5, unit: 'g' } }],
    }
    const r = read([['dose', 'Dosage']], { resourceType: 'MedicationRequest', dosageInstruction: [dosage] })
    for (const raw of ['"T"', '3', '"R"', '0.5']) assert.deepEqual(r.bound(raw), ['dose whole'], raw)
    assert.deepEqual(r.bound('"g"'), [])
  })

  it('finds the authority of a local identifier', () => {
    const r = read(
      [['record-no', 'Patient.identifier']],
      { resourceType: 'Patient', id: 'i', identifier: [{ value: 'v', system: 'http://h1' }] },
      BOUND,
    )
    assert.equal(r.doc.authority(r.tape, r.leaf('"v"')), 'http://h1')
  })

  it('marks birth time and other companions of a path as its echo', () => {
    const payload = {
      resourceType: 'Patient',
      birthDate: '1990-03-07',
      _birthDate: { extension: [{ url: 'u', valueDateTime: '1990-03-07T10:00:00Z' }] },
    }
    const r = read([['birth-date', 'Patient.birthDate']], payload)
    assert.deepEqual(r.bound('"1990-03-07T10:00:00Z"'), ['birth-date echo'])
  })
})

describe('FHIR references', () => {
  it('are parsed as [base/]Type/id[/_history/v]', () => {
    assert.deepEqual(parseReference('Patient/00123456'), { base: '', type: 'Patient', id: '00123456', rest: '' })
    assert.deepEqual(parseReference('https://h:8443/a/fhir/Patient/x.1-2/_history/3'), {
      base: 'https://h:8443/a/fhir/',
      type: 'Patient',
      id: 'x.1-2',
      rest: '/_history/3',
    })
    assert.equal(parseReference('#p1'), 'fragment')
    assert.equal(parseReference('urn:uuid:0a2f1c3d-1111-4222-8333-444455556666'), 'urn')
    assert.equal(parseReference('urn:oid:2.16.156.10011.1.3'), 'urn')
    for (const text of [
      '',
      'Patient',
      'Patient?identifier=x|1101',
      'Patient/a b',
      'Patient/1/x',
      '../Patient/1',
      'urn:uuid:张三',
      `#${'1'.repeat(65)}`,
      'ftp://h/Patient/1',
    ]) {
      assert.equal(parseReference(text), null, text)
    }
  })

  it('stand in all five places', () => {
    const lines: Line[] = [
      ['resource-id', 'Resource.id'],
      ['resource-id', 'Reference.reference'],
      ['resource-id', 'Bundle.entry.fullUrl'],
      ['resource-id', 'Bundle.link.url'],
      ['resource-id', 'Bundle.entry.request.url'],
      ['resource-id', 'Bundle.entry.response.location'],
    ]
    const entry = {
      fullUrl: 'F',
      resource: { resourceType: 'Observation', id: 'I', subject: { reference: 'R' } },
      request: { url: 'Q' },
      response: { location: 'L' },
    }
    const r = read(lines, { resourceType: 'Bundle', link: [{ relation: 'self', url: 'S' }], entry: [entry] }, BOUND)
    for (const raw of ['"F"', '"R"', '"Q"', '"L"', '"S"']) assert.ok(r.site(raw).reference, raw)
    assert.ok(!r.site('"I"').reference)
    assert.equal(r.site('"I"').admits, 'id')
  })
})

describe('FHIR structure and admission', () => {
  it('knows structure by its shape', () => {
    const payload = {
      resourceType: 'Encounter',
      meta: { versionId: '3', profile: ['http://p/q'] },
      status: 'finished',
      class: { system: 'http://c', code: 'AMB', display: 'ambulatory' },
      type: [{ coding: [{ code: 'T1' }], text: 'free' }],
      reasonCode: [{ coding: [{ code: 'R1' }] }],
      length: { value: 5, unit: 'min' },
    }
    const r = read([], payload)
    const shape = (raw: string) => r.site(raw).structure
    for (const raw of ['"Encounter"', '"3"', '"http://p/q"', '"finished"', '"http://c"', '"AMB"', '"T1"', '"min"'])
      assert.ok(shape(raw)?.test(JSON.parse(raw)), raw)
    for (const raw of ['"ambulatory"', '"free"', '"R1"', '5']) assert.equal(shape(raw), null, raw)
    const status = shape('"finished"')!
    for (const text of ['张三', 'x'.repeat(65), '500103199003070025', ' a', 'a  b']) assert.ok(!status.test(text), text)
    assert.ok(!shape('"http://c"')!.test('http://c?identifier=1'))
    assert.ok(!shape('"min"')!.test('张三'))
    assert.ok(!shape('"Encounter"')!.test('Nonsense'))
  })

  it('gives an unknown resource no structure', () => {
    const r = read([], { resourceType: 'Nonsense', status: 'final', code: { coding: [{ code: 'c' }] } })
    for (const raw of ['"final"', '"c"']) assert.equal(r.site(raw).structure, null)
  })

  it('admits what the carrier takes and no more', () => {
    const lines: Line[] = [
      ['x', 'Patient.birthDate'],
      ['x', 'Resource.id'],
      ['x', 'Patient.gender'],
      ['x', 'Patient.active'],
      ['x', 'Observation.issued'],
      ['x', 'Patient.name.text'],
    ]
    const takes = (payload: object, raw: string, text: string) => read(lines, payload).replace(raw, text)
    const patient = {
      resourceType: 'Patient',
      id: 'i',
      birthDate: '1990-03-07',
      gender: 'male',
      active: true,
      name: [{ text: 'n' }],
    }
    const table: [string, string, boolean][] = [
      ['"1990-03-07"', '1990', true],
      ['"1990-03-07"', '1990-13', false],
      ['"1990-03-07"', '***', false],
      ['"i"', 'PABCDEFGHJKMNPQRS', true],
      ['"i"', '张三', false],
      ['"male"', '***', false],
      ['"male"', 'other', true],
      ['true', '***', false],
      ['"n"', '张**', true],
      ['"n"', '', false],
    ]
    for (const [raw, text, expected] of table) assert.equal(takes(patient, raw, text), expected, `${raw} ${text}`)
    assert.equal(
      takes({ resourceType: 'Observation', issued: '2020-01-01T00:00:00Z' }, '"2020-01-01T00:00:00Z"', '2020'),
      false,
    )
  })

  it('drops narrative, signatures and meta.source whole', () => {
    const payload = {
      resourceType: 'Patient',
      meta: { source: 'S', versionId: '1' },
      text: { status: 'generated', div: '<div>N</div>' },
      active: true,
    }
    const r = read([['x', 'Patient.name']], payload, BOUND)
    assert.deepEqual(
      r
        .scopes()
        .filter((s) => s.flags === 'dropWhole')
        .map((s) => s.text),
      ['"S"', JSON.stringify(payload.text)],
    )
    const out = JSON.parse(r.removeScope('dropWhole', 0).removeScope('dropWhole', 1).finish())
    assert.deepEqual(out, { resourceType: 'Patient', meta: { versionId: '1' }, active: true })
  })
})

describe('FHIR records and rows', () => {
  const bundle = (...entry: object[]) => ({ resourceType: 'Bundle', total: entry.length, entry })
  const patient = (id: string) => ({ resource: { resourceType: 'Patient', id } })

  it('opens a record for an entry, or for the resource that is the payload', () => {
    const interest = { ...BOUND, levelSearch: true }
    const lines: Line[] = [['birth-date', 'Patient.birthDate']]
    assert.equal(
      read(lines, bundle(patient('1'), patient('2')), interest)
        .scopes()
        .filter((s) => s.flags === 'record').length,
      2,
    )
    const one = read(lines, { resourceType: 'Patient', contained: [{ resourceType: 'Patient' }] }, interest)
    assert.equal(one.scopes().filter((s) => s.flags === 'record').length, 1)
  })

  it('lowers the total with the records that go', () => {
    const r = read([['birth-date', 'Patient.birthDate']], bundle(patient('1'), patient('2'), patient('3')), {
      ...BOUND,
      levelSearch: true,
    })
    const out = JSON.parse(r.removeScope('record', 1).finish())
    assert.equal(out.total, 2)
    assert.deepEqual(out.entry, [patient('1'), patient('3')])
  })

  it('counts matching entries, else one', () => {
    const included = { ...patient('9'), search: { mode: 'include' } }
    assert.equal(read([], bundle(patient('1'), { ...patient('2'), search: { mode: 'match' } }, included)).doc.rows(), 2)
    assert.equal(read([['x', 'Patient.name']], bundle(patient('1'), included), BOUND).doc.rows(), 1)
    assert.equal(read([], bundle()).doc.rows(), 0)
    assert.equal(read([], { resourceType: 'Patient' }).doc.rows(), 1)
  })
})

describe('FHIR conflicts', () => {
  const conflicts = (lines: readonly Line[]) =>
    finish(formatOf('fhir').conflicts(rulesOf('fhir', lines))).map(
      (c) => `${c.where}: ${c.a.element.id} ${c.b.element.id}`,
    )

  it('are told with a place, for different elements of equal narrowness only', () => {
    assert.deepEqual(
      conflicts([
        ['a', 'Patient.name'],
        ['b', 'Patient.name.family'],
      ]),
      ['Patient.name.family: a b'],
    )
    assert.deepEqual(
      conflicts([
        ['a', 'HumanName'],
        ['b', 'Patient.name'],
      ]),
      [],
    )
    assert.deepEqual(
      conflicts([
        ['a', 'HumanName'],
        ['a', 'HumanName.family'],
      ]),
      [],
    )
    assert.deepEqual(
      conflicts([
        ['a', 'Patient.name'],
        ['b', 'Patient.name', 'his'],
      ]),
      [],
    )
  })
})
