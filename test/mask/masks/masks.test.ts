import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical } from '../../../src/mask/kinds.ts'
import { maskEmail } from '../../../src/mask/masks/email.ts'
import { identifierBytes, identifierMask } from '../../../src/mask/masks/identifier.ts'
import { maskName } from '../../../src/mask/masks/name.ts'
import { maskPhone, spanPhone } from '../../../src/mask/masks/phone.ts'
import { maskPlate } from '../../../src/mask/masks/plate.ts'
import { keepSpan, pointsIn } from '../../../src/mask/masks/span.ts'
import { spanBytes } from '../../../src/mask/masks/span-bytes.ts'
import { gateOf } from '../../../src/mask/masks/stable-bytes.ts'
import { KINDS } from '../../../src/mask/model.ts'
import { chance, elementById, randomValue } from '../fixtures.ts'

test('a gate lets through only what is its own canonical form, and counts its code points', () => {
  const pick = chance(77)
  for (const kind of KINDS) {
    const gate = gateOf(kind)
    for (let i = 0; i < 3000; i++) {
      const text = randomValue(pick)
      const source = Buffer.from(`"${text}"`)
      const n = gate(source, 1, source.length - 1)
      if (n < 0) continue
      assert.equal(canonical(kind, text), text, `${kind} ${JSON.stringify(text)}`)
      assert.equal(n, pointsIn(text))
    }
  }
})

test('every stable character is its own NFKC form', () => {
  const gate = gateOf('text')
  for (let point = 0x80; point < 0x11000; point++) {
    if (point >= 0xd800 && point < 0xe000) continue
    const text = String.fromCodePoint(point)
    const source = Buffer.from(text)
    if (gate(source, 0, source.length) > 0)
      assert.equal(canonical('text', `a${text}b`), `a${text}b`, point.toString(16))
  }
})

test('truncated UTF-8 at the end of the span is not read over', () => {
  const source = Buffer.from('张三')
  for (let end = 0; end < source.length; end++) if (end % 3 !== 0) assert.equal(gateOf('text')(source, 0, end), -1)
})

test('spans', () => {
  const span = { first: 1, last: 1, char: '*', fixed: null }
  assert.equal(keepSpan('a😀b', span), 'a*b')
  assert.equal(keepSpan('😀😁', span), '**')
  assert.equal(keepSpan('ab', { ...span, fixed: '***' }), '***')
  assert.equal(pointsIn('\ud83d'), 1)
  const target = Buffer.alloc(64)
  const bytes = spanBytes(span, gateOf('text'))
  assert.equal(target.toString('utf8', 0, bytes(Buffer.from('张三丰'), 0, 9, target, 0)), '张*丰')
})

test('names, telephone numbers, email, plates, identifiers', () => {
  assert.equal(maskName('张之女', '*', false), '***', 'a mother of one character')
  assert.equal(maskName('3张', '*', false), '***')
  assert.equal(maskPhone('138****5678', '*'), '138****5678')
  assert.equal(maskPhone('023****5432', '*'), '023-****5432')
  assert.equal(spanPhone('057187654321-801', { first: 0, last: 4, char: '*', fixed: null }), '********4321')
  assert.equal(spanPhone('无', { first: 0, last: 0, char: '*', fixed: null }), '***')
  assert.equal(maskEmail('z***@example.com', '*'), 'z***@example.com')
  assert.equal(maskPlate('渝A1***5', '*'), '渝A1***5')
  assert.equal(maskPlate('渝A***', '*'), '渝A***')
  assert.equal(identifierMask(elementById('record-no'))('00****56', '*', null), '00****56')
  assert.equal(identifierBytes(elementById('credential'), '*', null), undefined)
})
