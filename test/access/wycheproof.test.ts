/** Project Wycheproof's JWS vectors: no invalid one is accepted, whatever keys its group configures. */
import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { importKeySet, type KeySet } from '../../src/access/keys.ts'
import { verifySignature } from '../../src/access/token.ts'

interface Group {
  readonly comment: string
  readonly public?: Jwks
  readonly private?: Jwks
  readonly tests: readonly { readonly tcId: number; readonly jws: unknown; readonly result: string }[]
}
type Jwks = webcrypto.JsonWebKey & { readonly keys?: readonly webcrypto.JsonWebKey[] }

const folder = join(process.env.VEILGATE_CORPORA ?? '../shared/corpora', 'jose/wycheproof')
const crypto = webcrypto as webcrypto.Crypto

/** The group's keys as an operator could configure them: public halves only; what the key set refuses is left out. */
async function keysOf(group: Group): Promise<KeySet> {
  const given = group.public ?? group.private
  const set: webcrypto.JsonWebKey[] = []
  for (const jwk of given?.keys ?? (given === undefined ? [] : [given])) {
    const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...half } = jwk
    const usable = await importKeySet([{ issuer: 'i', jwks: [...set, half] }], crypto).then(
      () => true,
      () => false,
    )
    if (usable) set.push(half)
  }
  return importKeySet([{ issuer: 'i', jwks: set }], crypto)
}

for (const file of ['json_web_signature_test.json', 'json_web_key_test.json']) {
  const path = join(folder, file)
  const skip = existsSync(path) ? false : 'corpora not present (VEILGATE_CORPORA)'
  it(`accepts no invalid vector of ${file}`, { skip }, async (t) => {
    const { testGroups } = JSON.parse(readFileSync(path, 'utf8')) as { testGroups: Group[] }
    const counts = { invalid: 0, valid: 0, accepted: 0 }
    const acceptedInvalid: string[] = []
    for (const group of testGroups) {
      const keys = await keysOf(group)
      for (const test of group.tests) {
        const token = typeof test.jws === 'string' ? test.jws : JSON.stringify(test.jws)
        const verdict = await verifySignature(token, keys)
        const accepted = typeof verdict !== 'string'
        counts[test.result === 'valid' ? 'valid' : 'invalid']++
        if (accepted && test.result === 'valid') counts.accepted++
        if (accepted && test.result !== 'valid') acceptedInvalid.push(`${test.tcId} ${group.comment}`)
      }
    }
    assert.deepEqual(acceptedInvalid, [])
    assert.ok(counts.invalid > 10)
    t.diagnostic(
      `${counts.invalid} invalid refused; ${counts.accepted} of ${counts.valid} valid are of our algorithms and accepted`,
    )
  })
}
