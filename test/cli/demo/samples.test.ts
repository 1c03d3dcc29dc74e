/** The samples hold every element there is, and a policy that drops everything leaves nothing of a person in them. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSamples, SECRETS } from '../../../src/cli/demo/samples.ts'
import {
  compilePlan,
  compileRules,
  createRing,
  explainPayload,
  type FormatName,
  maskPayload,
  NO_HINTS,
  Pseudonyms,
} from '../../../src/mask/index.ts'
import { readTree } from '../../house/tree.ts'

const DROP = 'policy: nobody\nfor: { roles: [nobody] }\nelements: {}\nundecided: drop\nunknown: drop\n'
const limits = { maxDepth: 64, maxBytes: 1 << 20 }
const samples = readSamples()
const SENT: readonly (readonly [FormatName, Buffer])[] = [
  ['json', samples.inpatient],
  ['fhir', samples.referral],
  ['hl7v2', samples.report],
  ['hl7v2', samples.admission],
]
/** What only an operator's own log or configuration holds, never a clinical payload. */
const NEVER_SENT = ['credential']

const files = readTree('rules', ['.yaml', '.csv'])
  .map(({ path, text }) => ({ path: path.replace(/^rules\//, ''), text }))
  .filter(({ path }) => /^(?:elements\.yaml|bindings\/)/.test(path))
const { rules, problems } = compileRules([...files, { path: 'policies/nobody.yaml', text: DROP }])

function planFor(format: FormatName) {
  assert.ok(rules !== null, JSON.stringify(problems))
  const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-11-21T00:00:00Z'))
  const plan = compilePlan(
    rules,
    {
      role: 'nobody',
      scenario: null,
      recipient: 'county',
      institution: 'county',
      provider: 'teaching',
      purpose: null,
      interfaceId: 'demo',
      format,
      direction: 'response',
      policy: null,
      rows: null,
    },
    { pseudonyms, today: () => '2026-11-21' },
  )
  assert.ok(plan !== null)
  return plan
}

describe('the samples', () => {
  it('hold every element', () => {
    const seen = new Set<string>()
    for (const [format, body] of SENT) {
      for (const { element } of explainPayload(planFor(format), body, NO_HINTS, limits).leaves) {
        if (element !== null) seen.add(element.id)
      }
    }
    const missing = (rules?.elements ?? []).map((element) => element.id).filter((id) => !seen.has(id))
    assert.deepEqual(missing, NEVER_SENT)
  })

  it('keep nothing of a person when everything is dropped', () => {
    for (const [format, body] of SENT) {
      const text = maskPayload(planFor(format), body, NO_HINTS, limits).body.toString('utf8')
      assert.deepEqual(
        SECRETS.filter((secret) => text.includes(secret)),
        [],
        format,
      )
    }
  })
})
