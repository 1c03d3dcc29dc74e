/** Real material: with a policy whose one rule hits nothing every file is parsed and comes out byte for byte, or is refused with a code. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
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
import { REFUSED_I } from './scan/json-test-suite.ts'

const CORPORA = process.env['VEILGATE_CORPORA'] ?? '../shared/corpora'
const LIMITS = { maxDepth: 512, maxBytes: 64 << 20 }
const absent = existsSync(CORPORA) ? false : `no corpora at ${CORPORA}: set VEILGATE_CORPORA`

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

function* filesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* filesIn(path)
    else yield path
  }
}

const SETS: readonly { folder: string; format: FormatName; ending: RegExp; least: number }[] = [
  { folder: 'fhir-r4-hl7-examples', format: 'fhir', ending: /\.json$/, least: 61 },
  { folder: 'fhir-r4-synthea', format: 'fhir', ending: /\.json$/, least: 2 },
  { folder: 'fhir-test-cases', format: 'fhir', ending: /\.json$/, least: 20 },
  { folder: 'fhir-zh', format: 'fhir', ending: /\.json$/, least: 12 },
  { folder: 'fhir-ndjson', format: 'ndjson', ending: /\.ndjson$/, least: 50 },
  { folder: 'json/nst-transform', format: 'json', ending: /\.json$/, least: 22 },
  { folder: 'json/jcs', format: 'json', ending: /\.json$/, least: 12 },
  { folder: 'zh/medflow-json-api', format: 'json', ending: /\.json$/, least: 1 },
  { folder: 'hl7v2', format: 'hl7v2', ending: /\.(?:hl7|txt|er7)$/i, least: 40 },
]

describe('corpora: parsed, untouched', { skip: absent }, () => {
  for (const { folder, format, ending, least } of SETS) {
    it(`${folder} as ${format}`, (t) => {
      const plan = planOf(ONE_RULE, format)
      assert.equal(plan.keepsAll, false, 'the one rule must make the payload be read')
      let same = 0
      const refused: string[] = []
      for (const file of filesIn(join(CORPORA, folder))) {
        if (!ending.test(file)) continue
        const bytes = readFileSync(file)
        try {
          const { body } = maskPayload(plan, bytes, NO_HINTS, LIMITS)
          assert.ok(body.equals(bytes), `${file} changed`)
          same++
        } catch (error) {
          if (!isGatewayError(error)) throw error
          assert.notEqual(error.code, 'MASK_FAILED', file)
          refused.push(`${relative(CORPORA, file)}: ${error.code}`)
        }
      }
      for (const line of refused) t.diagnostic(line)
      t.diagnostic(`${same} identical, ${refused.length} refused`)
      assert.ok(same + refused.length >= least, `only ${same + refused.length} files found`)
      assert.ok(same > refused.length, 'most real material must pass')
    })
  }

  it('keep-everything does not read at all', () => {
    for (const { format } of SETS)
      assert.equal(planOf(ONE_RULE.replace('nowhere: redact', 'nowhere: keep'), format).keepsAll, true)
  })
})

describe('JSONTestSuite', { skip: absent }, () => {
  const folder = join(CORPORA, 'json/nst-parsing')
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

  it('each i_ is decided', () => {
    const names = files.filter((n) => n.startsWith('i_'))
    assert.equal(names.length, 35)
    const refused = names.filter((n) => outcome(n) !== 'identical')
    assert.deepEqual(refused, [...REFUSED_I])
  })
})
