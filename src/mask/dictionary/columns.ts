/** The header of a dictionary: the columns in either language, and which of them must be there. */
import { type Reading, reportUnknown, type Say } from '../../base/fields.ts'
import { englishKey, keysOf, writtenKey } from '../../base/vocabulary.ts'
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
  const columns = new Map<Column, number>()
  header.texts.forEach((text, i) => {
    const name = englishKey('dictionary-row', text) as Column | undefined
    if (name === undefined)
      reportUnknown(
        reading,
        header.at(i),
        'dictionary-column',
        { zh: '列', en: 'column' },
        text.trim(),
        keysOf('dictionary-row', reading.lang),
      )
    else if (columns.has(name))
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
  reading.error(
    header.at(0),
    'dictionary-header',
    { zh: `表头缺少：${missing.join('、')}`, en: `missing in the header: ${missing.join(', ')}` },
    headerLine(),
  )
  return undefined
}

/** What a header line looks like, for messages. */
export const headerLine = (): Say => ({
  zh: `表头一行：${keysOf('dictionary-row', 'zh').join(',')}`,
  en: `a header line: ${COLUMNS.join(',')}`,
})
