/** Real material: with a policy whose one rule hits nothing every file is parsed and comes out byte for byte, or is refused with a code. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../src/base/errors.ts'
import {
  compilePlan,
  compileRules,
  createRing,
  type FormatName,
  maskPayload,
  NO_HINTS,
  type Plan,
  Pseudonyms,
} from '../../src/mask/index.ts'
import { corporaMissing as absent, CORPORA, type CorpusFile, corpusFiles } from '../fixtures/corpora.ts'
import { REFUSED_I } from './scan/json-test-suite.ts'

const LIMITS = { maxDepth: 512, maxBytes: 64 << 20 }

function rulesOf(policy: string): { path: string; text: string }[] {
  return [
    { path: 'elements.yaml', text: 'elements:\n  nowhere: { zh: 无, kind: text, level: 4 }\n' },
    {
      path: 'bindings/fhir.yaml',
      text: 'format: fhir\nnowhere: [Patient.name.where(use = "no such use").text]\n'.replaceAll('"', "'"),
    },
    { path: 'bindings/json.yaml', text: "format: json\nnowhere: ['$.no.such.place']\n" },
    { path: 'bindings/hl7v2.yaml', text: 'format: hl7v2\nnowhere: [ZNO-9]\n' },
    { path: 'policies/one.yaml', text: policy },
  ]
}

const ONE_RULE = `policy: one
basis: test
owner: test
review: 2099-01-01
for: { roles: [reader] }
elements: { nowhere: redact }
undecided: keep
unknown: { treatment: keep, approval: test, expires: 2099-01-01 }
`

function planOf(policy: string, format: FormatName): Plan {
  const { rules, problems } = compileRules(rulesOf(policy))
  assert.ok(rules, JSON.stringify(problems[0]))
  const request = {
    role: 'reader',
    scenario: null,
    recipient: 'r',
    institution: 'r',
    provider: 'p',
    purpose: null,
    interfaceId: 'none',
    format,
    direction: 'response' as const,
    policy: null,
    rows: null,
  }
  const plan = compilePlan(rules, request, {
    pseudonyms: new Pseudonyms(createRing(Buffer.alloc(32, 1), '2026-01-01T00:00:00Z')),
    today: () => '2026-11-21',
  })
  assert.ok(plan)
  return plan
}

const PARSING = 'json/nst-parsing'

/** folder -> files found there at least */
const LEAST: Readonly<Record<string, number>> = {
  'fhir-r4-hl7-examples': 61,
  'fhir-r4-synthea': 2,
  'fhir-test-cases': 25,
  'fhir-zh': 12,
  'fhir-ndjson': 52,
  'json/nst-transform': 22,
  'json/jcs': 12,
  jose: 2,
  deid: 2,
  zh: 10,
  hl7v2: 46,
  'peer-ms-anonymizer': 25,
}

const plans = new Map<FormatName, Plan>()
const planFor = (format: FormatName): Plan => {
  const plan = plans.get(format) ?? planOf(ONE_RULE, format)
  plans.set(format, plan)
  return plan
}

describe('corpora: parsed, untouched', { skip: absent }, () => {
  const byFolder = Map.groupBy(
    corpusFiles().filter(({ name }) => !name.startsWith(`${PARSING}/`)),
    ({ name }) => Object.keys(LEAST).find((folder) => name.startsWith(`${folder}/`)) ?? name,
  )

  it('no file is left out', () => {
    if (absent === false) assert.deepEqual([...byFolder.keys()].sort(), Object.keys(LEAST).sort())
  })

  for (const [folder, files] of byFolder) it(folder, (t) => untouched(folder, files, (line) => t.diagnostic(line)))

  it('keep-everything does not read at all', () => {
    for (const format of ['json', 'fhir', 'ndjson', 'hl7v2'] as const)
      assert.equal(planOf(ONE_RULE.replace('nowhere: redact', 'nowhere: keep'), format).keepsAll, true)
  })
})

function untouched(folder: string, files: readonly CorpusFile[], say: (line: string) => void): void {
  let same = 0
  const refused: string[] = []
  for (const { name, path, format } of files) {
    const bytes = readFileSync(path)
    const plan = planFor(format)
    assert.equal(plan.keepsAll, false, 'the one rule must make the payload be read')
    try {
      const { body } = maskPayload(plan, bytes, NO_HINTS, LIMITS)
      assert.ok(body.equals(bytes), `${name} changed`)
      same++
    } catch (error) {
      if (!isGatewayError(error)) throw error
      assert.match(error.code, /^(?:PAYLOAD|UNSUPPORTED)_/, name)
      refused.push(`${name} as ${format}: ${error.code}`)
    }
  }
  for (const line of refused) say(line)
  say(`${same} identical, ${refused.length} refused`)
  assert.ok(files.length >= LEAST[folder]!, `only ${files.length} files found`)
  assert.ok(same > refused.length, 'most real material must pass')
}

describe('JSONTestSuite', { skip: absent }, () => {
  const folder = join(CORPORA, PARSING)
  const files = absent
    ? []
    : readdirSync(folder)
        .filter((n) => n.endsWith('.json'))
        .sort()
  const plan = absent ? null : planOf(ONE_RULE, 'json')
  const outcome = (name: string): 'identical' | 'changed' | string => {
    const bytes = readFileSync(join(folder, name))
    try {
      return maskPayload(plan!, bytes, NO_HINTS, LIMITS).body.equals(bytes) ? 'identical' : 'changed'
    } catch (error) {
      if (!isGatewayError(error)) throw error
      return error.code
    }
  }

  it('all y_ pass identical', () => {
    const names = files.filter((n) => n.startsWith('y_'))
    assert.equal(names.length, 95)
    for (const name of names) assert.equal(outcome(name), 'identical', name)
  })

  it('all n_ are refused', () => {
    const names = files.filter((n) => n.startsWith('n_'))
    assert.equal(names.length, 188)
    for (const name of names) assert.match(outcome(name), /^PAYLOAD_/, name)
  })

  it('each i_ is decided', (t) => {
    const names = files.filter((n) => n.startsWith('i_'))
    assert.equal(names.length, 35)
    const refused = names.filter((n) => outcome(n) !== 'identical')
    assert.deepEqual(refused, [...REFUSED_I])
    for (const name of refused) assert.match(outcome(name), /^PAYLOAD_/, name)
    for (const name of names) t.diagnostic(`${name}: ${outcome(name)}`)
  })
})
