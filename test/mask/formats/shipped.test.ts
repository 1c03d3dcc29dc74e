/** The bindings the house ships: sound, complete for domain elements, and never on a place that counts as structure. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { formatProblem, ProblemList } from '../../../src/base/problem.ts'
import { finish } from '../../../src/base/steps.ts'
import { parseFhirSelector } from '../../../src/mask/formats/fhir-path.ts'
import { isStructuralConcept, LISTED, structureAt } from '../../../src/mask/formats/fhir-structure.ts'
import { isPrimitive, propertiesOf } from '../../../src/mask/formats/fhir-types.ts'
import { formatOf } from '../../../src/mask/formats/index.ts'
import { SHIPPED } from '../../../src/mask/language/catalogue.ts'
import { ElementIndex } from '../../../src/mask/language/element-index.ts'
import { readBindings } from '../../../src/mask/language/read-bindings.ts'
import { readElements } from '../../../src/mask/language/read-elements.ts'
import type { RuleSet } from '../../../src/mask/model.ts'
import { AMBIGUOUS_KEYS } from '../../../src/mask/normal-key.ts'
import { ALL, Read } from './fixture.ts'

const text = (file: string) => readFileSync(new URL(`../../../rules/${file}`, import.meta.url), 'utf8')

function shipped(): RuleSet {
  const problems = new ProblemList()
  const elements = readElements('elements.yaml', text('elements.yaml'), SHIPPED, problems)
  const index = new ElementIndex(elements)
  const bindings = ['fhir-r4.yaml', 'his.yaml'].flatMap((f) =>
    readBindings(f, text(`bindings/${f}`), index, SHIPPED, problems),
  )
  assert.deepEqual(problems.sorted().map(formatProblem), [])
  return {
    elements,
    elementById: new Map(elements.map((e) => [e.id, e])),
    bindings,
    policies: [],
    dictionaries: new Map(),
  }
}

const rules = shipped()
const unbound = (format: string) => {
  const bound = new Set(rules.bindings.filter((b) => b.format === format).map((b) => b.element.id))
  return rules.elements.map((e) => e.id).filter((id) => !bound.has(id))
}

describe('shipped bindings', () => {
  it('leave out only what the format has no place for', () => {
    // Units are structure in FHIR; R4 has no place of its own for the others, the detectors look for them in text.
    assert.deepEqual(unbound('fhir'), ['insurance-token', 'plate', 'lab-unit', 'credential', 'biometric'])
    // Resource ids are a notion of FHIR.
    assert.deepEqual(unbound('json'), ['resource-id'])
  })

  it('have one narrowest binding everywhere', () => {
    for (const name of ['json', 'fhir'] as const) {
      assert.deepEqual(
        finish(formatOf(name).conflicts(rules)).map((c) => `${c.where}: ${c.a.element.id} ${c.b.element.id}`),
        [],
        name,
      )
    }
  })

  it('scope every key that has several meanings', () => {
    const bare = rules.bindings.filter((b) => b.key !== null && b.within === null && AMBIGUOUS_KEYS.has(b.key))
    assert.deepEqual(bare, [])
  })

  it('never lie on a place that counts as structure', () => {
    for (const { path, format } of rules.bindings) {
      if (format !== 'fhir' || path === null) continue
      const selector = parseFhirSelector(path)
      assert.ok(!('error' in selector))
      let types = [selector.anchor]
      let owners: string[] = []
      let name = ''
      for (const step of selector.steps) {
        owners = types
        name = step.name
        types = owners
          .flatMap((t) =>
            [...propertiesOf(t).values()].filter((p) => p.name === name).flatMap((p) => p.types.map((r) => r.type)),
          )
          .filter((t) => step.only === null || t === step.only)
      }
      for (const owner of owners) {
        assert.ok(!LISTED.includes(`${owner}.${name}`), path)
        for (const type of types) {
          assert.ok(!isStructuralConcept(name, type), `${path}: ${name} lists its codes as structure`)
          if (isPrimitive(type) && type === 'code') assert.equal(structureAt(owner, name, type, false), null, path)
        }
      }
    }
  })

  it('read the FHIR sample points of the domain', () => {
    const patient = {
      resourceType: 'Patient',
      id: '00123456',
      identifier: [{ type: { coding: [{ code: 'NNCHN' }] }, value: 'ID' }, { value: 'MRN' }],
      telecom: [
        { system: 'phone', value: 'TEL' },
        { system: 'email', value: 'MAIL' },
      ],
      address: [{ city: 'CITY', postalCode: 'ZIP' }],
      gender: 'female',
      maritalStatus: { text: 'MS' },
      contact: [{ name: { text: 'KIN' }, relationship: [{ text: 'REL' }], organization: { display: 'FIRM' } }],
      meta: { lastUpdated: '2020-01-01T00:00:00Z' },
    }
    const r = new Read('fhir', rules, patient)
    const first: [string, string][] = [
      ['"00123456"', 'resource-id'],
      ['"MRN"', 'resident-id'],
      ['"TEL"', 'email'],
      ['"CITY"', 'address'],
      ['"ZIP"', 'postcode'],
      ['"female"', 'sex'],
      ['"MS"', 'marital-status'],
      ['"KIN"', 'person-name'],
      ['"REL"', 'relationship'],
      ['"FIRM"', 'employer'],
      ['"2020-01-01T00:00:00Z"', 'event-date'],
    ]
    for (const [raw, element] of first)
      assert.ok(
        r.bound(raw).some((b) => b.startsWith(element)),
        `${raw}: ${r.bound(raw)}`,
      )
    assert.equal(r.bound('"MRN"').at(-1), 'record-no whole')
    assert.equal(r.bound('"TEL"').at(-1), 'mobile whole')
  })

  it('read the HIS sample of the domain', () => {
    const sample =
      '{"code":0,"data":{"list":[{"BRXM":"N","SFZH":"I","lxdh":13812345678,"zyh":"Z","jtdz":"A","mjzzd":"D","yzmc":"Y","bz":"B","je":12.50,"nope":"?"}]}}'
    const r = new Read('json', rules, sample, ALL, { rows: '$.data.list' })
    const elements: [string, string][] = [
      ['"N"', 'person-name'],
      ['"I"', 'resident-id'],
      ['13812345678', 'mobile'],
      ['"Z"', 'inpatient-no'],
      ['"A"', 'address'],
      ['"D"', 'diagnosis'],
      ['"Y"', 'order-text'],
      ['"B"', 'note'],
      ['12.50', 'amount'],
    ]
    for (const [raw, element] of elements) assert.deepEqual(r.bound(raw), [`${element} whole`], raw)
    assert.deepEqual(r.bound('"?"'), [])
  })
})
