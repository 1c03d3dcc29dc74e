/**
 * Clinical safety: no role in direct care sees a changed drug, dose, allergy, blood group, unit or charge item. Compared
 * by readers of the tests' own (oracle/), over all public samples, the shipped samples, and one document for each place
 * that holds a value a careless masker would take for a telephone or an identity number.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../src/base/errors.ts'
import { isPrimitive, propertiesOf } from '../../src/mask/formats/fhir-types.ts'
import type { FormatName, Masked, Plan } from '../../src/mask/index.ts'
import { scaled } from '../fixtures/scale.ts'
import { maskBytes, planOf, SHIPPED } from './attacks/fixture.ts'
import { CARE, type Care, careOfFhir, careOfHis, careOfHl7, type Found, PLACES } from './oracle/care.ts'
import { absent, type Sample, samples } from './oracle/corpora.ts'

const FORMATS: readonly FormatName[] = ['fhir', 'ndjson', 'hl7v2', 'json']

interface Who {
  readonly role: string
  readonly scenario: string
}

/** Every role and scenario of every shipped policy of direct care. */
const ALL_CARERS: readonly Who[] = SHIPPED.policies
  .filter((p) => p.directCare)
  .flatMap((p) =>
    (p.for.roles ?? []).flatMap((role) => (p.for.scenarios ?? []).map((scenario) => ({ role, scenario }))),
  )
/** below scale 1 every role of every policy under its first scenario */
const CARERS =
  scaled(100, 10) === 100
    ? ALL_CARERS
    : ALL_CARERS.filter((w, i) => ALL_CARERS.findIndex((o) => o.role === w.role && policyOf(o) === policyOf(w)) === i)

function policyOf({ role, scenario }: Who): string | undefined {
  return SHIPPED.policies.find((p) => p.for.roles?.includes(role) && p.for.scenarios?.includes(scenario))?.id
}

/** As calls of the shipped interfaces are: with and without rows, as an answer, and as a request to a receiver. */
const plansOf = (format: FormatName): Plan[] => {
  const answers = CARERS.flatMap(({ role, scenario }) =>
    (format === 'json' ? [null, '$.data.list'] : [null]).map((rows) => planOf({ role, scenario, format, rows })),
  )
  const request = { role: 'doctor', scenario: 'referral', format, rows: null, policy: 'consult' } as const
  return [...answers, planOf({ ...request, direction: 'request' })]
}

/** Bytes as characters one to one: what is compared are bytes, and every delimiter is ASCII. */
const latin = (body: Buffer): string => body.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '')

function read(format: FormatName, body: Buffer): Found[][] {
  const text = latin(body)
  if (format === 'hl7v2') return careOfHl7(text)
  if (format === 'json') return careOfHis(text)
  if (format === 'fhir') return careOfFhir(text)
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : careOfFhir(line)))
}

const own: readonly Sample[] = (
  [
    ['data/demo/inpatient.his.json', 'json'],
    ['data/demo/control-level.his.json', 'json'],
    ['data/demo/referral.fhir.json', 'fhir'],
    ['data/demo/report.oru.hl7', 'hl7v2'],
    ['rules/policies/samples/inpatient.json', 'json'],
    ['rules/policies/samples/referral.fhir.json', 'fhir'],
    ['rules/policies/samples/report.hl7', 'hl7v2'],
    ['test/golden/section10/in.his.json', 'json'],
  ] as const
).map(([path, format]) => ({ path, format, body: readFileSync(new URL(`../../${path}`, import.meta.url)) }))

/** What the samples do not have: a blood group in HL7 v2, under delimiters of its own, and resources as NDJSON. */
const more: readonly Sample[] = [
  {
    path: 'blood group, own delimiters',
    format: 'hl7v2',
    body: Buffer.from(
      [
        'MSH#@%$!#LIS#H1#HIS#H2#20260101##ORU@R01#M1#P#2.5',
        'PID#1##00123456###张三',
        'OBX#1#CE#882-1@ABO+Rh group@LN##A1@A Rh(D) positive@L######F',
        'OBX#2#ST#XX@血型@L##O型 Rh(D)阳性######F',
        'RXE##86901234567890@注射用头孢曲松钠@L#1.50##g@克#剂#皮试阴性后用，电话 13812345678',
        '',
      ].join('\r'),
    ),
  },
  {
    path: 'a prescription and an allergy, line by line',
    format: 'ndjson',
    body: Buffer.from(
      [
        '{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"medicationCodeableConcept":{"coding":[{"system":"http://x.org","code":"13812345678","display":"阿莫西林胶囊"}],"text":"阿莫西林胶囊 0.25g"},"dosageInstruction":[{"text":"每次 0.50g","doseAndRate":[{"doseQuantity":{"value":0.50,"unit":"g"}}]}]}',
        '{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/1"},"code":{"text":"青霉素"},"reaction":[{"manifestation":[{"text":"皮疹"}]}]}',
        '{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"883-9"}]},"valueString":"AB型"}',
        '{"resourceType":"ChargeItem","status":"billed","code":{"text":"床位费"},"subject":{"reference":"Patient/1"},"quantity":{"value":2.0}}',
        '',
      ].join('\n'),
    ),
  },
]

