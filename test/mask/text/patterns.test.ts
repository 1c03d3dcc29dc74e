/** The readers that go unit by unit say what patterns say (patterns.ts), on random texts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import units from '../../../data/units.json' with { type: 'json' }
import { shadowOf } from '../../../src/mask/normal.ts'
import { codesOf } from '../../../src/mask/text/codes.ts'
import { formsOf } from '../../../src/mask/text/forms.ts'
import { isWellFormed } from '../../../src/mask/text/grammar.ts'
import { isMarked, marksIn } from '../../../src/mask/text/marks.ts'
import { MARKS, marksOfPolarity } from '../../../src/mask/text/polarity.ts'
import { isQuantity, quantitiesIn } from '../../../src/mask/text/quantity.ts'
import { read } from '../../../src/mask/text/reading.ts'
import { scaled } from '../../fixtures/scale.ts'
import { chance } from '../fixtures.ts'
import { matcher } from './fixture.ts'
import * as slow from './patterns.ts'

const NUMBERS =
  '< > ≤ ≥ = 1 12 123456 1234567 0.5 1.123456 1.12345 12345.67 . / * × ^ - : 10:15 x A 周 个 多 余 天 年 月 岁 元 次 % 7'
const TERMS = '癌症 癌症状 肺炎 发热 思密达 血红蛋白 Hb 肌酐 CA D69.3 HGB PLT ITP 免疫性血小板减少症'
const LIST = [
  ...NUMBERS.split(' '),
  ...`${units.latin} ${units.chinese}`.split(' '),
  ...MARKS,
  ...[...MARKS].map((m) => m.toUpperCase().replace('-', ' ')),
  ...Array.from({ length: 6 }, () => TERMS.split(' ')).flat(),
  ...Array.from({ length: 8 }, () => [' ', '，', '。', '、', '\n', ' 118', '见', '患者']).flat(),
]
const runs = scaled(200_000, 20_000)

/** Texts of a few of the pieces, now and then cut. */
function* texts(list: readonly string[], seed: number, most = 7): Generator<string> {
  const pick = chance(seed)
  for (let i = 0; i < runs; i++) {
    const text = Array.from({ length: 1 + pick(most) }, () => list[pick(list.length)]!).join('')
    yield pick(8) === 0 ? text.slice(pick(text.length)) : text
  }
}

test('numbers and their units', () => {
  let found = 0
  for (const text of texts(LIST, 5)) {
    const all = quantitiesIn(text)
    found += all.length
    assert.deepEqual(
      all.map((q) => [q.start, q.end, q.number, q.unit]),
      slow.quantities(text),
      JSON.stringify(text),
    )
    for (const bare of [true, false])
      assert.equal(isQuantity(text, bare), slow.isQuantity(text, bare), JSON.stringify(text))
  }
  assert.ok(found > runs / 20, `${found} quantities`)
})

test('marks of polarity', () => {
  for (const text of texts(LIST, 6))
    assert.deepEqual(
      marksOfPolarity(text).map((m) => [m.start, m.text]),
      slow.polarity(text),
      JSON.stringify(text),
    )
})

test('what codes-only writes', () => {
  const terms = matcher(true)
  let said = 0
  for (const text of texts(LIST, 7)) {
    const { shadow } = read(text)
    if (marksIn(read(text), null).length > 0) continue
    const out = slow.composed(shadow, terms)
    assert.equal(codesOf(text, { known: null, terms }), out !== '' && isWellFormed(out, terms) ? out : null, text)
    if (out.includes('；')) said++
  }
  assert.ok(said > runs / 100, `${said} texts of several statements`)
})

test('a text is marked where it has a mark', () => {
  const list = [
    ...LIST,
    '13812345678',
    '500103199003070025',
    '患者张三',
    '一三八一二三四五六七八',
    '95岁',
    'a@b.cn',
    '主任',
  ]
  for (const text of texts(list, 8, 5))
    assert.equal(isMarked(read(text), null), marksIn(read(text), null).length > 0, JSON.stringify(text))
})

test('parts of addresses', () => {
  const list = [
    ...'省市区盟县旗镇乡村路街道巷弄里苑园小花自治州特别行政重庆中示例0123456789号栋\n𠮷',
    '自治区',
    '街道',
    '小区',
  ]
  for (const text of texts(list, 9, 24)) {
    if (text.replace(/\s/g, '').length < 4 || text !== text.trim()) continue
    assert.deepEqual(
      formsOf('address', text).map((f) => f.value),
      /\p{Script=Han}|\d/u.test(text) ? slow.addressParts(text) : [],
      JSON.stringify(text),
    )
  }
})

test('the shadow of a text is its characters one by one', () => {
  const list = [
    '癌',
    'a',
    '，',
    '１',
    'Ａ',
    '℃',
    '①',
    '²',
    '\u200b',
    '😀',
    '•',
    '—',
    '㍘',
    'ﬁ',
    '\u0301',
    '\ud800',
    '\0',
  ]
  const plain = (c: string): string =>
    c
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .normalize('NFKC')
      .replace(/[\u2010-\u2015\u2212]/g, '-')
      .replace(/[\u0387\u16eb\u2022\u2027\u2219\u22c5\u2e31\u30fb]/g, '·')
  for (const text of texts(list, 10))
    assert.equal(
      shadowOf(text).text,
      [...text].map((c) => (/[0-9]/.test(plain(c)) && !/^\p{Nd}$/u.test(c) ? c : plain(c))).join(''),
      JSON.stringify(text),
    )
})
