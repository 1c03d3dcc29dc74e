import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemList } from '../../../src/base/problem.ts'
import { parseCsv, type Row } from '../../../src/mask/dictionary/csv.ts'
import { diffDictionaries } from '../../../src/mask/dictionary/diff.ts'
import { fromNeutral, looksLikeFormula, neutral } from '../../../src/mask/dictionary/formula.ts'
import { importBatch } from '../../../src/mask/dictionary/import.ts'
import { readDictionary } from '../../../src/mask/dictionary/read.ts'
import { writeDictionary } from '../../../src/mask/dictionary/write.ts'

const rows = (csv: string): Row[] => parseCsv('batch.csv', csv, new ProblemList())
const into = (existing: string | null, csv: string, defaults = { batch: '9', author: '甲' }) =>
  importBatch(existing, { file: 'batch.csv', rows: rows(csv), formulas: [] }, defaults)
const codes = (problems: readonly { line: number; col: number; severity: string; code: string }[]) =>
  problems.map((p) => `${p.line}:${p.col} ${p.severity} ${p.code}`)

const EXISTING = writeDictionary([
  ['癌症', 'CA', 'diagnosis', 'both', '', '', '状|候', '', '', '', '2026-01-01', '', 'active', '1', 'a', 'b', ''],
  ['肺炎', 'PN', 'diagnosis', 'both', '', '', '', '', 'J18', 'ICD-10', '', '', 'active', '1', 'a', 'b', ''],
])
const rowsOf = (text: string) => {
  const problems = new ProblemList()
  const dictionary = readDictionary('dictionaries/d.csv', text, problems)
  assert.deepEqual(codes(problems.all), [])
  return dictionary!.rows.map((r) => [r.term, r.replacement, r.from, r.to, r.batch])
}

test('a batch with Chinese headers: new rows are added, the rest stays', () => {
  const {
    text,
    problems,
    rows: count,
  } = into(EXISTING, '术语,替换,类别,方式,生效日期,状态,编写人,审批人\n胃炎,CG,诊断,两者,2026年3月1日,启用,甲,乙\n')
  assert.deepEqual([codes(problems), count], [[], 1])
  assert.deepEqual(rowsOf(text), [
    ['癌症', 'CA', '2026-01-01', null, '1'],
    ['肺炎', 'PN', null, null, '1'],
    ['胃炎', 'CG', '2026-03-01', null, '9'],
  ])
})

test('a row that takes effect later ends the one before it on that day: no day is without one', () => {
  const csv = 'term,replacement,effective_from,status,author,approver\n癌症,CANCER,2026-12-01,active,x,y\n'
  assert.deepEqual(rowsOf(into(EXISTING, csv).text), [
    ['癌症', 'CA', '2026-01-01', '2026-12-01', '1'],
    ['肺炎', 'PN', null, null, '1'],
    ['癌症', 'CANCER', '2026-12-01', null, '9'],
  ])
})

test('a row for some days takes those days only; what was to come after them comes', () => {
  const head = 'term,replacement,effective_from,effective_to,status,author,approver'
  const days = (existing: string, rows: string) =>
    rowsOf(into(existing, `${head}\n${rows}\n`).text)
      .filter(([term]) => term === '癌症')
      .map((r) => r.slice(1, 4))
  const month = '癌症,CANCER,2026-12-01,2027-01-01,active,x,y'
  assert.deepEqual(days(EXISTING, month), [
    ['CA', '2026-01-01', '2026-12-01'],
    ['CA', '2027-01-01', null],
    ['CANCER', '2026-12-01', '2027-01-01'],
  ])
  const later = into(EXISTING, `${head}\n癌症,TUMOR,2027-06-01,,active,x,y\n`).text
  assert.deepEqual(days(later, month), [
    ['CA', '2026-01-01', '2026-12-01'],
    ['CA', '2027-01-01', '2027-06-01'],
    ['TUMOR', '2027-06-01', null],
    ['CANCER', '2026-12-01', '2027-01-01'],
  ])
  assert.deepEqual(
    days(EXISTING, `${month}\n癌症,TUMOR,2027-06-01,,in_review,x,y`).map((r) => r[0]),
    ['CA', 'CA', 'CANCER'],
    'what is not approved takes nothing away beside what is',
  )
  const ended = [['CA', '2026-01-01', '2026-12-31']]
  assert.deepEqual(days(EXISTING, '癌症,CA,2026-01-01,2026-12-31,active,x,y'), ended, 'a row of the same first day')
})

