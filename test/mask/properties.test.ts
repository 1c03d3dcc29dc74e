/**
 * Random policies on random payloads change nothing but the bytes of the leaves they select. Judged by readers of the
 * tests' own (oracle/), place by place: kept values in their own bytes, removed ones gone, everything between untouched,
 * the output a payload again, and nothing that was masked left anywhere. A failure prints the seed that makes it again.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../src/base/errors.ts'
import { type Explained, explainPayload, type FormatName, NO_HINTS, type Plan } from '../../src/mask/index.ts'
import { scaled } from '../fixtures/scale.ts'
import { LIMITS, maskBytes, planOf } from './attacks/fixture.ts'
import { chance } from './fixtures.ts'
import { type Fate, JsonJudge } from './oracle/outside.ts'
import { judgeEr7 } from './oracle/outside-er7.ts'
import { COMMON, fhirText, hisText, hl7Text, Values } from './oracle/random-payloads.ts'
import { type Pick, randomRules } from './oracle/random-policies.ts'
import { survivorsOf } from './oracle/survivors.ts'

const ROLES = Array.from({ length: 6 }, (_, i) => `r${i}`)
const PAYLOADS = 8
/** rule sets at scale 1: 150 x 6 policies x 8 payloads are 7,200 of each format */
const SETS = scaled(150, 6)

const MAKE: Readonly<Record<string, (pick: Pick, values: Values) => string>> = {
  json: hisText,
  fhir: fhirText,
  hl7v2: hl7Text,
}

function judge(format: FormatName, leaves: readonly Explained[], text: string, output: string): readonly Fate[] {
  if (format === 'hl7v2') return judgeEr7(leaves, text, output)
  const judge = new JsonJudge(format === 'fhir')
  judge.judge(leaves, text, output)
  return judge.fates
}

/** What both roads write is the same payload; quotes inside a string may be escaped in two ways. */
function assertSame(format: FormatName, hot: string, explained: string): void {
  if (format === 'hl7v2') assert.equal(explained, hot, 'explain writes something else')
  else assert.deepEqual(JSON.parse(explained), JSON.parse(hot), 'explain writes something else')
}

type Seen = 'judged' | 'refused' | 'left out'

function prove(format: FormatName, plan: Plan, text: string, draws: boolean): Seen {
  const body = Buffer.from(text)
  let explained: ReturnType<typeof explainPayload>
  try {
    explained = explainPayload(plan, body, NO_HINTS, LIMITS)
  } catch (error) {
    if (!isGatewayError(error)) throw error
    assert.notEqual(error.code, 'MASK_FAILED')
    assert.throws(() => maskBytes(plan, body), { code: error.code })
    return 'refused'
  }
  const output = explained.body.toString()
  // What is drawn anew each time differs each time.
  if (!draws) assertSame(format, maskBytes(plan, body).body.toString(), output)
  if (explained.counts.recordsDropped > 0) return 'left out'
  const fates = judge(format, explained.leaves, text, output)
  assert.deepEqual(survivorsOf(fates, COMMON), [], 'masked, and there')
  return 'judged'
}

const rowsOf = (format: FormatName, n: number): string | null =>
  format === 'json' && n % 2 === 1 ? '$.data.list' : null

describe('random policies on random payloads', () => {
  for (const [format, make] of Object.entries(MAKE) as [FormatName, (pick: Pick, values: Values) => string][])
    it(`${format}: only selected leaves change`, (t) => {
      const seen = { judged: 0, refused: 0, 'left out': 0 }
      for (let seed = 1; seed <= SETS; seed++) {
        const pick = chance(seed * 7919)
        const rules = randomRules(pick, ROLES)
        const draws = rules.policies.some((p) => [...p.cells.values()].flat().some((c) => c.method === 'encrypt'))
        for (const [n, role] of ROLES.entries()) {
          const plan = planOf({ role, scenario: 'treatment', format, rules, rows: rowsOf(format, n) })
          for (let i = 0; i < PAYLOADS; i++) {
            const text = make(pick, new Values(pick))
            try {
              seen[prove(format, plan, text, draws)]++
            } catch (error) {
              assert.fail(`seed ${seed}, policy ${role}, payload ${i}\n${(error as Error).message}\n${text}`)
            }
          }
        }
      }
      t.diagnostic(`${SETS} rule sets: ${JSON.stringify(seen)}`)
      assert.ok(seen.judged > SETS * ROLES.length * PAYLOADS * 0.8, 'most payloads were judged')
    })
})
