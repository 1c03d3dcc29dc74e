import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import iconv from 'iconv-lite'
import { EXIT } from '../../src/cli/command.ts'
import { workbook } from '../adapters/spreadsheet/workbook.ts'
import { FOLDER } from '../mask/language/fixture.ts'
import { folder as rulesFolder, run as runRules } from './rules-folder.ts'

const folder = (changes: Readonly<Record<string, string | Buffer>> = {}): string =>
  rulesFolder({ 'policies/samples/a.json': '{"note":"否认癌症病史，肺炎"}', ...changes })
const run = (cwd: string, ...args: string[]) => runRules(cwd, 'dictionary', ...args)

const HEAD = ['术语', '替换', '类别', '方式', '后文排除', '编写人', '审批人', '状态']
const GOOD = ['癌症', 'CA', '诊断', '两者', '状|候', '甲', '乙', '启用']

test('an Excel batch is shown, then written, and the folder compiles with it', async () => {
  const cwd = folder({ '/batch.xlsx': workbook([HEAD, GOOD]) })
  const file = join(cwd, 'rules', 'dictionaries', 'terms.csv')
  const shown = await run(cwd, 'preview', 'batch.xlsx', '--into', 'terms', '--batch', '7')
  assert.deepEqual([shown.code, existsSync(file)], [EXIT.done, false])
  assert.match(shown.out, /^\+ 癌症 -> CA$/m)
  assert.match(shown.out, /^\* a\.json: 癌症 0 -> 1$/m)
  assert.match(shown.out, /^1 added, 0 removed, 0 changed, 0 unchanged; 1 changes in samples$/m)
  const written = await run(cwd, 'import', 'batch.xlsx', '--into', 'terms', '--batch', '7')
  assert.equal(written.code, EXIT.done, written.out)
  assert.match(readFileSync(file, 'utf8'), /^癌症,CA,diagnosis,both,,,状\|候,,,,,,active,7,甲,乙,$/m)
  const again = await run(cwd, 'import', 'batch.xlsx', '--into', 'terms', '--batch', '7', '--lang', 'zh')
  assert.match(again.out, /^新增 0，删除 0，修改 0，不变 1；样例命中变化 0 处$/m)
})

test('GB18030 comes in through import, and is UTF-8 afterwards', async () => {
  const csv = 'term,replacement,kind,mode,status,author,approver\n免疫性血小板减少症,ITP,diagnosis,both,active,甲,乙\n'
  const cwd = folder({ '/gb.csv': iconv.encode(csv, 'gb18030') })
  assert.equal((await run(cwd, 'import', 'gb.csv', '--into', 'terms')).code, EXIT.done)
  assert.match(readFileSync(join(cwd, 'rules', 'dictionaries', 'terms.csv'), 'utf8'), /^免疫性血小板减少症,ITP,/m)
})

test('a GB18030 file laid into the folder itself is refused with the way in', async () => {
  const cwd = folder({ 'dictionaries/terms.csv': iconv.encode('术语,替换\n', 'gb18030') })
  const { code, out } = await runRules(cwd, 'check')
  assert.equal(code, EXIT.refused)
  assert.match(out, /terms\.csv:1:1: error encoding: .*rules dictionary import/)
})

