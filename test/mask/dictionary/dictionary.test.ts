import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemList } from '../../../src/base/problem.ts'
import { digestOf } from '../../../src/mask/dictionary/digest.ts'
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
    [`${HEAD}\n${row({ kind: 'desease' })}\n`, ['2:5 error dictionary-kind']],
    [`${HEAD}\n${row({ mode: 'text' })}\n`, ['2:1 error dictionary-short']],
    [`${HEAD}\n${row({ mode: 'both', term: '癌' })}\n`, ['2:1 error dictionary-short']],
    [`${HEAD}\n${row({ mode: 'both', term: '癌症', aliases: 'Ca' })}\n`, ['2:12 error dictionary-short']],
    [`${HEAD}\n${row({ replacement: '13812345678' })}\n`, ['2:3 error dictionary-replacement']],
    [`${HEAD}\n${row({ replacement: 'D12345' })}\n`, ['2:3 error dictionary-replacement']],
    [`${HEAD}\n${row({ replacement: 'a\u202eb' })}\n`, ['2:3 error dictionary-replacement']],
    [`${HEAD}\n${row({ term: 'c\u0430ncer' })}\n`, ['2:1 error dictionary-look-alike']],
    [`${HEAD}\n${row({ term: 'γ-谷氨酰转移酶', replacement: 'γGT' })}\n`, []],
    [`${HEAD}\n${row({ note: '=HYPERLINK(1)' })}\n`, ['2:32 warning dictionary-formula']],
    [`${HEAD}\n${row({ term: 'x'.repeat(201) })}\n`, ['2:1 error dictionary-long']],
    [`${HEAD}\n${row({ mode: 'regex' })}\n`, ['2:6 error dictionary-mode']],
    [`${HEAD}\n${row({ aliases: 'x|X' })}\n`, ['2:7 error dictionary-duplicate']],
    [`${SHORT}\na"b,c,active,x,y\n`, ['2:2 error csv-quote']],
    [`${SHORT}\n"a"b,c,active,x,y\n`, ['2:4 error csv-quote']],
    [`${SHORT}\n"a,c,active,x,y\n`, ['2:1 error csv-open-quote']],
  ]
  for (const [text, expected] of cases) assert.deepEqual(read(text).problems, expected, text)
})

test('the byte table finds all 5,000 terms and nothing else, and asks where it cannot know', () => {
  const d = dictionary(Array.from({ length: 5000 }, (_, i) => ({ term: `疾病${i}号`, replacement: `D${i}` })))
  const table = tableOf(d)
  const target = Buffer.alloc(200)
  const run = (text: string) => {
    const source = Buffer.from(text)
    const end = table.write(source, 0, source.length, target, 0, '2026-11-21', null)
    return end < 0 ? end : target.toString('utf8', 0, end)
  }
  for (let i = 0; i < 5000; i++) assert.equal(run(`疾病${i}号`), `D${i}`)
  for (let i = 5000; i < 6000; i++) assert.equal(run(`疾病${i}号`), NO_TERM)
  assert.equal(run('D17'), ASK, 'a replacement passes in its exact spelling only')
  assert.equal(run('疾病  1号'), ASK)
  assert.equal(tableOf(d), table, 'the table stays')
})

test('the byte table tells letters of either case from the signs beside them, and asks for what is too long for it', () => {
  const signs = '@az[`AZ{é'
  const terms = Array.from({ length: 9 }, (_, i) => `${signs.slice(i)}x${signs.slice(0, i)}${i}`)
  const long = '长'.repeat(30_000)
  const d = dictionary([
    ...terms.map((term, i) => ({ term, replacement: `R${i}` })),
    { term: long, replacement: '短'.repeat(23_000) },
  ])
  const target = Buffer.alloc(500_000)
  const run = (text: string) => {
    const source = Buffer.from(text)
    const end = tableOf(d).write(source, 0, source.length, target, 0, '2026-11-21', null)
    return end < 0 ? end : target.toString('utf8', 0, end)
  }
  for (const [i, term] of terms.entries()) {
    assert.equal(run(term), `R${i}`)
    assert.equal(run(term.replace(/[a-z]/g, (c) => c.toUpperCase())), `R${i}`)
    for (const [a, b] of ['@`', '`@', '[{', '{[']) assert.equal(run(term.replace(a!, b!)), NO_TERM)
  }
  assert.equal(run(long), ASK)
})

