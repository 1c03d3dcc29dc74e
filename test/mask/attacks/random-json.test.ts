/**
 * X32, X36, X38, X49, X64: documents of any shape under policies that treat everything. No secret is left, what comes
 * out can be parsed, FHIR has no empty values, and masking twice is masking once.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chance } from '../fixtures.ts'
import { mask, planFor, policy, rulesWith } from './fixture.ts'
import { fhirDocument, hisDocument, leakIn, Secrets, write } from './random-documents.ts'

const SORTS = [
  ['redact', 'redact'],
  ['redact', 'drop'],
  ['drop', 'redact'],
  ['drop', 'drop'],
] as const
const rules = rulesWith(SORTS.map(([undecided, unknown]) => policy(`${undecided}-${unknown}`, [], undecided, unknown)))
const ROWS = [null, '$.data.list', '$.rows', '$[*]', '$.data']

/** Path of the first empty string, array or object below the root that the payload did not bring. */
function emptyIn(value: unknown, path = '$'): string | null {
  if (value === '' || (value !== null && typeof value === 'object' && Object.keys(value).length === 0)) return path
  if (value === null || typeof value !== 'object') return null
  for (const [key, inner] of Object.entries(value)) {
    const found = emptyIn(inner, `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}

describe('everything treated', () => {
  for (const [undecided, unknown] of SORTS) {
    const role = `${undecided}-${unknown}`
    it(`FHIR, undecided ${undecided}, unknown ${unknown}`, () => {
      const plan = planFor(role, 'fhir', { rules })
      const pick = chance(SORTS.findIndex((s) => s[0] === undecided && s[1] === unknown) + 7)
      const secrets = new Secrets(pick)
      for (let n = 0; n < 400; n++) {
        const text = write(fhirDocument(pick, secrets), pick)
        const out = mask(plan, text)
        if (out === 'PAYLOAD_INVALID') continue
        const value: unknown = JSON.parse(out)
        assert.equal(leakIn(value), null, `${text}\n${out}`)
        if (!/\{\s*\}|\[\s*\]|\[\s*null/.test(text))
          assert.equal(emptyIn(Object.values(value as object)), null, `${text}\n${out}`)
        assert.equal(mask(plan, out), out, text)
      }
    })

    it(`HIS JSON, undecided ${undecided}, unknown ${unknown}`, () => {
      const pick = chance(31)
      const secrets = new Secrets(pick)
      const plans = ROWS.map((rows) => planFor(role, 'json', { rules, rows }))
      for (let n = 0; n < 1500; n++) {
        const plan = plans[n % plans.length]!
        const text = write(hisDocument(pick, secrets, rules, n % 3 === 0), pick)
        const out = mask(plan, text)
        assert.equal(leakIn(JSON.parse(out)), null, `${text}\n${out}`)
        // A replaced key is payload again: only payloads without such keys come out of a second run unchanged.
        if (!out.includes('"?')) assert.equal(mask(plan, out), out, text)
      }
    })
  }
})
