import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slipsOf } from '../../src/base/yaml-slips.ts'

/** [text, lines the parser complained of, slips as `line:col code what`] */
const TABLE: readonly [string, readonly number[], readonly string[]][] = [
  ['a: b\n\tc: d\n  e: f\n\t g: h\n', [2], ['2:1 yaml-tab ', '4:1 yaml-tab ']],
  ['策略：a\n依据: b\n责任人：c\n', [1], ['1:3 yaml-colon 策略', '3:4 yaml-colon 责任人']],
  ['a: b\nc:d\ne: http://x\nf: "g:h"\n', [2], ['2:2 yaml-blank c']],
  ['a: "x：y" # z：w\nb: [c\n', [2], ['2:4 yaml-bracket [']],
  ['a: [b}\n', [1], ['1:4 yaml-bracket [']],
  ['a: { b: c }}\n', [1], ['1:12 yaml-bracket }']],
  ['a:\n  b: c\n   d: e\n', [3], ['3:4 yaml-indent 2']],
  ['a:\n    b: c\n  d: e\n', [3], ['3:3 yaml-indent 4']],
  ['a:\n  b: c\nd: e\n  f: g\n', [4], ['3:1 yaml-indent 2']],
  ['a: b\njust words\n', [2], ['2:1 yaml-line ']],
  ['a: b\nc: d\n', [2], []],
]

for (const [text, broken, expected] of TABLE)
  test(`slips of ${JSON.stringify(text)}`, () =>
    assert.deepEqual(
      slipsOf(text, broken, false).map((s) => `${s.line}:${s.col} ${s.code} ${s.what}`),
      expected,
    ))

test('an open quote is found where it opens, however far below the parser gave up', () => {
  const text = `a: 'b'\nc: "d\ne: f\ng: "h"\n`
  assert.deepEqual(
    slipsOf(text, [5], true).map((s) => `${s.line}:${s.col} ${s.code}`),
    ['2:4 yaml-open-quote'],
  )
})
