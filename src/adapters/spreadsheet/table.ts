/**
 * A table a person uploads or imports: an XLSX, or a CSV in UTF-8 (with or without BOM) or GB18030, told apart by its
 * bytes and not by its name. Anything else is one problem in both languages.
 */
import { setImmediate as pause } from 'node:timers/promises'
import { bothOf, type Say } from '../../base/fields.ts'
import { type Problem, ProblemList } from '../../base/problem.ts'
import { inSlices, type Steps } from '../../base/steps.ts'
import { type CsvProblem, csvRows, Row } from '../../mask/dictionary/csv.ts'
import { GB18030, UTF_8 } from '../../mask/formats/charset.ts'
import { readXlsx, SHEET_LIMITS, SheetError, type SheetLimits, type SheetNote, type SheetRefusal } from './xlsx.ts'

export interface Table {
  /** places: line and column of a CSV, row and column of a sheet */
  readonly rows: readonly Row[]
  readonly formulas: readonly (readonly [row: number, column: number])[]
  /** the first cell of each column of a sheet that is a number */
  readonly numbers: readonly (readonly [row: number, column: number])[]
}

export interface TableRead {
  /** null when there is an error */
  readonly table: Table | null
  readonly problems: readonly Problem[]
}

/** rows between two pauses */
const SLICE = 1000

/** @param file for messages @param sheet name of the sheet; null = the first */
export async function readTable(
  bytes: Buffer,
  file: string,
  lang: 'zh' | 'en',
  sheet: string | null = null,
  limits: SheetLimits = SHEET_LIMITS,
): Promise<TableRead> {
  const problems = new ProblemList()
  const refuse = (code: Refused): TableRead => {
    const [message, expected] = WORDS[code]
    problems.error({ file, line: 1, col: 1 }, `table-${code}`, message[lang], expected[lang], bothOf(message, expected))
    return { table: null, problems: problems.all }
  }
  if (bytes.length > limits.file) return refuse('too-large')
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return refuse('excel-97')
  if (startsWith(bytes, [0x50, 0x4b])) {
    try {
      const { rows, formulas, numbers, notes, others } = await readXlsx(new Uint8Array(bytes), sheet, limits)
      warnOf(file, notes, sheet === null ? others : [], lang, problems)
      return {
        table: { rows: await inSlices(sheetSteps(file, rows), () => pause()), formulas, numbers },
        problems: problems.all,
      }
    } catch (error) {
      if (error instanceof SheetError) return refuse(error.reason)
      throw error
    }
  }
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return refuse('utf-16')
  const charset = UTF_8.accepts(bytes) ? UTF_8 : GB18030.accepts(bytes) ? GB18030 : null
  if (charset === null || bytes.includes(0)) return refuse('encoding')
  const source = charset.decode(bytes, 0, bytes.length)
  const rows: Row[] = []
  const tell: CsvProblem = (at, code, message, expected) =>
    problems.error(at, code, message[lang], expected[lang], bothOf(message, expected))
  for (const row of csvRows(file, source, tell)) {
    if (rows.push(row) > limits.rows) return refuse('too-many-rows')
    if (rows.length % SLICE === 0) await pause()
  }
  return { table: problems.failed ? null : { rows, formulas: [], numbers: [] }, problems: problems.all }
}

type Refused = SheetRefusal | 'encoding' | 'excel-97' | 'utf-16'

/** What is imported and not seen, or seen and not imported: told, and left to whoever approves it. */
function warnOf(
  file: string,
  notes: readonly SheetNote[],
  others: readonly string[],
  lang: 'zh' | 'en',
  problems: ProblemList,
): void {
  for (const [kind, line, col] of notes) {
    const [message, expected] = NOTES[kind]
    problems.warn({ file, line, col }, `table-${kind}`, message[lang], expected[lang])
  }
  if (others.length === 0) return
  const names = others.map((name) => `“${name}”`).join('、')
  problems.warn(
    { file, line: 1, col: 1 },
    'table-sheets',
    lang === 'zh' ? `只读取第一张工作表，未读取 ${names}` : `only the first sheet is read, not ${names}`,
    lang === 'zh' ? '要读别的工作表，加 --sheet 名称' : 'the name of another one as --sheet NAME',
  )
}

