import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemList } from '../../src/base/problem.ts'
import { compileParams, compileSchema, placeOf } from '../../src/base/schema.ts'
import { describe as told } from '../../src/base/schema-words.ts'
import { parseYaml } from '../../src/base/yaml.ts'

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1 },
    width: { type: 'integer', minimum: 1, maximum: 50, default: 5 },
    keep: { enum: ['province', 'city'] },
    day: { type: 'string', format: 'date' },
  },
} as const

test('all errors are told with pointer, property and expectation', () => {
  const found = compileSchema(schema)({ widht: 3, keep: 'town', width: 99, day: '2026-02-30' })
  assert.deepEqual(
    found.map((p) => [p.path, p.property, p.message]).toSorted(),
    [
      ['', 'name', '"name" is missing'],
      ['', 'widht', 'unknown key "widht", did you mean "width"?'],
      ['/day', null, 'the value of "day" is not valid'],
      ['/keep', null, 'the value of "keep" is not valid'],
      ['/width', null, 'the value of "width" is not valid'],
    ].toSorted(),
  )
  assert.equal(found.find((p) => p.path === '/keep')!.expected, 'one of province, city')
  assert.deepEqual(compileSchema(schema)({ name: 'a', day: '2028-02-29' }), [])
})

test('the problem list speaks Chinese when asked', () => {
  const found = compileSchema(schema)({ name: 'a', keep: 'x' }, 'zh')
  assert.deepEqual(found, [
    { path: '/keep', property: null, message: '“keep”的值不合规', expected: '以下之一：province、city' },
  ])
})

test('defaults go into a copy', () => {
  const input = { name: 'a' }
  const made = compileParams(schema)(input)
  assert.deepEqual(made, { value: { name: 'a', width: 5 }, problems: [] })
  assert.deepEqual(input, { name: 'a' })
})

test('a wrong schema is refused at load', () => {
  assert.throws(() => compileSchema({ type: 'object', propertees: {} }))
})

test('a pointer finds its line and column', () => {
  const root = parseYaml('a.yaml', 'name: x\nlist:\n  - one\n  - { keep: 3, extra: 1 }\n', new ProblemList())!
  assert.deepEqual(placeOf(root, { path: '/list/1/keep', property: null }), { file: 'a.yaml', line: 4, col: 13 })
  assert.deepEqual(placeOf(root, { path: '/list/1', property: 'extra' }), { file: 'a.yaml', line: 4, col: 16 })
  assert.deepEqual(placeOf(root, { path: '/list/7', property: null }), { file: 'a.yaml', line: 3, col: 3 })
})

test('a schema is told whole, in words and with its example', () => {
  const table: readonly (readonly [Readonly<Record<string, unknown>>, string, string])[] = [
    [{ type: 'integer', minimum: 0, maximum: 9 }, 'an integer from 0 to 9', '整数，0 至 9'],
    [{ type: 'string', pattern: '^a$', description: 'a word such as a' }, 'a word such as a', '如 a'],
    [{ type: 'boolean' }, 'true or false', '是（true）或 否（false）'],
    [{ enum: ['a', 'b'] }, 'one of a, b', '以下之一：a、b'],
    [
      { type: 'array', items: { enum: ['a'] }, minItems: 1 },
      'a list such as [one of a], at least one item',
      '列表，如 [以下之一：a]，至少 1 项',
    ],
    [{ type: ['string', 'integer'] }, 'text or an integer', '文字 或 整数'],
    [{ oneOf: [{}], description: '{ file: PATH }' }, '{ file: PATH }', '{ file: PATH }'],
  ]
  for (const [schema, en, zh] of table) assert.deepEqual([told(schema, 'en'), told(schema, 'zh')], [en, zh])
})

test('of a choice the branch that was meant is told, else the choice once', () => {
  const file = {
    type: 'object',
    properties: { file: { type: 'string' } },
    required: ['file'],
    additionalProperties: false,
  }
  const check = compileSchema({ oneOf: [{ type: 'string' }, file], description: 'a name, or { file: PATH }' })
  assert.deepEqual(
    check({ flie: 'a' }).map((p) => p.message),
    ['"file" is missing', 'unknown key "flie", did you mean "file"?'],
  )
  assert.deepEqual(
    check(7).map((p) => p.expected),
    ['a name, or { file: PATH }'],
  )
})