test('a row without a day replaces; one that is not approved takes nothing away', () => {
  const head = 'term,replacement,status,author,approver'
  const replaced = rowsOf(into(EXISTING, `${head}\n癌症,CANCER,active,x,y\n`).text)
  assert.deepEqual(
    replaced.map((r) => r[1]),
    ['PN', 'CANCER'],
  )
  const waiting = into(EXISTING, 'term,replacement\n癌症,CANCER\n')
  assert.deepEqual(codes(waiting.problems), [])
  assert.deepEqual(
    rowsOf(waiting.text).map((r) => r[1]),
    ['CA', 'PN'],
  )
  assert.match(waiting.text, /癌症,CANCER,.*,in_review,9,甲,,\n/)
})

test('X37, X66: formulas are told on the way in, harmless on the way out, and the same again', () => {
  for (const text of [
    '=HYPERLINK("http://x")',
    '+1+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
  ]) {
    assert.ok(looksLikeFormula(text), text)
    assert.ok(neutral(text).startsWith("'"), text)
    assert.equal(fromNeutral(neutral(text)), text)
  }
  for (const text of ['癌症', '-1', '+0.5', '-', "'quoted'", '5-羟色胺']) assert.ok(!looksLikeFormula(text), text)
  const { problems, text } = into(null, 'term,replacement,note\n癌症,CA,"=cmd|calc"\n')
  assert.deepEqual(codes(problems), ['2:7 warning dictionary-formula'])
  assert.match(text, /,'=cmd\|calc\n/)
  // a spreadsheet that takes semicolons or tabs for separators as well finds no cell behind them
  const split = into(null, 'term,replacement,note\n癌症,CA,a;=1+1\n肝癌,HC,"b\t＝1"\n').text
  assert.match(split, /,"a;=1\+1"\n/)
  assert.match(split, /,"b\t＝1"\n/)
  const sheet = importBatch(
    null,
    { file: 'b.xlsx', rows: rows('term,replacement\n癌症,CA\n'), formulas: [[2, 2]] },
    {
      batch: null,
      author: 'a',
    },
  )
  assert.deepEqual(codes(sheet.problems), ['2:2 error dictionary-formula'])
  assert.match(sheet.problems[0]!.message, /column "replacement"/)
})

test('numbers where zeros mean something are told', () => {
  const told = importBatch(
    null,
    {
      file: 'b.xlsx',
      rows: rows('term,replacement,code,batch\n阑尾切除术,阑尾手术,6.4,7\n'),
      formulas: [],
      numbers: [
        [2, 3],
        [2, 4],
      ],
    },
    { batch: null, author: 'a' },
  )
  assert.deepEqual(codes(told.problems), ['2:3 warning dictionary-number'])
})

test('problems of a batch stand at the places of its file', () => {
  const csv = 'term,replacement,kind,status,author,approver\n癌症,CA,desease,active,x,y\n肝癌,,diagnosis,active,x,x\n'
  assert.deepEqual(codes(into(EXISTING, csv).problems), [
    '2:7 error dictionary-kind',
    '3:4 error dictionary-replacement',
    '3:24 error dictionary-approver',
  ])
  assert.deepEqual(codes(into(EXISTING, 'term\n癌症\n').problems), ['1:1 error dictionary-header'])
  assert.deepEqual(codes(into(EXISTING, '').problems), ['1:1 error dictionary-empty'])
  assert.deepEqual(codes(into(EXISTING, 'term,replacement,colour\na,b,c\n').problems), ['1:18 error dictionary-column'])
})

test('batch and author fill what rows leave empty; a signed batch has one author, whatever it says', () => {
  const csv = 'term,replacement,status,batch,author,approver\n肝癌,CA,active,,,乙\n胃癌,CA,active,3,丙,甲\n'
  const cells = (text: string) =>
    text
      .split('\n')
      .slice(1, -1)
      .map((l) => l.split(',').slice(13, 16).join(' '))
  assert.deepEqual(cells(into(null, csv).text), ['9 甲 乙', '3 丙 甲'])
  const signed = importBatch(
    null,
    { file: 'batch.csv', rows: rows(csv), formulas: [] },
    {
      batch: '9',
      author: '甲',
      signed: true,
    },
  )
  assert.deepEqual(cells(signed.text), ['9 甲 乙', '3 甲 甲'])
  assert.deepEqual(codes(signed.problems), ['3:18 error dictionary-approver'], 'nobody approves what he brings')
})

test('a row of another width is told, the others are read', () => {
  const { problems, rows: count } = into(null, 'term,replacement\n癌症\n肺炎,PN\n')
  assert.deepEqual([codes(problems), count], [['2:1 error dictionary-width'], 1])
})

test('a file that is wrong everywhere is told so far, and costs no more than it is long', () => {
  const told = (csv: string) => {
    const list = new ProblemList()
    readDictionary('d.csv', csv, list)
    return codes(list.all)
  }
  const head = 'term,replacement,status,author,approver'
  assert.deepEqual(told(`${head}\na${'"'.repeat(1e6)}\n`), ['2:2 error csv-quote'])
  assert.equal(told(`${head}\n${'a"\n'.repeat(1e5)}`).length, 100)
  const wide = new ProblemList()
  assert.deepEqual(
    parseCsv('a.csv', `a,b\n${','.repeat(3e6)}\nc,d\n`, wide).map((row) => row.length),
    [2, 256],
  )
  assert.deepEqual(codes(wide.all), ['2:256 error csv-columns'])
  const wrong = codes(into(null, `term,replacement,kind,effective_from\n${'病,,x,y\n'.repeat(1e5)}`).problems)
  assert.ok(wrong.length < 1100, `${wrong.length} problems`)
  assert.match(wrong.at(-1)!, /:1 error dictionary-many$/)
  const same = `term,replacement,status,author,approver\n${'癌症,CA,active,x,y\n'.repeat(2e5)}`
  const began = process.threadCpuUsage().user
  into(EXISTING, same)
  assert.ok(process.threadCpuUsage().user - began < 10e6, 'one term in every row')
  const widths = codes(into(null, `term,replacement\n${'病\n'.repeat(1e5)}`).problems)
  assert.ok(widths.length < 1100 && widths.includes('1002:1 error dictionary-many'))
  const { problems } = into(null, `term,replacement,kind\n癌症,CA,${'x'.repeat(1e6)}\n`)
  assert.ok(JSON.stringify(problems).length < 1000, 'a cell is not repeated whole')
})

test('two states compared: added, removed, changed, and what samples are hit', () => {
  const read = (text: string) => readDictionary('d.csv', text, new ProblemList())!
  const before = read(EXISTING)
  const after = read(
    writeDictionary([
      [
        '癌症',
        'CA',
        'diagnosis',
        'both',
        '恶性肿瘤',
        '',
        '状',
        '',
        '',
        '',
        '2026-01-01',
        '',
        'active',
        '1',
        'a',
        'b',
        '',
      ],
      ['胃炎', 'CG', 'diagnosis', 'both', '', '', '', '', '', '', '', '', 'active', '2', 'a', 'b', ''],
    ]),
  )
  const samples = [
    { name: 'one.json', texts: ['否认癌症', '恶性肿瘤?', '肺炎', '癌症候群'] },
    { name: 'two.json', texts: ['无'] },
  ]
  const diff = diffDictionaries(before, after, samples, '2026-11-21')
  assert.deepEqual(
    [diff.added.map((r) => r.term), diff.removed.map((r) => r.term), diff.unchanged],
    [['胃炎'], ['肺炎'], 0],
  )
  assert.deepEqual(
    diff.changed.map((c) => c.columns),
    [['aliases', 'not_after']],
  )
  assert.deepEqual(diff.hits, [
    { sample: 'one.json', term: '癌症', before: 1, after: 3 },
    { sample: 'one.json', term: '肺炎', before: 1, after: 0 },
  ])
  assert.equal(diffDictionaries(null, before).added.length, 2)
  assert.equal(diffDictionaries(before, before).unchanged, 2)
})

test('a batch that makes the file larger than a rules folder admits is refused', () => {
  const note = 'x'.repeat(190)
  const csv = `term,replacement,note\n${Array.from({ length: 80_000 }, (_, i) => `病${i}号,D${i % 1000},${note}`).join('\n')}\n`
  assert.deepEqual(codes(into(null, csv).problems), ['1:1 error dictionary-size'])
})
