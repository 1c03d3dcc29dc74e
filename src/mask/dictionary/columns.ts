/** The header of a dictionary: the columns in either language, and which of them must be there. */

import { type Reading, reportUnknown, type Say } from '../../base/fields.ts'
import { nearest } from '../../base/near.ts'
import { englishKey, keysOf, type Lang, writtenKey } from '../../base/vocabulary.ts'
import type { Row } from './csv.ts'

export const COLUMNS = [
  'term',
  'replacement',
  'kind',
  'mode',
  'aliases',
  'not_before',
  'not_after',
  'roles',
  'code',
  'code_system',
  'effective_from',
  'effective_to',
  'status',
  'batch',
  'author',
  'approver',
  'note',
] as const
export type Column = (typeof COLUMNS)[number]

const REQUIRED: readonly Column[] = ['term', 'replacement', 'status', 'author', 'approver']

/** Position of each column in the file; a column that is not there has none. */
export type Columns = ReadonlyMap<Column, number>

/** Undefined when a required column is missing. Unknown and doubled columns are problems and are read over. */
export function readHeader(header: Row, reading: Reading): Columns | undefined {
  if (!isHeader(header, reading)) return undefined
  const columns = new Map<Column, number>()
  const near = new Set<string>()
  header.texts.forEach((text, i) => {
    const name = englishKey('dictionary-row', text) as Column | undefined
    if (text.trim() === '')
      reading.error(
        header.at(i),
        'dictionary-column',
        { zh: '这一列没有列名', en: 'this column has no heading' },
        { zh: '补上列名，或删除整列（包括其下的内容）', en: 'a heading, or the column deleted with all below it' },
      )
    else if (name === undefined) {
      const known = keysOf('dictionary-row', reading.lang)
      near.add(nearest(text.trim(), known) ?? '')
      reportUnknown(reading, header.at(i), 'dictionary-column', { zh: '列', en: 'column' }, shown(text.trim()), known)
    } else if (columns.has(name))
      reading.error(
        header.at(i),
        'dictionary-column-twice',
        { zh: `列“${text.trim()}”重复出现`, en: `the column "${text.trim()}" stands here a second time` },
        { zh: '每列只写一次', en: 'each column once' },
      )
    else columns.set(name, i)
  })
  const missing = REQUIRED.filter((name) => !columns.has(name)).map((name) =>
    writtenKey('dictionary-row', name, reading.lang),
  )
  if (missing.length === 0) return columns
  // A misspelt column is told already, with the word it should be.
  if (missing.every((name) => near.has(name))) return undefined
  reading.error(
    header.at(0),
    'dictionary-header',
    { zh: `表头缺少：${missing.join('、')}`, en: `missing in the header: ${missing.join(', ')}` },
    headerLine(),
  )
  return undefined
}

/** Whether the first line is a header at all, in commas: else that alone is told, not every word of it. */
function isHeader(header: Row, reading: Reading): boolean {
  const names = (texts: readonly string[]): number =>
    texts.filter((text) => englishKey('dictionary-row', text) !== undefined).length
  if (names(header.texts) > 0) return true
  for (const [sign, said] of SEPARATORS)
    if (names(header.texts.flatMap((text) => text.split(sign))) > 1) {
      reading.error(
        header.at(0),
        'dictionary-separator',
        { zh: `各列用${said.zh}分开`, en: `the columns are parted by ${said.en}` },
        {
          zh: '半角逗号：在表格软件里另存为“CSV UTF-8（逗号分隔）”',
          en: 'commas: save the table as "CSV UTF-8 (comma delimited)"',
        },
      )
      return false
    }
  if (header.texts.some((text) => nearest(text.trim(), keysOf('dictionary-row', reading.lang)) !== null)) return true
  reading.error(
    header.at(0),
    'dictionary-header',
    {
      zh: `第一行不是表头：没有一列是已知的${header.texts.join('').includes('\ufffd') ? '，且文件的编码不是 UTF-8' : ''}`,
      en: `the first line is no header: it names no known column${header.texts.join('').includes('\ufffd') ? ', and the file is not UTF-8' : ''}`,
    },
    headerLine(),
  )
  return false
}

const SEPARATORS: readonly (readonly [sign: string, said: Say])[] = [
  [';', { zh: '分号（;）', en: 'semicolons (;)' }],
  ['\t', { zh: '制表符（Tab）', en: 'tabs' }],
  ['，', { zh: '全角逗号（，）', en: 'full-width commas (，)' }],
  ['|', { zh: '竖线（|）', en: 'bars (|)' }],
]

const MAX_SHOWN = 60

/** A cell as far as a message repeats it. */
export const shown = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)

/** What a header line looks like, for messages: the columns that must be there first. */
export function headerLine(): Say {
  const line = (lang: Lang): string => REQUIRED.map((name) => writtenKey('dictionary-row', name, lang)).join(',')
  const rest = (lang: Lang): string =>
    COLUMNS.filter((name) => !REQUIRED.includes(name))
      .map((name) => writtenKey('dictionary-row', name, lang))
      .join(lang === 'zh' ? '、' : ', ')
  return {
    zh: `第一行为表头 ${line('zh')}（还可有 ${rest('zh')}）`,
    en: `a first line of ${line('en')} (there may also be ${rest('en')})`,
  }
}
