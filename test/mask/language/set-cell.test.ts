/** A cell changed by form: the policy's other characters stay as they are. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SHIPPED } from '../../../src/mask/language/catalogue.ts'
import { type CellTarget, type NewCell, setCell } from '../../../src/mask/language/set-cell.ts'

const MOBILE = { id: 'mobile', zh: '手机号' }
const drop: NewCell = { method: 'drop', params: {} }

const CASES: readonly [string, string, CellTarget, NewCell | null, string][] = [
  [
    'a word',
    'policy: p\nelements:\n  mobile: mask   # why\n  a: b\n',
    MOBILE,
    drop,
    'policy: p\nelements:\n  mobile: drop   # why\n  a: b\n',
  ],
  [
    'a flow map',
    'policy: p\nelements:\n  mobile: { method: mask, first: 3 } # x\n',
    MOBILE,
    drop,
    'policy: p\nelements:\n  mobile: drop # x\n',
  ],
  [
    'a block map moves up',
    'policy: p\nelements:\n  mobile:\n    method: mask\n    first: 3\n  # next\n  a: b\n',
    MOBILE,
    drop,
    'policy: p\nelements:\n  mobile: drop\n  # next\n  a: b\n',
  ],
  [
    'a new line behind the last',
    'policy: p\nelements:\n  a: b # c\n\n# below\nundecided: drop\n',
    MOBILE,
    drop,
    'policy: p\nelements:\n  a: b # c\n  mobile: drop\n\n# below\nundecided: drop\n',
  ],
  [
    'a line taken away',
    'policy: p\nelements:\n  a: b\n  mobile: mask # x\n  c: d\n',
    MOBILE,
    null,
    'policy: p\nelements:\n  a: b\n  c: d\n',
  ],
  [
    'Chinese words',
    '策略: p\n脱敏:\n  手机号: 遮蔽\n',
    MOBILE,
    { method: 'truncate', params: { keep: 'city' } },
    '策略: p\n脱敏:\n  手机号: { 方法: 截断, 保留: 市 }\n',
  ],
  [
    'undecided',
    'policy: p\nelements:\n  a: b\nundecided: keep\n',
    'undecided',
    drop,
    'policy: p\nelements:\n  a: b\nundecided: drop\n',
  ],
  ['unknown', '策略: p\n未登记: 保留\n', 'unknown', { method: 'redact', params: {} }, '策略: p\n未登记: 遮蔽\n'],
  [
    'no line break at the end',
    'policy: p\nelements:\n  a: b',
    MOBILE,
    drop,
    'policy: p\nelements:\n  a: b\n  mobile: drop',
  ],
  [
    'text is quoted where it must',
    'policy: p\nelements:\n  mobile: mask\n',
    MOBILE,
    { method: 'mask', params: { char: '#: x' } },
    'policy: p\nelements:\n  mobile: { method: mask, char: "#: x" }\n',
  ],
]

for (const [name, text, target, cell, expected] of CASES)
  test(name, () => assert.equal(setCell(text, target, cell, SHIPPED)?.text, expected))

test('what a form cannot say is refused', () => {
  const refused: readonly [string, NewCell][] = [
    ['policy: p\nelements:\n  mobile: [mask, { method: drop, when: { purposes: [x] } }]\n', drop],
    ['policy: p\nelements:\n  mobile: { method: drop, when: { purposes: [x] } }\n', drop],
    ['policy: p\nelements: { a: b }\n', drop],
    ['policy: [\n', drop],
    ['policy: p\nelements:\n  mobile: mask\n', { method: 'rm -rf', params: {} }],
    ['policy: p\nelements:\n  mobile: mask\n', { method: 'mask', params: { char: { a: 1 } } }],
  ]
  for (const [text, cell] of refused) assert.equal(setCell(text, MOBILE, cell, SHIPPED), null, text)
})

test('the line is told', () => {
  const text = readFileSync(new URL('../../../rules/policies/research.yaml', import.meta.url), 'utf8')
  const edit = setCell(text, MOBILE, { method: 'mask', params: { first: 3 } }, SHIPPED)
  assert.ok(edit !== null && edit.line !== null)
  const lines = edit.text.split('\n')
  assert.equal(lines[edit.line - 1], '  mobile: { method: mask, first: 3 }')
  assert.equal(lines.toSpliced(edit.line - 1, 1).join('\n'), text, 'every other line is as it was')
})
