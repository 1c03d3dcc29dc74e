import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMap, readDocument } from '../../src/base/fields.ts'
import { nearest } from '../../src/base/near.ts'
import { formatProblem, ProblemList } from '../../src/base/problem.ts'
import { parseDate, parseDuration, parseSize } from '../../src/base/scalars.ts'
import { type Child, isContext, isValueSet, languageOf } from '../../src/base/vocabulary.ts'
import { VALUES, WORDS } from '../../src/base/words.ts'

test('every context and value set pairs its words one-to-one', () => {
  for (const [context, table] of [...Object.entries(WORDS), ...Object.entries(VALUES)]) {
    const seen = new Map<string, string>()
    for (const [en, word] of Object.entries(table as Record<string, unknown>)) {
      const zh = String(Array.isArray(word) ? word[0] : word)
      for (const name of [en, zh]) {
        assert.equal(seen.has(name), false, `${context}: ${name} stands for ${seen.get(name)} and ${en}`)
        seen.set(name, en)
      }
      assert.match(zh, /\p{Script=Han}/u, `${context}.${en} has a Chinese word`)
    }
  }
})

test('what stands below a key is a context and a set of the table, or a glossary', () => {
  const check = (child: Child, where: string): void => {
    if (child.map !== undefined) assert.ok(isContext(child.map), where)
    for (const set of [child.words, child.keys])
      if (set !== undefined) assert.ok(isValueSet(set) || set === 'element' || set === 'method', `${where}: ${set}`)
    if (child.each !== undefined) check(child.each, where)
    if (child.list !== undefined) check(child.list, where)
  }
  for (const [context, table] of Object.entries(WORDS))
    for (const [key, word] of Object.entries(table as Record<string, string | readonly [string, Child]>))
      if (typeof word !== 'string') check(word[1], `${context}.${key}`)
})

test('the language of a file is that of its first key, broken or not', () => {
  assert.equal(languageOf('# 说明\n策略: a\n'), 'zh')
  assert.equal(languageOf('# 说明\npolicy: 甲\n'), 'en')
  assert.equal(languageOf('- 样例: a\n'), 'zh')
  assert.equal(languageOf('策略: [\n\t'), 'zh')
  assert.equal(languageOf(''), 'en')
})

test('a map is read in either language, with all problems at once', () => {
  const read = (text: string) => {
    const problems = new ProblemList()
    const { reading, root } = readDocument('a.yaml', text, problems)
    const f = openMap(root!, 'entry', reading)
    const got = {
      zh: f.text('zh'),
      version: f.integer('version', { min: 1, max: 99 }),
      status: f.oneOf('status', 'entry-status', ['draft', 'published'], 'draft'),
      roles: f.texts('roles'),
      timeout: f.duration('timeout', 1000),
      expires: f.date('expires', null),
      max: f.map('body', 'entry-body')?.size('max', 0) ?? null,
    }
    return { got, told: problems.sorted().map(formatProblem) }
  }
  const en = read('zh: 查询\nversion: 1\nstatus: published\nroles: [a, b]\ntimeout: 5s\nbody: { max: 8MiB }\n')
  const zh = read('名称: 查询\n版本: 1\n状态: 发布\n角色: [a, b]\n时限: 5s\n报文: { 上限: 8MiB }\n')
  assert.deepEqual(en.told, [])
  assert.deepEqual(zh, en)
  assert.equal(en.got.max, 8 * 1024 * 1024)

  const bad = read(
    'zh: [x]\nversion: 100\nstatus: publishd\nroles: [a, a]\ntimeout: 5\nexpires: 2026-02-30\ncolour: red\n',
  )
  assert.deepEqual(
    bad.told.map((t) => t.replace(/ \(expected.*/, '')),
    [
      'a.yaml:1:5: error bad-value: the value of "zh" is not valid: a list stands here',
      'a.yaml:2:10: error bad-value: "100" is no valid "version"',
      'a.yaml:3:9: error bad-word: "publishd" is no valid "status", did you mean "published"?',
      'a.yaml:4:12: error repeated-item: "a" stands here a second time',
      'a.yaml:5:10: error bad-value: "5" is no valid "timeout"',
      'a.yaml:6:10: error bad-value: "2026-02-30" is no valid "expires"',
      'a.yaml:7:1: error unknown-key: unknown key "colour"',
    ],
  )
  for (const told of bad.told) if (!told.includes('repeated-item')) assert.match(told, /\(expected .+\)$/)
})

test('one key in two languages is a duplicate', () => {
  const problems = new ProblemList()
  const { reading, root } = readDocument('a.yaml', '策略: a\npolicy: b\n', problems)
  openMap(root!, 'policy', reading)
  assert.equal(problems.all[0]!.code, 'yaml-duplicate-key')
  assert.equal(problems.all[0]!.line, 2)
})

test('syntax problems are told in the language of the file', () => {
  const problems = new ProblemList()
  readDocument('a.yaml', '策略: a\n\t依据: b\n', problems)
  assert.equal(problems.sorted()[0]!.message, '缩进用了制表符（Tab）')
})

test('scalars', () => {
  assert.equal(parseSize('8MiB'), 8388608)
  assert.equal(parseSize('8MB'), null)
  assert.equal(parseSize('99999999999999GiB'), null)
  assert.equal(parseDuration('500ms'), 500)
  assert.equal(parseDuration('1h'), 3_600_000)
  assert.equal(parseDuration('1'), null)
  assert.equal(parseDate('2028-02-29'), '2028-02-29')
  assert.equal(parseDate('2027-02-29'), null)
  assert.equal(parseDate('2027-13-01'), null)
})

test('near misses', () => {
  assert.equal(nearest('persn-name', ['person-name', 'staff-name']), 'person-name')
  assert.equal(nearest('elemnets', ['elements', 'undecided']), 'elements')
  assert.equal(nearest('依具', ['依据', '策略']), '依据')
  assert.equal(nearest('x', ['policy', 'for']), null)
})