const NOTES: Readonly<Record<SheetNote[0], readonly [Say, Say]>> = {
  merged: [
    {
      zh: '这里是合并单元格：只有左上角一格有内容，其余各格读作空',
      en: 'cells are merged here: the first of them has the text, the others are read as empty',
    },
    { zh: '取消合并，每行各写一遍', en: 'the cells unmerged, the text written in every row' },
  ],
  'hidden-row': [
    { zh: '这一行被隐藏，但同样会导入', en: 'this row is hidden and imported all the same' },
    { zh: '取消隐藏并核对，或删除该行', en: 'the row shown and checked, or deleted' },
  ],
  'hidden-column': [
    { zh: '这一列被隐藏，但同样会导入', en: 'this column is hidden and imported all the same' },
    { zh: '取消隐藏并核对，或删除该列', en: 'the column shown and checked, or deleted' },
  ],
  'hidden-sheet': [
    { zh: '读取的工作表被隐藏，但同样会导入', en: 'the sheet that is read is hidden and imported all the same' },
    {
      zh: '取消隐藏并核对；要读别的工作表，把它移到最前',
      en: 'the sheet shown and checked; the one meant in the first place',
    },
  ],
}

const startsWith = (bytes: Buffer, head: readonly number[]): boolean => head.every((b, i) => bytes[i] === b)

const rowOf = (file: string, texts: readonly string[], line: number): Row =>
  new Row(
    file,
    texts,
    texts.flatMap((_, i) => [line, i + 1]),
  )

/** Rows that hold something. A sheet's rows end at their last cell: they are as wide as the first here. */
function* sheetSteps(file: string, sheet: readonly (readonly string[])[]): Steps<Row[]> {
  const rows: Row[] = []
  for (const [i, texts] of sheet.entries()) {
    if (i % SLICE === SLICE - 1) yield
    if (texts.every((text) => text === '')) continue
    const missing = Math.max(0, (rows[0]?.length ?? 0) - texts.length)
    rows.push(rowOf(file, missing === 0 ? texts : [...texts, ...Array<string>(missing).fill('')], i + 1))
  }
  return rows
}

const SIZE: Say = { zh: '至多 20 MB，解开后 200 MB', en: 'at most 20 MB, 200 MB unpacked' }
const PLAIN: Say = {
  zh: '由表格软件另存的普通 .xlsx，或 CSV',
  en: 'a plain .xlsx saved by a spreadsheet program, or CSV',
}

const WORDS: Readonly<Record<Refused, readonly [Say, Say]>> = {
  'too-large': [{ zh: '文件太大', en: 'the file is too large' }, SIZE],
  'unpacked-too-large': [{ zh: '工作簿解开后太大', en: 'the workbook is too large when unpacked' }, SIZE],
  'too-many-parts': [{ zh: '工作簿的部件太多', en: 'the workbook has too many parts' }, PLAIN],
  'too-many-rows': [
    { zh: '行数太多', en: 'the table has too many rows' },
    { zh: '至多 200000 行', en: 'at most 200,000 rows' },
  ],
  'too-many-columns': [
    { zh: '列数太多', en: 'the table has too many columns' },
    { zh: '至多 64 列', en: 'at most 64 columns' },
  ],
  'too-much-text': [
    { zh: '单元格的文字总量太大', en: 'the cells hold too much text' },
    { zh: '一张表合计至多 1600 万字，可分成几批', en: 'at most 16 million characters in all; several batches instead' },
  ],
  macro: [{ zh: '工作簿含有宏', en: 'the workbook holds macros' }, PLAIN],
  'no-sheet': [
    { zh: '没有这张工作表', en: 'the workbook has no sheet of this name' },
    { zh: '已有工作表的名称；不写即第一张', en: 'the name of a sheet; without one the first is read' },
  ],
  timeout: [{ zh: '读取工作簿用时过长', en: 'reading the workbook took too long' }, PLAIN],
  broken: [{ zh: '工作簿已损坏', en: 'the workbook is broken' }, PLAIN],
  'not-xlsx': [{ zh: '压缩包中没有工作簿', en: 'the archive holds no workbook' }, PLAIN],
  'excel-97': [
    { zh: '这是旧版 Excel（.xls）文件', en: 'this is a file of old Excel (.xls)' },
    { zh: '另存为 .xlsx 或 CSV', en: 'save it as .xlsx or CSV' },
  ],
  'utf-16': [
    { zh: '文件是 UTF-16（“Unicode 文本”）', en: 'the file is UTF-16 ("Unicode text")' },
    { zh: '另存为“CSV UTF-8（逗号分隔）”或 .xlsx', en: 'save it as "CSV UTF-8 (comma delimited)" or .xlsx' },
  ],
  encoding: [
    { zh: '文件既不是 UTF-8 也不是 GB18030', en: 'the file is neither UTF-8 nor GB18030' },
    { zh: '另存为“CSV UTF-8”或 .xlsx', en: 'save it as "CSV UTF-8" or .xlsx' },
  ],
}
