import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemList } from '../../../src/base/problem.ts'
import { COLUMNS, lookUp, readDictionary } from '../../../src/mask/dictionary/index.ts'
import { ASK, NO_TERM, tableOf } from '../../../src/mask/dictionary/table.ts'
import { dictionary } from '../fixtures.ts'

const HEAD = COLUMNS.join(',')
const SHORT = 'term,replacement,status,author,approver'

function read(text: string) {
  const problems = new ProblemList()
  const read = readDictionary('rules/dictionaries/diagnosis.csv', text, problems)
  return { dictionary: read, problems: problems.sorted().map((p) => `${p.line}:${p.col} ${p.severity} ${p.code}`) }
}

test('a full file, with BOM, CRLF, quotes and aliases', () => {
  const text = `\ufeff${HEAD}\r\n癌症,CA,diagnosis,field,恶性肿瘤|cancer,,,,C80.9,ICD-10,2026-01-01,,active,1,zhang,li,"一, ""二"""\r\n思密达,蒙脱石散,drug,,,,,,,,,,active,1,zhang,li,\r\n`
  const { dictionary: d, problems } = read(text)
  assert.deepEqual(problems, [])
  assert.equal(d?.id, 'diagnosis')
  assert.equal(lookUp(d!, '癌症', '2026-06-01')?.replacement, 'CA')
  assert.equal(lookUp(d!, ' ＣＡＮＣＥＲ ', '2026-06-01')?.code, 'C80.9')
  assert.equal(lookUp(d!, '恶性肿瘤', '2026-06-01')?.codeSystem, 'ICD-10')
  assert.equal(lookUp(d!, '癌症', '2025-12-31'), null)
  assert.equal(lookUp(d!, '肝癌症', '2026-06-01'), null)
  assert.deepEqual(lookUp(d!, '思密达', '2026-06-01')?.at, {
    file: 'rules/dictionaries/diagnosis.csv',
    line: 3,
    col: 1,
  })
})

test('the end of a period is exclusive', () => {
  const d = dictionary([{ term: 'a', replacement: 'b', from: '2026-01-01', to: '2026-02-01' }])
  assert.equal(lookUp(d, 'a', '2026-01-31')?.replacement, 'b')
  assert.equal(lookUp(d, 'a', '2026-02-01'), null)
})

test('only active rows count, but all are checked', () => {
  const { dictionary: d, problems } = read(
    `${SHORT}\n盐酸曲美他嗪片,心可舒,disabled,zhang,\n草稿,x,draft,zhang,\n坏,y,maybe,zhang,li\n`,
  )
  assert.equal(d?.terms.size, 0)
  assert.deepEqual(problems, ['4:5 error dictionary-status'])
})

test('every problem with its line and column', () => {
  const row = (values: Partial<Record<(typeof COLUMNS)[number], string>>) =>
    COLUMNS.map(
      (c) => ({ status: 'active', author: 'zhang', approver: 'li', term: 't', replacement: 'r', ...values })[c] ?? '',
    ).join(',')
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', ['1:1 error dictionary-empty']],
    ['term,replacement\n', ['1:1 error dictionary-header']],
    [`${SHORT},colour\n`, ['1:41 error dictionary-column']],
    [`${SHORT},term\n`, ['1:41 error dictionary-column-twice']],
    [`${SHORT}\na,b\n`, ['2:1 error dictionary-width']],
    [`${SHORT}\n癌症,CA,active,zhang,zhang\n`, ['2:20 error dictionary-approver']],
    [`${SHORT}\n癌症,CA,active,zhang,\n`, ['2:20 error dictionary-approver']],
    [`${SHORT}\n癌症,CA,active,,li\n`, ['2:14 error dictionary-author']],
    [`${SHORT}\n癌症,CA,active,a,b\n癌 症,C,active,a,b\n癌症 ,D,active,a,b\n`, ['4:1 error dictionary-duplicate']],
    [`${SHORT}\na,b,active,x,y\nb,c,active,x,y\n`, ['2:3 error dictionary-chain']],
    [`${SHORT}\na,a,active,x,y\n`, ['2:3 error dictionary-chain']],
    [`${SHORT}\na,b|c,active,x,y\n`, ['2:3 error dictionary-replacement']],
    [`${SHORT}\na,"b\nc",active,x,y\n`, ['2:3 error dictionary-replacement']],
    [`${SHORT}\n,b,active,x,y\n`, ['2:1 error dictionary-term']],
    [`${SHORT}\na,,active,x,y\n`, ['2:3 error dictionary-replacement']],
    [`${HEAD}\n${row({ effective_from: '2026-02-30' })}\n`, ['2:13 error dictionary-date']],
    [
      `${HEAD}\n${row({ effective_from: '2026-03-01', effective_to: '2026-03-01' })}\n`,
      ['2:24 error dictionary-dates'],
    ],
    [`${HEAD}\n${row({ mode: 'text' })}\n`, ['2:6 error dictionary-mode-text']],
    [`${HEAD}\n${row({ mode: 'both' })}\n`, ['2:6 warning dictionary-mode-both']],
    [`${HEAD}\n${row({ mode: 'regex' })}\n`, ['2:6 error dictionary-mode']],
    [`${HEAD}\n${row({ roles: 'nurse' })}\n`, ['2:10 error dictionary-roles']],
    [`${HEAD}\n${row({ aliases: 'x|X' })}\n`, ['2:7 error dictionary-duplicate']],
    [`${SHORT}\na"b,c,active,x,y\n`, ['2:2 error csv-quote']],
    [`${SHORT}\n"a"b,c,active,x,y\n`, ['2:4 error csv-quote']],
    [`${SHORT}\n"a,c,active,x,y\n`, ['2:1 error csv-open-quote', '2:1 error dictionary-width']],
  ]
  for (const [text, expected] of cases) assert.deepEqual(read(text).problems, expected, text)
})

test('the byte table finds all 5,000 terms and nothing else, and asks where it cannot know', () => {
  const d = dictionary(Array.from({ length: 5000 }, (_, i) => ({ term: `疾病${i}号`, replacement: `D${i}` })))
  const table = tableOf(d, () => '2026-11-21')
  const target = Buffer.alloc(200)
  const run = (text: string) => {
    const source = Buffer.from(text)
    const end = table.write(source, 0, source.length, target, 0)
    return end < 0 ? end : target.toString('utf8', 0, end)
  }
  for (let i = 0; i < 5000; i++) assert.equal(run(`疾病${i}号`), `D${i}`)
  for (let i = 5000; i < 6000; i++) assert.equal(run(`疾病${i}号`), NO_TERM)
  assert.equal(run('D17'), ASK, 'a replacement passes in its exact spelling only')
  assert.equal(run('疾病  1号'), ASK)
  assert.equal(
    tableOf(d, () => '2027-01-01'),
    table,
    'no dates: the table stays',
  )
})

test('a table with dates follows the day', () => {
  const d = dictionary([{ term: 'a', replacement: 'b', to: '2026-12-01' }])
  const target = Buffer.alloc(200)
  const run = (day: string) => tableOf(d, () => day).write(Buffer.from('a'), 0, 1, target, 0)
  assert.equal(run('2026-11-30'), 1)
  assert.equal(run('2026-12-01'), NO_TERM)
  assert.equal(run('2026-11-30'), 1)
})