test('a table with days and roles: in force from bytes, else the slow road is asked', () => {
  const d = dictionary([
    { term: 'a', replacement: 'b', to: '2026-12-01' },
    { term: 'c', replacement: 'd', roles: ['nurse'] },
  ])
  const target = Buffer.alloc(200)
  const run = (text: string, day: string, role: string | null) =>
    tableOf(d).write(Buffer.from(text), 0, 1, target, 0, day, role)
  assert.equal(run('a', '2026-11-30', null), 1)
  assert.equal(run('a', '2026-12-01', null), ASK)
  assert.equal(lookUp(d, 'a', '2026-12-01'), null)
  assert.equal(run('c', '2026-12-01', 'nurse'), 1)
  assert.equal(run('c', '2026-12-01', 'researcher'), ASK)
  assert.equal(lookUp(d, 'c', '2026-12-01', 'nurse')?.replacement, 'd')
  assert.equal(lookUp(d, 'c', '2026-12-01'), null)
})

test('one name, several rows: their days, roles or modes must not meet', () => {
  const head = 'term,replacement,mode,roles,effective_from,effective_to,status,author,approver'
  const rows = (...lines: string[]) => `${head}\n${lines.map((l) => `${l},active,zhang,li`).join('\n')}\n`
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [rows('肝癌,CA,,,2026-01-01,2026-07-01', '肝癌,HCC,,,2026-07-01,'), []],
    [rows('肝癌,CA,,,2026-01-01,2026-07-02', '肝癌,HCC,,,2026-07-01,'), ['3:1 error dictionary-duplicate']],
    [rows('肝癌,CA,,nurse,,', '肝癌,HCC,,researcher,,'), []],
    [rows('肝癌,CA,,nurse|billing,,', '肝癌,HCC,,billing,,'), ['3:1 error dictionary-duplicate']],
    [rows('肝癌,CA,,,,', '肝癌,HCC,,billing,,'), ['3:1 error dictionary-duplicate']],
    [rows('肝癌,CA,field,,,', '肝癌,HCC,text,,,'), []],
    [rows('肝癌,CA,both,,,', '肝 癌,HCC,text,,,'), ['3:1 error dictionary-duplicate']],
    [rows('肝癌,CA,,,2026-01-01,2026-07-01', 'CA,X,,,2026-07-01,'), []],
    [rows('肝癌,CA,,,2026-01-01,2026-07-02', 'CA,X,,,2026-07-01,'), ['2:4 error dictionary-chain']],
  ]
  for (const [text, expected] of cases) assert.deepEqual(read(text).problems, expected, text)
})

test('a brand in the place of a drug is refused by name', () => {
  const head = 'term,replacement,kind,status,author,approver'
  const text = `${head}\n万爽力,盐酸曲美他嗪,generic,active,z,l\n曲美他嗪片,万爽力,drug,active,z,l\n`
  assert.deepEqual(read(text).problems, ['3:7 error dictionary-brand'])
})

test('header and words in Chinese are the same dictionary, and problems are told in Chinese', () => {
  const problems = new ProblemList()
  const text = '术语,替换,类别,方式,状态,编写人,审批人\n癌症,CA,诊断,两者,启用,甲,乙\n肝癌,HCC,诊段,字段,启用,甲,乙\n'
  const d = readDictionary('d.csv', text, problems)
  assert.deepEqual([d?.rows[0]?.kind, d?.rows[0]?.mode], ['diagnosis', 'both'])
  const [problem] = problems.sorted()
  assert.deepEqual([problem?.line, problem?.col, problem?.code], [3, 8, 'dictionary-kind'])
  assert.match(problem?.message ?? '', /“诊段”不在可用的词之中/)
  assert.match(problem?.expected ?? '', /以下之一：诊断、症状/)
})

test('the digest is the meaning: the order of rows and lists does not count, a context does', () => {
  const rows = [
    { term: '癌症', replacement: 'CA', notAfter: ['状', '候'] },
    { term: '肝癌', replacement: 'HCC' },
  ]
  const same = [rows[1]!, { ...rows[0]!, notAfter: ['候', '状'] }]
  assert.equal(digestOf(dictionary(rows)), digestOf(dictionary(same)))
  assert.notEqual(digestOf(dictionary(rows)), digestOf(dictionary([rows[1]!, { ...rows[0]!, notAfter: ['状'] }])))
})