test('a contradiction anywhere writes nothing and names row and column', async () => {
  const cases: readonly (readonly [string, readonly (readonly string[])[], RegExp])[] = [
    ['own approval', [HEAD, GOOD.with(6, '甲')], /^batch\.xlsx:2:7: error dictionary-approver: 审批人“甲”就是编写人/m],
    ['unknown word', [HEAD, GOOD.with(2, '诊段')], /^batch\.xlsx:2:3: error dictionary-kind: “类别”列：“诊段”/m],
    ['twice', [HEAD, GOOD, GOOD], /^batch\.xlsx:3:1: error dictionary-duplicate: .*第 2 行/m],
    [
      'unknown column',
      [
        [...HEAD, '颜色'],
        [...GOOD, '红'],
      ],
      /^batch\.xlsx:1:9: error dictionary-column: /m,
    ],
    ['chain', [HEAD, GOOD, GOOD.with(0, '肝癌').with(1, '癌症')], /^batch\.xlsx:3:2: error dictionary-chain: /m],
    [
      'chain to another file',
      [HEAD, GOOD.with(0, '肝癌').with(1, '脑癌类')],
      /dictionaries\/terms\.csv:2:4: error dictionary-chain: /,
    ],
  ]
  const other = 'term,replacement,kind,mode,status,author,approver\n脑癌,CA,diagnosis,both,active,a,b\n'
  for (const [name, rows, expected] of cases) {
    const cwd = folder({ '/batch.xlsx': workbook(rows), 'dictionaries/other.csv': other })
    const { code, out } = await run(cwd, 'import', 'batch.xlsx', '--into', 'terms')
    assert.equal(code, EXIT.refused, name)
    assert.match(out, expected, name)
    assert.equal(existsSync(join(cwd, 'rules', 'dictionaries', 'terms.csv')), false, name)
  }
})

test('what is no table is one problem', async () => {
  const cwd = folder({
    '/a.xlsx': Buffer.from('PK\x03\x04 and nothing'),
    '/b.csv': Buffer.from([0xff, 0xfe, 0x41, 0x00]),
    '/c.xls': Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]),
  })
  for (const [file, code] of [
    ['a.xlsx', 'table-not-xlsx'],
    ['b.csv', 'table-utf-16'],
    ['c.xls', 'table-excel-97'],
  ]) {
    const told = await run(cwd, 'preview', file!, '--into', 'terms')
    assert.equal(told.code, EXIT.refused)
    assert.match(told.out, new RegExp(`^${file}:1:1: error ${code}: `))
  }
})

test('X66: a term of control characters does not reach the terminal as such', async () => {
  const cwd = folder({ '/b.xlsx': workbook([HEAD, GOOD.with(0, '癌\u202e症病')]) })
  const { out } = await run(cwd, 'preview', 'b.xlsx', '--into', 'terms')
  assert.ok(!out.includes('\u202e'))
})

test('--json is the same for tools; wrong usage is 2', async () => {
  const cwd = folder({ '/batch.xlsx': workbook([HEAD, GOOD]) })
  const json = JSON.parse((await run(cwd, 'preview', 'batch.xlsx', '--into', 'terms', '--json')).out)
  assert.deepEqual([json.ok, json.rows, json.diff.added[0].term], [true, 1, '癌症'])
  for (const args of [
    [],
    ['show'],
    ['import'],
    ['import', 'batch.xlsx'],
    ['import', 'batch.xlsx', '--into', '../x'],
    ['import', 'nowhere.csv', '--into', 'terms'],
    ['import', 'batch.xlsx', 'b', '--into', 'terms'],
  ])
    assert.equal((await run(cwd, ...args)).code, EXIT.usage, args.join(' '))
})

test('rules diff names the rows of a dictionary that are different', async () => {
  const csv = (rows: string) => `term,replacement,kind,mode,status,author,approver\n${rows}`
  const after = Object.entries(FOLDER).map(([name, text]) => [`/after/${name}`, text] as const)
  const cwd = folder({
    ...Object.fromEntries(after),
    'dictionaries/terms.csv': csv('癌症,CA,diagnosis,both,active,a,b\n'),
    '/after/dictionaries/terms.csv': csv('癌症,CANCER,diagnosis,both,active,a,b\n肺炎,PN,diagnosis,both,active,a,b\n'),
  })
  const sample = join(cwd, 'rules', 'policies', 'samples', 'a.json')
  const { code, out } = await runRules(cwd, 'diff', 'rules', 'after', '--samples', sample)
  assert.equal(code, EXIT.done)
  assert.match(
    out,
    /^dictionaries\/terms\.csv\n\+ 肺炎 -> PN\n~ 癌症: CA -> CANCER \(replacement\)\n\* a\.json: 肺炎 0 -> 1\n/m,
  )
  assert.match(out, /looser {2}mask\.dictionaries\.terms/)
})
