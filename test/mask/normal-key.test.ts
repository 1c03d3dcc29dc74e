import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AMBIGUOUS_KEYS, normalKey } from '../../src/mask/normal-key.ts'

test('keys of HIS systems meet in one form', () => {
  for (const key of ['BRXM', 'br_xm', 'Br-Xm', ' brxm ', 'ｂｒｘｍ', 'br\u200bxm', 'br.xm'])
    assert.equal(normalKey(key), 'brxm')
  assert.equal(normalKey('患者_姓名'), '患者姓名')
  assert.equal(normalKey('patiIdCardNum'), 'patiidcardnum')
})

test('ambiguous initials are in normal form', () => {
  assert.equal(AMBIGUOUS_KEYS.size, 12)
  for (const key of AMBIGUOUS_KEYS.keys()) assert.equal(normalKey(key), key)
})
