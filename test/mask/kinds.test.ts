import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageAt, canonical, fitsKind } from '../../src/mask/kinds.ts'
import type { Kind } from '../../src/mask/model.ts'
import { KINDS } from '../../src/mask/model.ts'
import { chance, randomValue } from './fixtures.ts'

const SAME: readonly (readonly [Kind, string, readonly string[]])[] = [
  [
    'identifier',
    '500103199003070025',
    [
      '500103199003070025',
      ' 500103199003070025 ',
      '50010319900307002５',
      '500103 1990 0307 0025',
      '500103-19900307-0025',
      '５００１０３１９９００３０７００２５',
      '500103\u200b199003070025',
    ],
  ],
  ['identifier', '11010519491231002X', ['11010519491231002x', '11010519491231002Ｘ', '110105 19491231 002x']],
  ['identifier', '6222021234567890128', ['6222 0212 3456 7890 128', '6222-0212-3456-7890-128']],
  ['identifier', '渝A12345', ['渝A·12345', '渝a12345', '渝A 12345', '渝Ａ•１２３４５']],
  ['identifier', '2026-0001', ['2026-0001', '２０２６－０００１']],
  [
    'phone',
    '13812345678',
    [
      '13812345678',
      '+86 138-1234-5678',
      '0086 13812345678',
      '86-13812345678',
      'tel:+86-138-1234-5678',
      '１３８ １２３４ ５６７８',
      '138.1234.5678',
    ],
  ],
  ['phone', '02368765432', ['023-68765432', '(023)68765432', '+86 23 6876 5432', '023 6876-5432']],
  ['phone', '057187654321-801', ['(0571)87654321-801', '0571-87654321转801', '0571-87654321 ext. 801']],
  ['email', 'zhang@example.com', ['zhang@EXAMPLE.com', 'mailto:zhang@example.com', ' zhang@example.com']],
  [
    'date',
    '1990-03-07',
    [
      '1990-03-07',
      '19900307',
      '199003071015',
      '19900307101500.000+0800',
      '1990/3/7',
      '1990.03.07',
      '1990年3月7日',
      '1990-03-07T08:00:00+08:00',
      '1990-03-07 08:00:00',
      '１９９０－０３－０７',
    ],
  ],
  ['date', '1990-03', ['1990-03', '199003', '1990年3月', '1990/3']],
  ['date', '1990', ['1990', '1990年']],
  ['age', '36', ['36', '36岁', '36 周岁', '036', '36Y', '36 years old', '36岁2个月']],
  ['age', '0', ['3天', '5月龄', '11个月', '20日', '3周', '6小时', '0']],
  ['age', '1', ['18个月', '1岁', '1岁3个月']],
  ['name', '张三', ['张三', '张 三', '张　三', ' 张三 ']],
  ['name', '阿卜杜·热合曼', ['阿卜杜•热合曼', '阿卜杜・热合曼', '阿卜杜‧热合曼']],
  ['name', 'John Smith', ['John  Smith', 'Ｊｏｈｎ Smith']],
  ['address', '重庆市渝中区', ['重庆市 渝中区', '重庆市　渝中区']],
  ['code', 'C34.9', ['C34.9', ' Ｃ34.9']],
]

test('every spelling comes to one canonical value', () => {
  for (const [kind, expected, spellings] of SAME)
    for (const text of spellings) assert.equal(canonical(kind, text), expected, `${kind} ${text}`)
})

