/** Veilgate's masker under the benchmark rules: the product's own road from rules folder to bytes. */
import { compilePlan, compileRules, createRing, maskPayload, NO_HINTS, Pseudonyms } from '../src/mask/index.ts'
import { benchRules } from './mask-rules.ts'

const LIMITS = { maxDepth: 512, maxBytes: 64 << 20 }

export async function veilgateMasker(format: 'fhir' | 'json' | 'hl7v2'): Promise<(body: Buffer) => Buffer> {
  const { rules, problems } = compileRules(benchRules(format))
  if (rules === null) throw new Error(`benchmark rules: ${JSON.stringify(problems[0])}`)
  const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00.000Z'))
  const plan = compilePlan(
    rules,
    {
      role: 'bench',
      scenario: null,
      recipient: 'bench',
      institution: 'bench',
      provider: 'bench',
      purpose: null,
      interfaceId: 'bench',
      format,
      direction: 'response',
      policy: null,
      rows: null,
    },
    { pseudonyms, today: () => '2026-11-21' },
  )
  if (plan === null) throw new Error('no benchmark policy')
  return (body) => maskPayload(plan, body, NO_HINTS, LIMITS).body
}
