/**
 * A method that throws, at whichever value of a payload and in whatever format: the whole payload is refused, what was
 * thrown goes nowhere, and nothing of the broken run is in the next one.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../src/base/errors.ts'
import { readSamples } from '../../src/cli/demo/samples.ts'
import { type FormatName, maskPayload, NO_HINTS, type Plan } from '../../src/mask/index.ts'
import type { Bound } from '../../src/mask/transforms/transform.ts'
import { LIMITS, planFor } from './attacks/fixture.ts'

const samples = readSamples()
const { entry } = JSON.parse(samples.referral.toString()) as { entry: { resource: unknown }[] }
const lines = Buffer.from(entry.map(({ resource }) => `${JSON.stringify(resource)}\n`).join(''))
const PAYLOADS: readonly (readonly [FormatName, string, Buffer])[] = [
  ['json', 'inpatient', samples.inpatient],
  ['fhir', 'referral', samples.referral],
  ['hl7v2', 'report', samples.report],
  ['hl7v2', 'admission', samples.admission],
  ['ndjson', 'lines', lines],
]
const OTHER = Buffer.from('{"brxm":"欧阳娜娜","bz":"无特殊"}')

/** The plan with every method counted; the `at`-th use throws the very value it was given. */
function breaking(plan: Plan, at: number): { readonly plan: Plan; readonly uses: () => number } {
  let uses = 0
  const use = (value: () => string): void => {
    if (++uses === at) throw new Error(`cannot mask ${value()}`)
  }
  const broken = (bound: Bound): Bound => ({
    ...bound,
    apply: (value, place) => {
      use(() => value)
      return bound.apply(value, place)
    },
    ...(bound.bytes !== undefined && {
      bytes: (source, start, end, target, to) => {
        use(() => Buffer.from(source.subarray(start, end)).toString())
        return bound.bytes!(source, start, end, target, to)
      },
    }),
  })
  const decide: Plan['decide'] = (element, raise) => {
    const decision = plan.decide(element, raise)
    return decision.bound.keeps ? decision : { ...decision, bound: broken(decision.bound) }
  }
  return { plan: { ...plan, decide }, uses: () => uses }
}

describe('a method that throws', () => {
  for (const [format, name, body] of PAYLOADS)
    for (const who of ['doctor', 'research', 'third-party'])
      it(`${name} as ${format} under ${who}`, (t) => {
        const plan = planFor(who, format)
        const good = maskPayload(plan, body, NO_HINTS, LIMITS).body
        const other = planFor(who, 'json')
        const otherGood = maskPayload(other, OTHER, NO_HINTS, LIMITS).body
        const whole = breaking(plan, 0)
        assert.ok(maskPayload(whole.plan, body, NO_HINTS, LIMITS).body.equals(good))
        const uses = whole.uses()
        t.diagnostic(`${uses} values`)
        assert.ok(uses > 3, 'the methods of the rules are used')
        for (let at = 1; at <= uses; at++) {
          assert.throws(
            () => maskPayload(breaking(plan, at).plan, body, NO_HINTS, LIMITS),
            (error) => isGatewayError(error) && error.code === 'MASK_FAILED' && error.message === 'MASK_FAILED',
            `value ${at}`,
          )
          assert.ok(maskPayload(other, OTHER, NO_HINTS, LIMITS).body.equals(otherGood), `after value ${at}`)
          assert.ok(maskPayload(plan, body, NO_HINTS, LIMITS).body.equals(good), `after value ${at}`)
        }
      })
})
