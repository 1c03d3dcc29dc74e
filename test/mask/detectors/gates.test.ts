/** What features gate, and what is tried only where a word begins, hits as every pattern on every text does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import words from '../../../data/name-context.json' with { type: 'json' }
import { claim } from '../../../src/mask/detectors/claims.ts'
import type { Claim } from '../../../src/mask/detectors/detector.ts'
import { DETECTORS, detect, detectsAnything, holdsNothing } from '../../../src/mask/detectors/index.ts'
import { WordStarts } from '../../../src/mask/detectors/word-starts.ts'
import { shadowOf } from '../../../src/mask/normal.ts'
import { scaled } from '../../fixtures/scale.ts'
import { chance } from '../fixtures.ts'

const NUMBERS =
  '13812345678 138--1234 +86 0086- 500103199003070025 50010319900307002X 500103900307002 6222021234567890123 4111111111111111 ABC123456789012 023-68765432 (023)68765432 68765432 801 E12345678 EA1234567 H12345678 A123456(7) C12345678 12345 京A·12345D 渝 A12345 ZY20260001 95岁 九十五岁 及以上 a@b.cn ＠ http://a.b/c 1.2.3.4 00:1a:2b:3c:4d:5e 00-1a-2b-3c-4d-5e 550e8400-e29b-41d4-a716-446655440000 d41d8cd98f00b204e9800998ecf8427e １３８１２３４５６７８'
const OTHERS =
  '病案号 住院流水号 就诊卡号 医保卡号 个人编号 卡号 身份证 电话 转 通行证 台胞证 军 字第 号 王 张三丰 欧阳娜娜 李 男 ， 。 ： : # - x O . 1 23 456'
const LIST = [
  ...NUMBERS.split(' '),
  ...NUMBERS.split(' '),
  ...NUMBERS.split(' '),
  ...OTHERS.split(' '),
  ' ',
  '  ',
  '\t',
  '\n',
  '95 years old',
  'μ',
  'μmol/L',
  ...[words.labels, words.person, words.staff, words.titles].join(' ').split(' '),
]
const DIGEST = /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,128})(?![0-9A-Za-z])/gi

/** Every detector on the text, whatever it holds. */
function ungated(text: string): [string, number, number][] {
  const shadow = shadowOf(text)
  const body = shadow.text.replace(DIGEST, (m) => (/[a-f]/i.test(m) ? '_'.repeat(m.length) : m))
  let claims: readonly Claim[] = []
  for (const detector of DETECTORS) claims = claim(claims, detector, detector.find(body, true))
  return claims.map((c) => [c.detector.name, shadow.origin(c.start), shadow.origin(c.end)])
}

test('no gate keeps a hit out', () => {
  const pick = chance(31)
  let hits = 0
  for (let i = 0; i < scaled(200_000, 20_000); i++) {
    const text = Array.from({ length: 1 + pick(8) }, () => LIST[pick(LIST.length)]!).join('')
    const all = ungated(text)
    const found = detect(text, { prose: true }).map((h) => [h.detector, h.start, h.end])
    assert.deepEqual(found, all, JSON.stringify(text))
    assert.equal(detectsAnything(text), detect(text).length > 0, JSON.stringify(text))
    const bytes = Buffer.from(text)
    if (holdsNothing(bytes, 0, bytes.length)) assert.ok(!detectsAnything(text), JSON.stringify(text))
    hits += all.length
  }
  assert.ok(hits > 5000)
})

test('units with μ and one character that ends a word are told by their bytes', () => {
  const told = (text: string): boolean => holdsNothing(Buffer.from(text), 0, Buffer.byteLength(text))
  for (const text of ['μmol/L', '5μg', '男', '女', '女性']) assert.ok(told(text) && !detectsAnything(text), text)
  // A whole word counts, and what combines with μ or is another one is left to the text.
  for (const text of ['子女', 'μ\u0301', 'µmol/L', 'νmol', '\u03bc\u200b']) assert.ok(!told(text), text)
})

test('a pattern tried where its words begin finds what a search finds', () => {
  const pick = chance(32)
  const list = ['甲乙', '甲乙丙', '丁戊', '乙甲']
  const pattern = '(甲乙丙|甲乙|丁戊|乙甲)[:\\s]{0,2}(\\d{1,3}|[甲乙]{2})'
  const starts = new WordStarts(list, new RegExp(pattern, 'y'))
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: pick(12) }, () => [...'甲乙丙丁戊: 12'][pick(9)]!).join('')
    const found: [number, string][] = []
    starts.eachMatch(text, (m) => found.push([m.index, m[0]]))
    assert.deepEqual(
      found,
      [...text.matchAll(new RegExp(pattern, 'g'))].map((m) => [m.index, m[0]]),
      JSON.stringify(text),
    )
  }
})
