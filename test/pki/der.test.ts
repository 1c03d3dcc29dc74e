import assert from 'node:assert/strict'
import { it } from 'node:test'
import { content, DerError, hexOf, inside, nodeAt, Row, rootOf, TAG, timeOf } from '../../src/pki/der.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')
const time = (tag: number, text: string): number =>
  timeOf(nodeAt(Uint8Array.from([tag, text.length, ...Buffer.from(text)]), 0, text.length + 2))

it('walks nodes', () => {
  const root = rootOf(bytes('30080201010403616263'), TAG.sequence)
  assert.deepEqual(
    [...inside(root)].map((n) => [n.tag, hexOf(content(n))]),
    [
      [TAG.integer, '01'],
      [TAG.octets, '616263'],
    ],
  )
  const row = new Row(root)
  assert.equal(row.take(TAG.octets), undefined)
  assert.equal(hexOf(content(row.need(TAG.integer))), '01')
  assert.throws(() => row.end(), DerError)
})

it('refuses what is not DER', () => {
  for (const hex of [
    '',
    '30',
    '3001',
    '308000',
    '30810100',
    '30820001aa',
    '3081',
    '1f8101',
    '30850000000001',
    '3000ff',
    '0400',
  ])
    assert.throws(() => rootOf(bytes(hex), TAG.sequence), DerError, hex)
  assert.throws(() => [...inside(rootOf(bytes('3003020500'), TAG.sequence))], DerError)
})

it('reads the two forms of time', () => {
  assert.equal(time(TAG.utcTime, '261121193000Z'), Date.UTC(2026, 10, 21, 19, 30))
  assert.equal(time(TAG.utcTime, '500101000000Z'), Date.UTC(1950, 0, 1))
  assert.equal(time(TAG.generalizedTime, '20500101000000Z'), Date.UTC(2050, 0, 1))
  for (const [tag, text] of [
    [TAG.utcTime, '20261121193000Z'],
    [TAG.generalizedTime, '261121193000Z'],
    [TAG.utcTime, '2611211930Z'],
    [TAG.utcTime, '261121193000+0800'],
    [TAG.utcTime, '260230000000Z'],
    [TAG.utcTime, '261301000000Z'],
    [TAG.utcTime, '261121240000Z'],
  ] as const)
    assert.throws(() => time(tag, text), DerError, text)
})
