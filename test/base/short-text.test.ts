import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../../src/base/short-text.ts'
import { chance } from '../mask/fixtures.ts'

const SIGNS = ['a', '9', ' ', '男', '血', '々', '龥', '，', '×', '℃', '\u0800', '\ud800', '😀', '\u4000', '鿿']

test('short texts are what the runtime makes of their bytes, broken ones too', () => {
  const pick = chance(3)
  for (let i = 0; i < 40_000; i++) {
    const text = Array.from(
      { length: pick(i % 4 === 0 ? 40 : 14) },
      () => SIGNS[pick(i % 3 === 0 ? 6 : SIGNS.length)]!,
    ).join('')
    const bytes = Buffer.from(`"${text}"`)
    assert.equal(textOf(bytes, 1, bytes.length - 1), bytes.toString('utf8', 1, bytes.length - 1))
    if (bytes.length > 2) bytes[1 + pick(bytes.length - 2)] = pick(256)
    const [start, end] = [pick(bytes.length), bytes.length - pick(2)]
    assert.equal(textOf(bytes, start, Math.max(start, end)), bytes.toString('utf8', start, Math.max(start, end)))
  }
})
