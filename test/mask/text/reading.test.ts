/** What is read of bytes, of words and of values on short ways is what the long ones read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { featuresOf } from '../../../src/mask/detectors/features.ts'
import { shadowOf } from '../../../src/mask/normal.ts'
import { foldLong, foldSign } from '../../../src/mask/sign-fold.ts'
import { isWellFormed } from '../../../src/mask/text/grammar.ts'
import { readBytes } from '../../../src/mask/text/reading.ts'
import { scaled } from '../../fixtures/scale.ts'
import { chance } from '../fixtures.ts'
import { matcher, RULE_SET } from './fixture.ts'

const SIGNS = [
  ...'血压A9 -_\t\n　，。（）①²ﬁé𠮷々〇ΣσİǅＨ＿－',
  '\u0301',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\u00a0',
  '\u1100',
  '\ud800',
  '가',
]
type Pick = (n: number) => number
const textOf = (pick: Pick): string =>
  Array.from({ length: pick(24) }, () =>
    pick(8) === 0 ? String.fromCharCode(pick(0x10000)) : SIGNS[pick(pick(3) === 0 ? SIGNS.length : 6)]!,
  ).join('')

test('bytes are read as their text is, or not at all', () => {
  const pick = chance(5)
  let read = 0
  for (let i = 0; i < scaled(100_000, 10_000); i++) {
    const bytes = Buffer.from(`"${textOf(pick)}"`)
    if (pick(9) === 0 && bytes.length > 2) bytes[1 + pick(bytes.length - 2)] = pick(256)
    const seen = readBytes(bytes, 1, bytes.length - 1)
    const text = bytes.toString('utf8', 1, bytes.length - 1)
    if (text.trim() === '') assert.equal(seen, null, 'blanks are left to who reads the text')
    if (seen === null) continue
    read++
    const shadow = shadowOf(text).text
    assert.deepEqual(seen, { shadow, features: featuresOf(shadow) }, JSON.stringify(text))
  }
  assert.ok(read > scaled(100_000, 10_000) / 5)
})

test('values are folded for signs unit by unit as by the definition', () => {
  for (let c = 0; c < 0x10000; c++)
    for (const text of [String.fromCharCode(c), `血${String.fromCharCode(c)}a`, `a${String.fromCharCode(c)} 血`])
      assert.equal(foldSign(text), foldLong(text), JSON.stringify(text))
  const pick = chance(6)
  for (let i = 0; i < scaled(100_000, 10_000); i++) {
    const text = textOf(pick)
    assert.equal(foldSign(text), foldLong(text), JSON.stringify(text))
  }
})

const own = matcher(true)
/** The same without the short way of single words. */
const inPlace = {
  find: own.find.bind(own),
  scan: own.scan.bind(own),
  at: own.at.bind(own),
  writes: () => null,
}
const WORDS = [...RULE_SET.dictionaries.values()].flatMap(({ rows }) =>
  rows.flatMap((row) => [row.term, row.replacement, row.code ?? 'x', ...row.aliases]),
)
const OTHERS = ['无', '未见', '阴性', '5mg', '132', '<0.5', '6.3×10^9/L', '张三', '13812345678', 'CA', '']

test('outputs are judged word by word as they are at their places', () => {
  const pick = chance(7)
  const said = { yes: 0, no: 0 }
  for (let i = 0; i < scaled(60_000, 6000); i++) {
    let out = ''
    for (let n = 1 + pick(5); n > 0; n--) {
      const list = pick(3) === 0 ? OTHERS : WORDS
      out += list[pick(list.length)]! + (n === 1 ? '' : [' ', '；', '；', '-'][pick(pick(6) === 0 ? 4 : 3)]!)
    }
    const verdict = isWellFormed(out, own)
    assert.equal(verdict, isWellFormed(out, inPlace), out)
    said[verdict ? 'yes' : 'no']++
  }
  assert.ok(said.yes > 100 && said.no > 100)
})

test('a term asked for at its place is the one a search finds there', () => {
  const pick = chance(8)
  let found = 0
  for (let i = 0; i < scaled(20_000, 2000); i++) {
    const text = Array.from({ length: 1 + pick(8) }, () => (pick(2) ? WORDS : OTHERS)[pick(9)]!).join(
      ['', ' '][pick(2)]!,
    )
    const shadow = shadowOf(text).text
    for (const hit of own.find(shadow)) {
      assert.deepEqual(own.at(shadow, hit.start), hit)
      found++
    }
  }
  assert.ok(found > 500)
})
