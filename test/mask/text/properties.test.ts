/** Properties over random texts and documents (fast-check). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codesOf } from '../../../src/mask/text/codes.ts'
import { isWellFormed } from '../../../src/mask/text/grammar.ts'
import { MARKS } from '../../../src/mask/text/polarity.ts'
import { isQuantity } from '../../../src/mask/text/quantity.ts'
import { scaled } from '../../fixtures/scale.ts'
import { mask, matcher, planFor, RULE_SET } from './fixture.ts'

const PIECES = [
  '患者',
  '张三丰',
  '王菲',
  'John Smith',
  '13812345678',
  '500103199003070025',
  '住院号ZY20260001',
  '癌症',
  '癌症状',
  '免疫性血小板减少症',
  '甲状腺结节',
  '甲状腺',
  '肺炎',
  '发热',
  '思密达',
  '血红蛋白',
  'Hb',
  '肌酐',
  '血小板计数',
  '132',
  '1.10',
  '5 mg',
  '×10^9/L',
  'g/L',
  'μmol/L',
  '%',
  '3天',
  '36岁',
  '2026年',
  '3月',
  '120/80',
  '否认',
  '未见',
  '阴性',
  '阳性',
  'CA',
  'D69.3',
  'HGB',
  'PLT',
  'thyroid nodule',
  ' ',
  '，',
  '。',
  '；',
  '\n',
  '、',
  '-',
  '/',
  'ＩＴＰ',
  '\u200b',
  '号',
  '床',
  'x',
  '7',
  '0',
  '😀',
  '"',
  '\\',
  '<b>',
  '|',
]
const prose = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
    ),
    { maxLength: 14 },
  )
  .map((a) => a.join(''))
const withoutDigits = prose.map((text) => text.replace(/\p{N}/gu, ''))
const runs = scaled(20_000, 2000)

const own = matcher(true)
/** every word the dictionary can write */
const VOCABULARY = new Set(
  [...RULE_SET.dictionaries.values()].flatMap((d) =>
    d.rows.flatMap((r) => [r.replacement, ...(r.code === null ? [] : [r.code])]),
  ),
)

/** Splits an output without the code under test: words of the vocabulary, marks, numbers. */
function isBuilt(output: string): boolean {
  let rest = output
  const words = [...VOCABULARY, ...MARKS].sort((a, b) => b.length - a.length)
  while (rest !== '') {
    if (rest[0] === ' ' || rest[0] === '；') {
      rest = rest.slice(1)
      continue
    }
    const word = words.find((w) => rest.startsWith(w) && /^(?:$|[ ；])/.test(rest.slice(w.length)))
    const next = word ?? /^[^ ；]+/.exec(rest)![0]
    if (word === undefined && !isQuantity(next, true)) return false
    rest = rest.slice(next.length)
  }
  return true
}

test('codes-only writes nothing of the source but terms, admitted numbers and marks, and the same again', () => {
  let said = 0
  fc.assert(
    fc.property(prose, (text) => {
      const out = codesOf(text, { known: null, terms: own })
      if (out === null) return
      said++
      assert.ok(isWellFormed(out, own), out)
      assert.ok(isBuilt(out), `${JSON.stringify(text)} -> ${out}`)
      assert.ok(!/\d{7}/.test(out) && !/张三丰|王菲|Smith/.test(out), out)
      assert.equal(codesOf(out, { known: null, terms: own }), out, `${JSON.stringify(text)} -> ${out}`)
    }),
    { numRuns: runs },
  )
  assert.ok(said > runs / 20, `only ${said} texts said anything`)
})

test('the grammar refuses what codes-only never writes', () => {
  for (const bad of ['张三', 'CA 张三', '5', 'CA 5', '1234567mg', 'CA；5', 'CAD', 'HGB；132', '癌症', 'CA,ITP'])
    assert.equal(isWellFormed(bad, own), false, bad)
  for (const good of ['CA', 'D69.3', 'HGB 132', '未见 CA；5mg', 'thyroid nodule'])
    assert.equal(isWellFormed(good, own) || good === 'thyroid nodule', true, good)
})

test('scrub changes nothing outside the leaves it may change, and masks twice as once', () => {
  const plan = planFor('inside', 'json')
  fc.assert(
    fc.property(prose, prose, fc.constantFrom('张三丰', '王菲', 'John Smith'), (text, other, name) => {
      const before = { brxm: name, bgnr: text, gms: other, n: 1.5, list: [{ bz: text }] }
      const source = JSON.stringify(before)
      const once = mask(plan, source)
      const after = JSON.parse(once)
      for (const key of Object.keys(after)) assert.ok(key in before, key)
      if (other.includes('{') || other.includes('<')) return
      assert.equal(after.gms, other, 'an element that is kept')
      assert.equal(after.n, 1.5)
      assert.ok(!String(after.bgnr).includes(name), `${name} in ${JSON.stringify(text)} -> ${after.bgnr}`)
      assert.equal(mask(plan, once), once, `${source} -> ${once}`)
    }),
    { numRuns: runs / 4 },
  )
})

test('no text makes a checksum-valid resident ID or a mobile pass', () => {
  const plan = planFor('outside', 'json')
  fc.assert(
    // A digit that touches makes it another number.
    fc.property(withoutDigits, withoutDigits, (before, after) => {
      for (const secret of ['500103199003070025', '13812345678', '138 1234 5678', '500103 19900307 0025']) {
        const out = mask(plan, JSON.stringify({ bgnr: `${before}${secret}${after}` }))
        assert.ok(!out.includes(secret), `${before}${secret}${after} -> ${out}`)
      }
    }),
    { numRuns: runs / 4 },
  )
})
