/** The escrow as a function: what it needs, and that neither half says anything. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { ESCROW_RANDOM_BYTES, openEscrow, readEscrow, sealEscrow } from '../../src/base/escrow.ts'

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const [a, b] = [pair(), pair()]
const about = { fingerprint: '00', created: '2026-11-21T00:00:00.000Z' }
const random = () => ({ bytes: randomBytes(ESCROW_RANDOM_BYTES), pairs: [pair(), pair()] as const })

test('opens with both keys in either order, and says what it holds', () => {
  const plain = Buffer.from('a ring')
  const text = sealEscrow(plain, [a.publicKey, b.publicKey], about, random())
  assert.deepEqual(openEscrow(text, [a.privateKey, b.privateKey]), plain)
  assert.deepEqual(openEscrow(text, [b.privateKey, a.privateKey]), plain)
  assert.equal(readEscrow(text).head.created, about.created)
  assert.ok(!text.includes(plain.toString('base64')))
})

test('refuses what is altered, swapped, or no escrow', () => {
  const text = sealEscrow(Buffer.from('a ring'), [a.publicKey, b.publicKey], about, random())
  const file = JSON.parse(text) as { halves: unknown[]; custodians: string[] }
  const swapped = JSON.stringify({ ...file, halves: file.halves.toReversed() })
  for (const bad of [swapped, text.replace(about.created, '2030-01-01T00:00:00.000Z')])
    assert.throws(() => openEscrow(bad, [a.privateKey, b.privateKey]), { code: 'ESCROW_CUSTODIANS' })
  for (const bad of ['', '{}', '[]', JSON.stringify({ ...file, halves: [] })])
    assert.throws(() => openEscrow(bad, [a.privateKey, b.privateKey]), { code: 'ESCROW_SYNTAX' })
  assert.throws(() =>
    sealEscrow(Buffer.from('x'), [a.publicKey, b.publicKey], about, { ...random(), bytes: Buffer.alloc(8) }),
  )
})
