/** Texts written into JSON are those JSON.stringify writes, short and long, plain and to be escaped. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Edits } from '../../../src/base/splice.ts'
import { writeString } from '../../../src/mask/formats/json-text.ts'
import { chance } from '../fixtures.ts'

const SIGNS = [...'aZ9 血，é߿ࠀ￿"\\\n\u0000\u001f\u007f', '\ud800', '\udfff', '😀', '\u2028']

test('a string literal is what JSON.stringify writes', () => {
  const pick = chance(4)
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from(
      { length: pick(i % 5 === 0 ? 60 : 12) },
      () => SIGNS[pick(i % 3 === 0 ? 9 : SIGNS.length)]!,
    ).join('')
    const source = Buffer.from('[""]')
    const edits = new Edits()
    writeString(edits, 1, 3, text)
    assert.equal(edits.apply(source).toString(), Buffer.from(`[${JSON.stringify(text)}]`).toString())
  }
})
