import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createRing, destroy, retire, rotate } from '../../src/base/keyring.ts'
import { canonical } from '../../src/mask/kinds.ts'
import { Pseudonyms } from '../../src/mask/pseudonym.ts'
import { CALL, element } from './fixtures.ts'

const NOW = '2026-11-21T02:00:00Z'
const bytes = (label: string) => createHash('sha256').update(label).digest()
const ring = createRing(bytes('one'), NOW)
const id = element('resident-id', 'identifier')
const inpatient = element('inpatient-no', 'identifier', { local: true })
const VALUE = '500103199003070025'

test('a token fits a FHIR id and an HL7 ST, is stable, and depends on element and namespace', () => {
  const one = new Pseudonyms(ring).forCall(CALL)
  const again = new Pseudonyms(createRing(bytes('one'), NOW)).forCall(CALL)
  const token = one.pseudonym(id, '', VALUE)
  assert.match(token, /^P[A-Z2-7]{19}$/)
  assert.equal(one.pseudonym(id, '', VALUE), token)
  assert.equal(again.pseudonym(id, '', VALUE), token)
  const others = [
    one.pseudonym(inpatient, '', VALUE),
    one.pseudonym(id, 'teaching', VALUE),
    one.pseudonym(id, '', '500103199003070026'),
    new Pseudonyms(createRing(bytes('two'), NOW)).forCall(CALL).pseudonym(id, '', VALUE),
  ]
  assert.equal(new Set([token, ...others]).size, 5)
})

test('the same person has the same token in every spelling', () => {
  const { pseudonym } = new Pseudonyms(ring).forCall(CALL)
  const spellings = [
    VALUE,
    '50010319900307002５',
    '500103 1990 0307 0025',
    ' 500103-19900307-0025',
    '５００１０３１９９００３０７００２５',
  ]
  assert.equal(new Set(spellings.map((s) => pseudonym(id, '', canonical('identifier', s)))).size, 1)
})

test('scopes: recipient and scenario always, the holder for local numbers, the project for datasets', () => {
  const pseudonyms = new Pseudonyms(ring)
  const at = (change: Partial<typeof CALL>) => pseudonyms.forCall({ ...CALL, ...change })
  const base = at({})
  for (const e of [id, inpatient]) {
    assert.notEqual(at({ recipient: 'research' }).pseudonym(e, '', VALUE), base.pseudonym(e, '', VALUE))
    assert.notEqual(at({ scenario: 'treatment' }).pseudonym(e, '', VALUE), base.pseudonym(e, '', VALUE))
    assert.equal(at({ project: 'p2' }).pseudonym(e, '', VALUE), base.pseudonym(e, '', VALUE))
  }
  assert.equal(
    at({ holder: 'other' }).pseudonym(id, '', VALUE),
    base.pseudonym(id, '', VALUE),
    'national numbers join over holders',
  )
  assert.notEqual(at({ holder: 'other' }).pseudonym(inpatient, '', VALUE), base.pseudonym(inpatient, '', VALUE))
  assert.notEqual(base.pseudonym(id, '', VALUE, 'pair'), base.pseudonym(id, '', VALUE))
  assert.equal(base.pseudonym(inpatient, '', VALUE, 'pair'), base.pseudonym(inpatient, '', VALUE))
  assert.notEqual(at({ project: 'p2' }).pseudonym(id, '', VALUE, 'dataset'), base.pseudonym(id, '', VALUE, 'dataset'))
  const none = pseudonyms.forCall({ ...CALL, project: null })
  assert.throws(() => none.pseudonym(id, '', VALUE, 'dataset'), { code: 'TOKEN_PERMISSION' })
})

test('parts cannot be shifted into each other', () => {
  const { pseudonym } = new Pseudonyms(ring).forCall(CALL)
  assert.notEqual(pseudonym(id, 'a', 'bc'), pseudonym(id, 'ab', 'c'))
  assert.notEqual(pseudonym(id, '', '\x001:ab'), pseudonym(id, '\x001:a', 'b'))
})

test('own tokens are known by their check, never by their look', () => {
  const one = new Pseudonyms(ring).forCall(CALL)
  const token = one.pseudonym(id, '', VALUE)
  assert.equal(one.isOwnToken(token), true)
  assert.equal(new Pseudonyms(ring).forCall({ ...CALL, recipient: 'x' }).isOwnToken(token), true)
  const swapped = token.slice(0, 5) + (token[5] === 'A' ? 'B' : 'A') + token.slice(6)
  for (const fake of [swapped, token.toLowerCase(), `${token}A`, token.slice(0, 19), `P${VALUE}0`, 'P'.repeat(20)])
    assert.equal(one.isOwnToken(fake), false, fake)
  let accepted = 0
  for (let i = 0; i < 3000; i++) {
    const body = bytes(`x${i}`)
      .toString('hex')
      .toUpperCase()
      .replace(/[0189]/g, 'Z')
      .slice(0, 19)
    if (one.isOwnToken(`P${body}`)) accepted++
  }
  assert.equal(accepted, 0)
  assert.equal(new Pseudonyms(createRing(bytes('two'), NOW)).isOwnToken(token), false)
})

test('rotation: the named epoch goes on, older tokens stay known until their epoch is destroyed', () => {
  const old = new Pseudonyms(ring)
  const token = old.forCall(CALL).pseudonym(id, '', VALUE)
  const rotated = rotate(ring, bytes('next'), NOW)
  assert.notEqual(new Pseudonyms(rotated).forCall(CALL).pseudonym(id, '', VALUE), token)
  assert.equal(new Pseudonyms(rotated, 'e1').forCall(CALL).pseudonym(id, '', VALUE), token)
  assert.equal(new Pseudonyms(rotated).isOwnToken(token), true)
  const retired = retire(rotated, 'e1')
  assert.equal(new Pseudonyms(retired).isOwnToken(token), true)
  assert.throws(() => new Pseudonyms(retired, 'e1'), { code: 'KEYRING_EPOCH_RETIRED' })
  assert.equal(new Pseudonyms(destroy(retired, 'e1')).isOwnToken(token), false)
})

test('names of keys: hex, keyed, of the length asked for', () => {
  const { keyName } = new Pseudonyms(ring).forCall(CALL)
  assert.match(keyName(VALUE, 6), /^[0-9a-f]{6}$/)
  assert.ok(keyName(VALUE, 8).startsWith(keyName(VALUE, 6)))
  assert.notEqual(keyName(VALUE, 12), keyName('500103199003070026', 12))
  assert.notEqual(keyName(VALUE, 12), createHash('sha256').update(VALUE).digest('hex').slice(0, 12))
})
