import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDayAt, isDigit } from '../../src/base/ascii.ts'

test('digits are the ten of ASCII, of any width nothing else', () => {
  for (let c = 0; c < 0x10000; c++) assert.equal(isDigit(c), /^[0-9]$/.test(String.fromCharCode(c)))
})

test('ten bytes as YYYY-MM-DD has them, where they stand', () => {
  const at = (text: string): boolean => isDayAt(Buffer.from(`x${text}`), 1)
  for (const text of ['1990-03-07', '0000-99-99', '1990-03-07T10:15']) assert.equal(at(text), true, text)
  for (const text of ['1990-03-0', '1990/03/07', '19900-3-07', '1990-03-0a', '１990-03-07', ''])
    assert.equal(at(text), false, text)
})
