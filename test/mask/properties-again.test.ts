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

/** A replaced key is payload again. */
const mayDiffer = (text: string): boolean => text.includes('"?')

/**
 * In a sentence, what a mask leaves of one value may be read as another (`5*******0802170271` holds a telephone number,
 * `u****4q@example.com` an address), and stars before it are no reason to pass over it: notes have stars of their own.
 * Such a value loses more, and nothing else changes. HL7 escapes a star that is its delimiter.
 */
const starless = (text: string): string =>
  text.replace(/[?$]R[?$]/g, '*').replace(/[\w.@%+-]*\*+(?:[\w.@%+-]|\$S\$|\*)*/g, '***')

type Seen = 'same' | 'less' | 'refused' | 'not compared'

function twice(plan: Plan, text: string): Seen {
  try {
    const once = maskBytes(plan, Buffer.from(text)).body
    if (mayDiffer(once.toString())) return 'not compared'
    const again = maskBytes(plan, once).body
    if (again.equals(once)) return 'same'
    if (starless(again.toString()) === starless(once.toString())) return 'less'
    assert.equal(again.toString(), once.toString())
    return 'same'
  } catch (error) {
    if (isGatewayError(error)) return 'refused'
    throw error
  }
}

describe('masking twice is masking once', () => {
  for (const [format, make] of Object.entries(MAKE))
    it(format, (t) => {
      const seen: Record<Seen, number> = { same: 0, less: 0, refused: 0, 'not compared': 0 }
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
      // A method that does not know its own results would fill this.
      assert.ok(seen.less <= Math.ceil(SETS * ROLES.length * PAYLOADS * 0.005), `${seen.less} lose more`)
    })
})
