import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readClaims } from '../../src/access/claims.ts'

const NOW = 1_800_000_000
const read = (change: Record<string, unknown>) =>
  readClaims(
    Buffer.from(JSON.stringify({ iss: 'i', aud: 'a', sub: 's', inst: 'x', iat: NOW, exp: NOW + 60, ...change })),
    'i',
    3600,
  )

it('makes a frozen principal of the claims', () => {
  const claims = read({
    role: 'doctor',
    roles: ['nurse', 'doctor'],
    scope: ' a  b ',
    nbf: NOW - 10,
    jti: 'j',
    cnf: { 'x5t#S256': 'A'.repeat(43) },
  })
  assert.ok(typeof claims !== 'string')
  assert.deepEqual(claims.principal, {
    subject: 's',
    institution: 'x',
    scopes: ['a', 'b'],
    roles: ['doctor', 'nurse'],
    scenario: null,
    purpose: null,
    project: null,
    user: null,
    tokenId: 'j',
    expires: NOW + 60,
  })
  assert.equal(claims.notBefore, NOW)
  assert.equal(claims.thumbprint, 'A'.repeat(43))
  assert.ok(
    Object.isFrozen(claims.principal) &&
      Object.isFrozen(claims.principal.scopes) &&
      Object.isFrozen(claims.principal.roles),
  )
})

it('bounds lists and words', () => {
  assert.equal(read({ roles: Array.from({ length: 65 }, (_, i) => `r${i}`) }), 'TOKEN_CLAIMS')
  assert.equal(read({ scope: Array.from({ length: 513 }, (_, i) => `s${i}`) }), 'TOKEN_CLAIMS')
  assert.equal(read({ project: 'p'.repeat(129) }), 'TOKEN_CLAIMS')
  assert.equal(read({ exp: 4_102_444_801, iat: 4_102_444_700 }), 'TOKEN_CLAIMS')
})

it('refuses bytes that are no UTF-8 JSON object', () => {
  for (const bytes of [Buffer.from([0xff, 0xfe]), Buffer.from('{"a":'), Buffer.from('[]'), Buffer.alloc(0)])
    assert.equal(readClaims(bytes, 'i', 3600), 'TOKEN_CLAIMS')
})