class Tally {
  readonly #counts = new Map<string, number>()

  add(format: FormatName, found: readonly Found[]): void {
    for (const { what } of found) this.#counts.set(`${format} ${what}`, this.of(format, what) + 1)
  }

  of(format: FormatName, what: Care): number {
    return this.#counts.get(`${format} ${what}`) ?? 0
  }

  lines(): string[] {
    return FORMATS.map((f) => `${f}: ${CARE.map((what) => `${what} ${this.of(f, what)}`).join(', ')}`)
  }
}

/** Masks one sample under one plan and compares; the number of values compared, by class, goes to the tally. */
function judge(plan: Plan, sample: Sample, tally: Tally): 'compared' | 'refused' {
  let masked: Masked
  try {
    masked = maskBytes(plan, sample.body)
  } catch (error) {
    if (isGatewayError(error)) return 'refused'
    throw error
  }
  const before = read(sample.format, sample.body)
  const after = read(sample.format, masked.body)
  if (masked.counts.recordsDropped === 0) assert.equal(after.length, before.length, sample.path)
  // A record of level 5 may be left out whole; what is there is as it was, in order.
  let next = 0
  for (const record of after) {
    const wanted = JSON.stringify(record)
    const at = before.findIndex((one, i) => i >= next && JSON.stringify(one) === wanted)
    assert.ok(at >= 0, `${plan.policies.join()}: ${sample.path} changed\n${changed(before[next] ?? [], record)}`)
    tally.add(sample.format, record)
    next = at + 1
  }
  return 'compared'
}

function changed(before: readonly Found[], after: readonly Found[]): string {
  const left = new Set(after.map((f) => `${f.where} ${f.value}`))
  return before
    .filter((f) => !left.has(`${f.where} ${f.value}`))
    .map((f) => `${f.what} ${f.where}: ${f.value}`)
    .join('\n')
}

describe('care: what is given is what was ordered', () => {
  it('over all samples, for every role, scenario and direction', { skip: absent }, (t) => {
    assert.ok(ALL_CARERS.length >= 15 && CARERS.length >= 5, 'the policies of direct care are found')
    const tally = new Tally()
    let refused = 0
    for (const format of FORMATS)
      for (const plan of plansOf(format))
        for (const sample of [
          ...samples(format),
          ...own.filter((s) => s.format === format),
          ...more.filter((s) => s.format === format),
        ])
          if (judge(plan, sample, tally) === 'refused') refused++
    for (const line of tally.lines()) t.diagnostic(line)
    t.diagnostic(`${refused} payloads refused whole`)
    for (const what of CARE)
      for (const format of FORMATS) assert.ok(tally.of(format, what) > 0, `no ${what} of ${format} was compared`)
  })
})

/** Whatever a value looks like: in these places it is a drug, a dose, an item. */
const HAZARDS = [
  '13812345678',
  '500103199003070025',
  '6222021234567890128',
  'zhangsan@example.com',
  '患者张三，电话13812345678',
]

/** Members whose shape the standard fixes: a value off it is no unit, no system, and `unknown` decides (docs/rules.md). */
const SHAPED = new Set(['system', 'version', 'unit', 'code', 'comparator'])
const DEPTH = 4

function sampleOf(type: string, hazard: string): unknown {
  if (type === 'boolean') return true
  if (type === 'decimal') return 0.5
  if (/[iI]nt/.test(type)) return 13
  if (type === 'code') return 'final'
  if (/^(?:date|dateTime|instant)$/.test(type)) return '2026-01-01'
  if (type === 'time') return '08:00:00'
  return hazard
}

