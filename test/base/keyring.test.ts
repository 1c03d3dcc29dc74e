import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  activeEpoch,
  createRing,
  derive,
  destroy,
  fingerprint,
  KeyringError,
  livingEpochs,
  open,
  retire,
  rotate,
  seal,
  USES,
} from '../../src/base/keyring.ts'

const NOW = '2026-11-21T02:00:00Z'
const LATER = '2027-01-01T00:00:00Z'
const bytes = (label: string) => createHash('sha256').update(label).digest()
const SECRET = Buffer.from('correct horse battery staple')
const FAST = { N: 1024, r: 8, p: 1 }
const random = Buffer.concat([bytes('salt and nonce')]).subarray(0, 28)
const ring = rotate(createRing(bytes('one'), NOW), bytes('two'), LATER)
const coded = (code: string) => (error: unknown) =>
  error instanceof KeyringError && error.code === code && error.message === code

test('a sealed ring opens with its secret only, and any changed character is refused', () => {
  const text = seal(ring, SECRET, { random, cost: FAST })
  assert.deepEqual(open(text, SECRET), ring)
  assert.throws(() => open(text, Buffer.from('correct horse battery stapl3')), coded('KEYRING_SECRET'))
  for (const key of [bytes('one'), bytes('two')])
    for (const form of ['base64', 'hex', 'latin1'] as const) assert.ok(!text.includes(key.toString(form)))
  const file = JSON.parse(text)
  const flip = (s: string) => (s[0] === 'A' ? 'B' : 'A') + s.slice(1)
  for (const name of ['data', 'tag', 'nonce'])
    assert.throws(() => open(JSON.stringify({ ...file, [name]: flip(file[name]) }), SECRET), coded('KEYRING_SECRET'))
  const weaker = { ...file, kdf: { ...file.kdf, N: 512 } }
  assert.throws(() => open(JSON.stringify(weaker), SECRET), coded('KEYRING_SECRET'))
})

test('the default cost opens', () => {
  assert.deepEqual(open(seal(ring, SECRET, { random }), SECRET), ring)
})

test('files that are none, of another version, or that ask for too much are refused before any work', () => {
  const file = JSON.parse(seal(ring, SECRET, { random, cost: FAST }))
  const refused = (change: object, code: string) =>
    assert.throws(() => open(JSON.stringify({ ...file, ...change }), SECRET), coded(code))
  for (const text of ['', '{', '[]', 'null', '{}', '{"veilgate":"keyring"'])
    assert.throws(() => open(text, SECRET), coded('KEYRING_SYNTAX'))
  refused({ version: 2 }, 'KEYRING_VERSION')
  refused({ cipher: 'aes-128-gcm' }, 'KEYRING_VERSION')
  refused({ kdf: { ...file.kdf, name: 'pbkdf2' } }, 'KEYRING_VERSION')
  for (const N of [0, 1, 3, 1.5, '1024', 1 << 24]) refused({ kdf: { ...file.kdf, N } }, 'KEYRING_SYNTAX')
  refused({ tag: 'AAAA' }, 'KEYRING_SYNTAX')
  refused({ nonce: 5 }, 'KEYRING_SYNTAX')
  refused({ data: '***' }, 'KEYRING_SYNTAX')
})

test('secrets and random bytes are checked', () => {
  assert.throws(() => seal(ring, Buffer.from('short'), { random }), coded('KEYRING_WEAK_SECRET'))
  assert.throws(() => seal(ring, SECRET, { random: Buffer.alloc(28) }), coded('KEYRING_RANDOM'))
  assert.throws(() => createRing(Buffer.alloc(32), NOW), coded('KEYRING_RANDOM'))
  assert.throws(() => createRing(bytes('x').subarray(1), NOW), coded('KEYRING_RANDOM'))
})

