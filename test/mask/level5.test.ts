import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLevel5Code } from '../../src/mask/level5.ts'

test('level-5 codes in every spelling', () => {
  for (const code of [
    'B20',
    'B20.100x001',
    'b20.1',
    ' B 20 ',
    'Ｂ２０．１',
    'B24',
    'B201',
    'Z21',
    'R75',
    'F02.4',
    'Z11.4',
    'A50.9',
    'A64',
    'F00',
    'F32.9',
    'F99.x00',
    'X60',
    'X84',
    'Q90.0',
    'O03.9',
    'N46',
    'N97.0',
    'Z31.5',
    'B16.9',
    'B18.0',
    'B18.1',
    'Z22.5',
    'T74.1',
    'Y05',
    'Y07',
    'A15.0+',
    'A19',
    'J45.9(F45.3)',
    'I10,B20.1',
    'B20.100 人类免疫缺陷病毒病',
  ])
    assert.equal(isLevel5Code(code), true, code)
})

test('a bare category counts when one of its subcategories does', () => {
  for (const code of ['B18', 'Z11', 'Z22', 'B18.x00']) assert.equal(isLevel5Code(code), true, code)
})

test('other codes', () => {
  for (const code of [
    '',
    'C73.x00',
    'C34.9',
    'I10',
    'Z11.3',
    'Z22.4',
    'B18.2',
    'B25',
    'A65',
    'A49',
    'M80100/3',
    'XB20',
    'N98',
    '47.0901',
    '甲状腺恶性肿瘤',
    '20',
    'B2',
    'E11.900x001',
    'G40',
  ])
    assert.equal(isLevel5Code(code), false, code)
})