function filled(type: string, hazard: string, depth = 0): unknown {
  if (isPrimitive(type)) return sampleOf(type, hazard)
  const out: Record<string, unknown> = {}
  for (const [key, property] of propertiesOf(type)) {
    if (['id', 'extension', 'modifierExtension', 'reference', 'identifier', 'note'].includes(key)) continue
    const inner = property.types[0]!.type
    if (depth > DEPTH || inner === 'Resource') continue
    const coded = type === 'Coding' && key === 'code'
    if (SHAPED.has(key) && !coded) continue
    const value = filled(inner, hazard, depth + 1)
    if (typeof value === 'object' && Object.keys(value as object).length === 0) continue
    out[key] = property.list ? [value] : value
  }
  return out
}

/** The document around one path, filled with what the definitions admit there. */
function documentAt(type: string, path: readonly string[], hazard: string): Record<string, unknown> {
  const property = propertiesOf(type).get(path[0]!)
  assert.ok(property, `${type} has no ${path[0]}`)
  const inner = property.types[0]!.type
  const value = path.length > 1 ? documentAt(inner, path.slice(1), hazard) : filled(inner, hazard)
  return { [path[0]!]: property.list ? [value] : value }
}

function stays(format: FormatName, plans: readonly Plan[], text: string): void {
  const body = Buffer.from(text)
  for (const plan of plans)
    assert.equal(maskBytes(plan, body).body.toString(), text, `${format}, ${plan.policies.join()}`)
}

describe('care: a drug code that looks like a telephone is a drug code', () => {
  it('FHIR', (t) => {
    const plans = plansOf('fhir')
    let n = 0
    for (const byType of Object.values(PLACES.fhir))
      for (const [type, paths] of Object.entries(byType))
        for (const path of paths)
          for (const hazard of HAZARDS) {
            const document = { resourceType: type, ...documentAt(type, path.split('.'), hazard) }
            stays('fhir', plans, JSON.stringify(document))
            n++
          }
    t.diagnostic(`${n} documents, ${plans.length} plans`)
    assert.ok(n > 400)
  })

  it('HL7 v2', (t) => {
    const plans = plansOf('hl7v2')
    let n = 0
    for (const [, segment, fields] of PLACES.hl7v2)
      for (const field of fields)
        for (const hazard of HAZARDS) {
          if (SHAPED_FIELDS.has(`${segment}-${field}`)) continue
          const many = `${hazard}^${hazard}^${hazard}^${hazard}~${hazard}^a&${hazard}`
          for (const value of [hazard, many, `^^^^^^${hazard}`]) {
            stays('hl7v2', plans, `${MSH}${segment}${'|'.repeat(field)}${value}\r`)
            stays('hl7v2', plans, `${MSH}${segment}${'|'.repeat(field)}${value}|\rNTE|1\r`)
            n++
          }
        }
    t.diagnostic(`${n} values`)
    assert.ok(n > 1000)
  })

  it('HIS JSON', () => {
    const plans = plansOf('json')
    for (const keys of Object.values(PLACES.his))
      for (const key of keys)
        for (const hazard of HAZARDS) {
          stays(
            'json',
            plans,
            JSON.stringify({ [key]: hazard, list: [{ [key.toUpperCase()]: [hazard, 13812345678] }] }),
          )
          stays('json', plans, JSON.stringify({ data: { list: [{ [key]: hazard }] } }))
        }
  })
})

const MSH = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|P|2.5\r'
/** codes of HL7's own tables, and units */
const SHAPED_FIELDS = new Set(['RXC-1', 'RXO-9', 'RXG-12', 'RXD-14', 'TQ1-12', 'FT1-6', 'OBX-6', 'AL1-2', 'IAM-2'])

describe('outside care: text of level 2 is kept only where it is that text', () => {
  it('a telephone in a department or a dose is nobody known', () => {
    const plan = planOf({ role: 'manager', scenario: null, format: 'json' })
    const out = maskBytes(plan, Buffer.from('{"ks":"内科","ksmc":"内科 13812345678"}')).body.toString()
    assert.equal(out, '{"ks":"内科"}')
  })

  it('nor is one that is spelt in base64, URL encoding or character references', () => {
    const plan = planOf({ role: 'manager', scenario: null, format: 'json' })
    const spelt = [
      Buffer.from('电话13812345678').toString('base64'),
      [...Buffer.from('13812345678')].map((c) => `%${c.toString(16)}`).join(''),
      [...'13812345678'].map((c) => `&#${c.charCodeAt(0)};`).join(''),
    ]
    for (const text of spelt) {
      const out = maskBytes(plan, Buffer.from(JSON.stringify({ ks: '内科', ksmc: text }))).body.toString()
      assert.equal(out, '{"ks":"内科"}', text)
    }
  })
})
