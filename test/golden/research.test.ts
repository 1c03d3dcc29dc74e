/**
 * Research needs its results: under the research policy with texts redacted, inpatient numbers as pseudonyms and unknown
 * values redacted, every lab value, unit, code and structural field of the demo's FHIR and HL7 stays as it was.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readSamples, SECRETS } from '../../src/cli/demo/samples.ts'
import {
  compilePlan,
  compileRules,
  createRing,
  type FormatName,
  maskPayload,
  NO_HINTS,
  Pseudonyms,
  type RuleSet,
} from '../../src/mask/index.ts'

const RULES = fileURLToPath(new URL('../../rules/', import.meta.url))
const CHANGED: readonly (readonly [line: RegExp, now: string])[] = [
  [/^ {2}report-text: .*$/m, '  report-text: redact'],
  [/^ {2}inpatient-no: .*$/m, '  inpatient-no: pseudonym'],
  [/^unknown: .*$/m, 'unknown: redact'],
]

function research(): string {
  let text = readFileSync(`${RULES}policies/research.yaml`, 'utf8')
  for (const [line, now] of CHANGED) {
    assert.match(text, line)
    text = text.replace(line, now)
  }
  return text
}

function ruleSet(): RuleSet {
  const shipped = ['elements.yaml', ...['bindings', 'dictionaries'].flatMap((d) => readdirSync(RULES + d).map((n) => `${d}/${n}`))]
  const { rules, problems } = compileRules([
    ...shipped.map((path) => ({ path, text: readFileSync(RULES + path, 'utf8') })),
    { path: 'policies/research.yaml', text: research() },
  ])
  assert.ok(rules, JSON.stringify(problems[0]))
  return rules
}
const rules = ruleSet()

function masked(format: FormatName, body: Buffer): string {
  const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00Z'))
  const plan = compilePlan(
    rules,
    { role: 'researcher', scenario: 'research', recipient: 'research', institution: 'research', provider: 'teaching', purpose: null, interfaceId: 'demo', format, direction: 'response', policy: null, rows: null },
    { pseudonyms, today: () => '2026-11-21' },
  )
  assert.ok(plan)
  return maskPayload(plan, body, NO_HINTS, { maxDepth: 64, maxBytes: 1 << 20 }).body.toString()
}

const samples = readSamples()

/** Path without indices -> what every leaf there says, in order. */
function fhirLeaves(text: string): Map<string, string[]> {
  const leaves = new Map<string, string[]>()
  const walk = (value: unknown, type: string, path: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, type, path)
    else if (typeof value === 'object' && value !== null) {
      const own = (value as { resourceType?: string }).resourceType
      for (const [key, member] of Object.entries(value)) walk(member, own ?? type, `${own ?? path}.${key}`)
    } else leaves.set(path, [...(leaves.get(path) ?? []), String(value)])
  }
  walk(JSON.parse(text), '', '')
  return leaves
}

/** Lab values, units and codes; then what holds the document together. */
const FHIR_KEPT: readonly RegExp[] = [
  /^Observation\.(?:code|valueQuantity|referenceRange|valueString)\b/,
  /\.resourceType$/,
  /^Bundle\.(?:type|timestamp)$/,
  /^[A-Za-z]+\.(?:status|intent)$/,
  /^(?:Composition|MedicationRequest|Observation|Condition)\.(?:date|authoredOn|effectiveDateTime|recordedDate)$/,
  /^Composition\.type\.coding\.(?:system|code)$/,
  /^Encounter\.class\.(?:system|code)$/,
  /^Encounter\.period\.start$/,
  /\.code\.coding\.system$/,
  /^(?:Bundle|Practitioner|DiagnosticReport)\.identifier\.system$/,
]

/** Fields of every segment of that name. */
const HL7_KEPT: Readonly<Record<string, readonly number[]>> = {
  EVN: [1, 2],
  PID: [1],
  NK1: [1],
  PV1: [1, 2],
  ORC: [1, 9],
  OBR: [1, 4, 7, 22, 24, 25],
  OBX: [1, 2, 3, 6, 7, 8, 11],
  AL1: [1, 2],
  DG1: [1, 6],
  PR1: [1, 5],
  IN1: [1],
  NTE: [1],
}

describe('research: results stay in place', () => {
  it('FHIR: values, units, codes, structure', () => {
    const body = samples.referral
    const text = masked('fhir', body)
    const before = fhirLeaves(body.toString())
    const after = fhirLeaves(text)
    const kept = [...before.keys()].filter((path) => FHIR_KEPT.some((one) => one.test(path)))
    for (const one of FHIR_KEPT) assert.ok(kept.some((path) => one.test(path)), String(one))
    for (const path of kept) assert.deepEqual(after.get(path), before.get(path), path)
    // spelling, too: 1.10 is a value of its own
    const quantity = /"valueQuantity": \{[^}]*\}/
    assert.equal(quantity.exec(text)![0], quantity.exec(body.toString())![0])
    assert.match(quantity.exec(text)![0], /"value": 1\.10,/)
    assert.ok(before.get('Observation.code.coding.code')!.length >= 2)
  })

  for (const name of ['report', 'admission'] as const)
    it(`HL7 ${name}: values, units, codes, structure`, () => {
      const lines = (text: string): string[][] => text.split('\r').map((line) => line.split('|'))
      const before = lines(samples[name].toString())
      const after = lines(masked('hl7v2', samples[name]))
      assert.deepEqual(
        after.map(([id]) => id),
        before.map(([id]) => id),
      )
      assert.deepEqual(after[0], before[0], 'MSH')
      for (const [i, fields] of before.entries()) {
        const id = fields[0]!
        for (const at of HL7_KEPT[id] ?? []) assert.equal(after[i]![at] ?? '', fields[at] ?? '', `${id}-${at}`)
        if (id === 'OBX' && fields[2] === 'NM') assert.equal(after[i]![5], fields[5], 'OBX-5')
      }
    })

  it('and nothing of the person does', () => {
    for (const [format, body] of [
      ['fhir', samples.referral],
      ['hl7v2', samples.report],
      ['hl7v2', samples.admission],
    ] as const) {
      const text = masked(format, body)
      assert.deepEqual(
        SECRETS.filter((secret) => text.includes(secret)),
        [],
        format,
      )
    }
  })
})
