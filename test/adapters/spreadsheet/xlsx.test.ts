import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { packedBytes, partsOf } from '../../../src/adapters/spreadsheet/archive.ts'
import { readSheet } from '../../../src/adapters/spreadsheet/sheet.ts'
import { readTable } from '../../../src/adapters/spreadsheet/table.ts'
import { readXlsx, SHEET_LIMITS, SheetError } from '../../../src/adapters/spreadsheet/xlsx.ts'
import { workbook, workbookParts, zip } from './workbook.ts'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const SHARED =
  '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'

const refusal = async (bytes: Buffer, limits = SHEET_LIMITS, sheet: string | null = null): Promise<string> => {
  try {
    await readXlsx(bytes, sheet, limits)
    return 'read'
  } catch (error) {
    assert.ok(error instanceof SheetError)
    return error.reason
  }
}

test('cells become text: numbers as written, formulas told with their place', async () => {
  const { rows, formulas } = await readXlsx(
    workbook([
      ['术语', '替换', '备注'],
      ['癌症 & <b>', 'CA', 1.5],
      [],
      ['链接', { formula: 'HYPERLINK("http://x")', value: '点我' }, ''],
    ]),
  )
  assert.deepEqual(rows[0], ['术语', '替换', '备注'])
  assert.deepEqual(rows[1], ['癌症 & <b>', 'CA', '1.5'])
  assert.equal(rows[3]?.[1], '点我')
  assert.deepEqual(formulas, [[4, 2]])
})

test('what is no workbook, too much of one, or made to hurt is refused', async () => {
  const good = [['a', 'b']]
  const bomb = [...workbookParts(good), { name: 'xl/sharedStrings.xml', text: '0'.repeat(1000), declared: 0xf0000000 }]
  assert.equal(await refusal(Buffer.from('term,replacement\n')), 'not-xlsx')
  assert.equal(await refusal(zip([{ name: 'a.txt', text: 'a' }])), 'not-xlsx')
  assert.equal(await refusal(zip(bomb)), 'unpacked-too-large')
  assert.equal(await refusal(workbook(good), { ...SHEET_LIMITS, file: 100 }), 'too-large')
  assert.equal(await refusal(workbook([['a'], ['b'], ['c']]), { ...SHEET_LIMITS, rows: 2 }), 'too-many-rows')
  assert.equal(await refusal(workbook([['a', 'b', 'c']]), { ...SHEET_LIMITS, columns: 2 }), 'too-many-columns')
  assert.equal(await refusal(workbook(good), { ...SHEET_LIMITS, parts: 4 }), 'too-many-parts')
  assert.equal(await refusal(workbook(good), SHEET_LIMITS, '没有'), 'no-sheet')
  assert.equal(await refusal(workbook(good).subarray(0, 300)), 'not-xlsx')
  assert.equal(await refusal(zip([...workbookParts(good), { name: 'xl/vbaProject.bin', text: 'x' }])), 'macro')
  const [first, ...rest] = workbookParts(good)
  const lying = [first!, ...rest.map((p) => (p.name.includes('sheet1') ? { ...p, declared: 5 } : p))]
  assert.equal(await refusal(zip(lying)), 'broken')
})

test('a workbook that takes too long costs a thread, not the event loop', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => Array.from({ length: 17 }, (_, c) => `词${i}-${c}`))
  const bytes = workbook(rows)
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 2)
  assert.equal(await refusal(Buffer.from(bytes), { ...SHEET_LIMITS, milliseconds: 20 }), 'timeout')
  const read = await readXlsx(bytes)
  clearInterval(timer)
  assert.equal(read.rows.length, 20_000)
  assert.equal(read.rows[19_999]?.[16], '词19999-16')
  assert.ok(longest < 1500, `a turn of ${longest} ms`)
})