test('what has no shape of its kind comes back normalised, with its case and hyphens', () => {
  assert.equal(canonical('identifier', 'a1B-x'), 'a1B-x')
  assert.equal(canonical('identifier', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'), '3f2504e0-4f89-11d3-9a0c-0305e82c3301')
  assert.equal(canonical('date', '1990-02-30'), '1990-02-30')
  assert.equal(canonical('date', '不详'), '不详')
  assert.equal(canonical('phone', '无'), '无')
  assert.equal(canonical('blob', ' Ａ '), ' Ａ ')
})

test('a canonical value is its own canonical value', () => {
  const pick = chance(8)
  for (const kind of KINDS)
    for (let i = 0; i < 800; i++) {
      const value = canonical(kind, randomValue(pick))
      assert.equal(canonical(kind, value), value, `${kind} ${JSON.stringify(value)}`)
    }
})

const FITS: readonly (readonly [Kind, readonly string[], readonly string[]])[] = [
  [
    'number',
    ['0', '1.10', '-0', '1e400', '1E-22', '<0.5', '>=10', '≤ 3', '123456789', '+5'],
    ['', '007', '1234567890', '13812345678', '1,000', '阴性', '1 2', '0x10', 'NaN', '.5', '5.', '12345.67890'],
  ],
  [
    'date',
    ['1990', '1990-03', '1990-03-07', '19900307', '20261121101500', '2026-11-21T10:15:00+08:00', '1990年3月7日'],
    [
      '',
      '1990-13-01',
      '1990-02-30',
      '0001-01-01',
      '1990-03-07 张三',
      '1990年3月7日10时张三',
      '2026-11-21Tabc',
      '不详',
      '12345678',
      '13812345678',
    ],
  ],
  ['age', ['36', '36岁', '3天', '35-39岁', '<1岁'], ['', '360', '张三', '1岁3个月张三', '36岁 张三', '13812345678']],
  [
    'code',
    [
      'WBC',
      '718-7',
      '白细胞计数',
      'Hemoglobin [Mass/volume] in Blood',
      '10*9/L',
      'mmol/L',
      '甲状腺恶性肿瘤',
      'C34.900x001',
      '（全血）',
    ],
    [
      '',
      'x'.repeat(65),
      '电话13812345678',
      'a\nb',
      '500103199003070025',
      '患者头痛三天。昨日加重！',
      'zhang@example.com',
    ],
  ],
]

test('keep by kind: what fits and what does not', () => {
  for (const [kind, good, bad] of FITS) {
    for (const text of good) assert.equal(fitsKind(kind, text), true, `${kind} ${text}`)
    for (const text of bad) assert.equal(fitsKind(kind, text), false, `${kind} ${text}`)
  }
  for (const kind of ['name', 'identifier', 'phone', 'email', 'address', 'text', 'blob'] as const)
    assert.equal(fitsKind(kind, '张三'), true)
  assert.equal(fitsKind('text', '3g 每日三次'), true)
  assert.equal(fitsKind('text', '内科 13812345678'), false)
  const spelt = Buffer.from('患者电话13812345678').toString('base64')
  for (const kind of ['text', 'code'] as const) {
    assert.equal(fitsKind(kind, spelt), false, `${kind} in base64`)
    assert.equal(fitsKind(kind, '%31%33%38%31%32%33%34%35%36%37%38'), false, `${kind} URL-encoded`)
    for (const code of ['385055001000036105', 'Erythrocytes', 'XA02BCM087A001010100405', '86901234567890'])
      assert.equal(fitsKind(kind, code), true, `${kind} ${code}`)
  }
})

test('ages of dates, ages and resident IDs on a day', () => {
  assert.equal(ageAt('date', '1990-03-07', '2026-03-06'), 35)
  assert.equal(ageAt('date', '1990-03-07', '2026-03-07'), 36)
  assert.equal(ageAt('date', '2013', '2026-11-21'), 12, 'the youngest it can be')
  assert.equal(ageAt('age', '36', '2026-11-21'), 36)
  assert.equal(ageAt('age', '<1岁', '2026-11-21'), 0)
  assert.equal(ageAt('identifier', '500103199003070025', '2026-11-21'), 36)
  assert.equal(ageAt('identifier', '500103199003070026', '2026-11-21'), null)
  assert.equal(ageAt('identifier', 'ZY20260001', '2026-11-21'), null)
  assert.equal(ageAt('text', '36', '2026-11-21'), null)
})
