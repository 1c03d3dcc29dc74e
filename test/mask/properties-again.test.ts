/**
 * Masking twice is masking once: random policies of methods that declare it, on random payloads of three formats.
 * (The shipped policies on all samples: attacks/corpora.test.ts.)
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../src/base/errors.ts'
import type { FormatName, Plan } from '../../src/mask/index.ts'
import { scaled } from '../fixtures/scale.ts'
import { maskBytes, planOf } from './attacks/fixture.ts'
import { chance } from './fixtures.ts'
import { fhirText, hisText, hl7Text, Values } from './oracle/random-payloads.ts'
import { type Pick, randomRules } from './oracle/random-policies.ts'

const ROLES = ['r0', 'r1', 'r2', 'r3']
const PAYLOADS = 6
const SETS = scaled(100, 8)
const MAKE: Readonly<Record<string, (pick: Pick, values: Values) => string>> = {
  json: hisText,
  fhir: fhirText,
  hl7v2: hl7Text,
}

/** Own tokens inside a sentence may be taken for the number they stand for, and become a mark: less, never more. */
const tokens = (text: string): string => text.replace(/P[A-Z2-7]{19}/g, '***')
/** A replaced key is payload again; a document in a string that was emptied is no document any more. */
const mayDiffer = (text: string): boolean =>
  text.includes('"?') ||
  /"(?:\\u007b|\{|\[|\\u005b)(?:\\[nrt]|\\u00(?:20|0[9ad])|\s)*(?:\}|\]|\\u00[75]d)"|\\"\{\s*\}\\"/.test(text)

function twice(plan: Plan, text: string): 'same' | 'refused' | 'not compared' {
  try {
    const once = maskBytes(plan, Buffer.from(text)).body
    if (mayDiffer(once.toString())) return 'not compared'
    assert.equal(tokens(maskBytes(plan, once).body.toString()), tokens(once.toString()))
    return 'same'
  } catch (error) {
    if (isGatewayError(error)) return 'refused'
    throw error
  }
}

describe('masking twice is masking once', () => {
  for (const [format, make] of Object.entries(MAKE))
    it(format, (t) => {
      const seen = { same: 0, refused: 0, 'not compared': 0 }
      for (let seed = 1; seed <= SETS; seed++) {
        const pick = chance(seed * 7919 + 3)
        const rules = randomRules(pick, ROLES, true)
        for (const role of ROLES) {
          const plan = planOf({ role, scenario: 'treatment', format: format as FormatName, rules })
          for (let i = 0; i < PAYLOADS; i++) {
            const text = make(pick, new Values(pick))
            try {
              seen[twice(plan, text)]++
            } catch (error) {
              assert.fail(`seed ${seed}, policy ${role}, payload ${i}\n${(error as Error).message}\n${text}`)
            }
          }
        }
      }
      t.diagnostic(JSON.stringify(seen))
      assert.ok(seen.same > SETS * ROLES.length * PAYLOADS * 0.7)
    })
})