test('kilobytes that would be gigabytes of rows are refused in the thread', async () => {
  const [types, rels, book, bookRels, sheet] = workbookParts([['a']])
  const shared = (rows: number, text: string) =>
    zip([
      types!,
      rels!,
      book!,
      { ...bookRels!, text: bookRels!.text.replace('</Relationships>', `${SHARED}</Relationships>`) },
      {
        ...sheet!,
        text: `<worksheet xmlns="${MAIN}"><sheetData>${Array.from({ length: rows }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}" t="s"><v>0</v></c></row>`).join('')}</sheetData></worksheet>`,
      },
      { name: 'xl/sharedStrings.xml', text: `<sst xmlns="${MAIN}"><si><t>${text}</t></si></sst>` },
    ])
  const bomb = shared(2000, '癌'.repeat(100_000))
  assert.ok(bomb.length < 20_000)
  const before = process.memoryUsage().rss
  assert.equal(await refusal(bomb), 'too-much-text')
  assert.ok(process.memoryUsage().rss - before < 300 * 2 ** 20)
  assert.deepEqual((await readXlsx(shared(3, '癌症'))).rows, [['癌症'], ['癌症'], ['癌症']])
})

test('a large table comes to whoever asked in turns of milliseconds', async (t) => {
  const bytes = workbook(Array.from({ length: 60_000 }, (_, i) => Array.from({ length: 17 }, (_, c) => `词${i}-${c}`)))
  // CPU of this thread alone: a busy machine makes no turn longer
  const cpu = (): number => process.threadCpuUsage().user / 1000
  let longest = 0
  let last = cpu()
  const timer = setInterval(() => {
    longest = Math.max(longest, cpu() - last)
    last = cpu()
  }, 1)
  const { table } = await readTable(bytes, 'a.xlsx', 'en')
  longest = Math.max(longest, cpu() - last)
  clearInterval(timer)
  assert.equal(table!.rows.length, 60_000)
  assert.equal(table!.rows[59_999]!.text(16), '词59999-16')
  t.diagnostic(`longest turn of the event loop ${longest.toFixed(1)} ms of CPU`)
  assert.ok(longest < 150, `a turn of ${longest} ms`)
})

test('an archive is read by its directory, and half of one is none', async () => {
  const file = zip([
    { name: 'a.xml', text: '癌症癌症癌症癌症' },
    { name: 'b/c.xml', text: '' },
  ])
  const parts = partsOf(file, 10)!
  assert.deepEqual(
    parts.map((p) => [p.name, p.size]),
    [
      ['a.xml', 24],
      ['b/c.xml', 0],
    ],
  )
  assert.equal(inflateRawSync(packedBytes(file, parts[0]!)).toString(), '癌症癌症癌症癌症')
  assert.equal(partsOf(file, 1), null, 'more parts than asked for')
  for (let n = 0; n < file.length; n++) assert.equal(partsOf(file.subarray(0, n), 10), null)
  const told = await readSheet({ bytes: workbook([['a'], ['b']]), sheet: '字典', limits: SHEET_LIMITS })
  assert.deepEqual(told, { rows: { rows: [['a'], ['b']], formulas: [], numbers: [], notes: [], others: [] } })
})

test('a table is told by its bytes, whatever it is called; its places are those of the sheet', async () => {
  const read = async (bytes: Buffer, lang: 'zh' | 'en' = 'zh') => {
    const { table, problems } = await readTable(bytes, 'a.dat', lang)
    return table === null ? problems.map((p) => `${p.line} ${p.code} ${p.message}`) : table.rows.map((r) => r.texts)
  }
  const sheet = workbook([['a', 'b', 'c'], [], ['d']])
  assert.deepEqual(await read(sheet), [
    ['a', 'b', 'c'],
    ['d', '', ''],
  ])
  const { table } = await readTable(sheet, 'a.dat', 'en')
  assert.deepEqual(table!.rows[1]!.at(0), { file: 'a.dat', line: 3, col: 1 })
  assert.deepEqual(await read(Buffer.from('\ufeffa,"b,c"\r\n')), [['a', 'b,c']])
  assert.deepEqual(await read(Buffer.from([0xb0, 0xa9, 0xd6, 0xa2, 0x2c, 0x43, 0x41])), [['癌症', 'CA']])
  assert.deepEqual(await read(Buffer.from([0x61, 0x00, 0x62])), ['1 table-encoding 文件既不是 UTF-8 也不是 GB18030'])
  assert.deepEqual(await read(Buffer.from([0x81])), ['1 table-encoding 文件既不是 UTF-8 也不是 GB18030'])
  assert.deepEqual(await read(Buffer.from('a"b,c\n'), 'en'), [
    '1 csv-quote a quote stands inside a field that is not quoted',
  ])
  assert.deepEqual(await read(Buffer.alloc(0)), [])
  assert.deepEqual(await read(Buffer.alloc(20 * 2 ** 20, ','), 'en'), ['1 csv-columns this row has too many fields'])
  assert.deepEqual(await read(Buffer.alloc(20 * 2 ** 20, 'a"'), 'en'), [
    '1 csv-quote a quote stands inside a field that is not quoted',
  ])
})

test('what an eye on the sheet sees otherwise is told: merged, hidden, other sheets', async () => {
  const [types, rels, book, bookRels, sheet] = workbookParts([
    ['术语', '替换'],
    ['癌症', 'CA'],
    ['', 'CANCER'],
  ])
  const second = { ...sheet!, name: 'xl/worksheets/sheet2.xml', text: sheet!.text.replace('<v>', '<f>1</f><v>') }
  const marked = sheet!.text
    .replace('<sheetData>', '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>')
    .replace('<row r="2">', '<row r="2" hidden="1">')
    .replace('</sheetData>', '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>')
  const file = zip([
    types!,
    rels!,
    { ...book!, text: book!.text.replace('</sheets>', '<sheet name="备用" sheetId="2" r:id="rId2"/></sheets>') },
    {
      ...bookRels!,
      text: bookRels!.text.replace(
        '</Relationships>',
        `${/<Relationship .*?\/>/.exec(bookRels!.text)![0].replaceAll('1', '2').replace('2999', '1999')}</Relationships>`,
      ),
    },
    { ...sheet!, text: marked },
    second,
  ])
  const { table, problems } = await readTable(file, 'a.xlsx', 'zh')
  assert.ok(table)
  assert.deepEqual(
    problems.map((p) => `${p.line}:${p.col} ${p.severity} ${p.code}`),
    [
      '1:2 warning table-hidden-column',
      '2:1 warning table-hidden-row',
      '2:1 warning table-merged',
      '1:1 warning table-sheets',
    ],
  )
  assert.match(problems.at(-1)!.message, /未读取 “备用”/)
  const covered = await readTable(
    zip([
      types!,
      rels!,
      { ...book!, text: book!.text.replace('<sheet ', "<sheet state='veryHidden' ") },
      bookRels!,
      sheet!,
    ]),
    'a.xlsx',
    'en',
  )
  assert.deepEqual(
    covered.problems.map((p) => `${p.line}:${p.col} ${p.severity} ${p.code}`),
    ['1:1 warning table-hidden-sheet'],
  )
  const named = await readTable(file, 'a.xlsx', 'zh', '备用')
  assert.deepEqual(named.problems, [])
})

test('UTF-16 is told as such', async () => {
  for (const mark of [
    [0xff, 0xfe],
    [0xfe, 0xff],
  ]) {
    const { table, problems } = await readTable(Buffer.from([...mark, 0x41, 0]), 'a.csv', 'en')
    assert.equal(table, null)
    assert.match(problems[0]!.message, /UTF-16/)
  }
})