test('derived keys differ by use, info and epoch, and are repeatable', () => {
  const keys = new Set<string>()
  for (const use of USES)
    for (const info of ['', 'a', 'b'])
      for (const epoch of ['e1', 'e2']) keys.add(derive(ring, use, info, 32, epoch).toString('hex'))
  assert.equal(keys.size, USES.length * 3 * 2)
  assert.deepEqual(derive(ring, 'journal', '', 32), derive(ring, 'journal', '', 32, 'e2'))
  assert.equal(derive(ring, 'journal', '', 16).length, 16)
  // RFC 5869 by hand: extract with a zero salt, expand one block.
  const label = 'veilgate/v1/journal\0x'
  assert.deepEqual(derive(createRing(bytes('one'), NOW), 'journal', 'x', 32), hkdf(bytes('one'), label))
})

function hkdf(key: Buffer, info: string): Buffer {
  const hmac = (k: Buffer, m: Buffer) => {
    const pad = (x: number) => Buffer.from(Buffer.concat([k, Buffer.alloc(64 - k.length)]).map((b) => b ^ x))
    const inner = createHash('sha256').update(pad(0x36)).update(m).digest()
    return createHash('sha256').update(pad(0x5c)).update(inner).digest()
  }
  return hmac(hmac(Buffer.alloc(32), key), Buffer.concat([Buffer.from(info), Buffer.from([1])]))
}

test('the life of an epoch', () => {
  assert.equal(activeEpoch(ring).id, 'e2')
  assert.deepEqual(
    livingEpochs(ring).map((e) => e.id),
    ['e2', 'e1'],
  )
  const retired = retire(ring, 'e1')
  assert.throws(() => derive(retired, 'pseudonym', '', 32, 'e1'), coded('KEYRING_EPOCH_RETIRED'))
  for (const use of ['hash', 'date-shift', 'noise'] as const)
    assert.throws(() => derive(retired, use, '', 32, 'e1'), coded('KEYRING_EPOCH_RETIRED'))
  // A dataset wrapped under it lives on; new ones take the epoch of new tokens.
  assert.equal(derive(retired, 'random-id', '', 32, 'e1').length, 32)
  assert.equal(derive(retired, 'pseudonym-check', '', 32, 'e1').length, 32)
  assert.throws(() => retire(retired, 'e2'), coded('KEYRING_LAST_ACTIVE'))
  assert.throws(() => destroy(retired, 'e2'), coded('KEYRING_LAST_ACTIVE'))
  const gone = destroy(retired, 'e1')
  assert.equal(gone.epochs[0]?.key, null)
  assert.deepEqual(
    livingEpochs(gone).map((e) => e.id),
    ['e2'],
  )
  assert.throws(() => derive(gone, 'journal', '', 32, 'e1'), coded('KEYRING_EPOCH_DESTROYED'))
  assert.throws(() => retire(gone, 'e1'), coded('KEYRING_EPOCH_DESTROYED'))
  assert.throws(() => derive(ring, 'journal', '', 32, 'e9'), coded('KEYRING_EPOCH_UNKNOWN'))
  assert.deepEqual(open(seal(gone, SECRET, { random, cost: FAST }), SECRET), gone)
  assert.equal(ring.epochs[0]?.state, 'active', 'the old ring is untouched')
  assert.equal(rotate(gone, bytes('three'), LATER).epochs.at(-1)?.id, 'e3')
})

test('the fingerprint names a ring and tells nothing of its keys', () => {
  assert.match(fingerprint(ring), /^[0-9a-f]{32}$/)
  assert.equal(fingerprint(ring), fingerprint(open(seal(ring, SECRET, { random, cost: FAST }), SECRET)))
  const others = [
    retire(ring, 'e1'),
    destroy(ring, 'e1'),
    rotate(ring, bytes('three'), LATER),
    createRing(bytes('one'), NOW),
  ]
  assert.equal(new Set([fingerprint(ring), ...others.map(fingerprint)]).size, 5)
})
