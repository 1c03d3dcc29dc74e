/**
 * A batch from a spreadsheet or a CSV into a dictionary file. Rows that come replace rows of the same term and roles;
 * one that takes effect later takes only its own days from the row before it, so that no day is left without a
 * replacement.
 */
import { Reading } from '../../base/fields.ts'
import { type Problem, ProblemList } from '../../base/problem.ts'
import { finish, type Steps } from '../../base/steps.ts'
import { englishKey, englishValue, languageOf, type ValueSet } from '../../base/vocabulary.ts'
import { COLUMNS, type Column } from './columns.ts'
import { csvRows, Row } from './csv.ts'
import { fromNeutral } from './formula.ts'
import { termKey } from './lookup.ts'
import { readRows, tooMany } from './read.ts'
import { tellWidth } from './row.ts'
import { writeSteps } from './write.ts'

export interface ImportSource {
  /** for messages */
  readonly file: string
  /** header first; places are those of the source */
  readonly rows: readonly Row[]
  /** cells a formula made: refused, a value is meant to be seen by who approves it */
  readonly formulas: readonly (readonly [row: number, column: number])[]
  /** the first cell of each column that is a number */
  readonly numbers?: readonly (readonly [row: number, column: number])[]
}

export interface ImportDefaults {
  /** for rows that name none */
  readonly batch: string | null
  readonly author: string | null
  /** the author of every row, whatever the file says: who signed in to bring it */
  readonly signed?: boolean
}

export interface Imported {
  /** the dictionary file after the import */
  readonly text: string
  /** rows that came */
  readonly rows: number
  /** of the source, at its places; with an error `text` must not be used */
  readonly problems: readonly Problem[]
}

const SETS: Readonly<Partial<Record<Column, ValueSet>>> = {
  kind: 'term-kind',
  mode: 'term-mode',
  status: 'term-status',
}

const SLICE = 400
/** what a rules folder admits for one file */
const MAX_BYTES = 16 * 2 ** 20

/** At once; {@link importSteps} for large batches. */
export const importBatch = (existing: string | null, source: ImportSource, defaults: ImportDefaults): Imported =>
  finish(importSteps(existing, source, defaults))

/** @param existing text of the dictionary file; null = there is none yet */
export function* importSteps(existing: string | null, source: ImportSource, defaults: ImportDefaults): Steps<Imported> {
  const problems = new ProblemList()
  const [head, ...rest] = source.rows
  const reading = new Reading(source.file, languageOf(head?.texts.join(',') ?? ''), problems)
  for (const [line, col] of source.formulas) {
    const name = head?.text(col - 1).trim() ?? ''
    const column = name === '' ? { zh: '', en: '' } : { zh: `“${name}”列：`, en: `column "${name}": ` }
    reading.error(
      { file: source.file, line, col },
      'dictionary-formula',
      { zh: `${column.zh}此单元格是公式`, en: `${column.en}this cell holds a formula` },
      { zh: '“粘贴为数值”后的文字', en: 'a text (paste the value in its place)' },
    )
  }
  const plain: Row[] = []
  const came: Cells[] = []
  if (head !== undefined) {
    const layout = layoutOf(head)
    tellNumbers(reading, source, layout)
    plain.push(layout.head)
    const place = COLUMNS.map((name) => layout.names.indexOf(name))
    for (const row of rest) {
      if (tooMany(reading, row)) break
      if (row.length !== head.length) tellWidth(reading, row, head.length)
      else {
        const canonical = canonicalRow(row, layout, defaults)
        plain.push(canonical)
        came.push(place.map((i) => canonical.text(i)))
        if (plain.length % SLICE === 0) yield
      }
    }
  }
  yield* readRows(source.file, plain.values(), reading)
  const before = existing === null ? [] : yield* existingRows(existing)
  const text = yield* writeSteps(yield* mergedSteps(before, came))
  if (Buffer.byteLength(text) > MAX_BYTES)
    reading.error(
      { file: source.file, line: 1, col: 1 },
      'dictionary-size',
      { zh: '导入后的字典文件太大', en: 'the dictionary file would be too large' },
      { zh: '至多 16 MiB，可分成几个字典', en: 'at most 16 MiB; several dictionaries in its place' },
    )
  return { text, rows: came.length, problems: problems.sorted() }
}

/** Columns an import may leave out. */
const DEFAULTED: readonly Column[] = ['status', 'author', 'approver', 'batch']

interface SourceLayout {
  readonly head: Row
  /** columns by position, those left out at the end */
  readonly names: readonly (Column | undefined)[]
}

/** Where zeros mean something. */
const WORDS: ReadonlySet<Column> = new Set<Column>(['term', 'aliases', 'replacement', 'code'])

function tellNumbers(reading: Reading, { file, numbers = [] }: ImportSource, { names }: SourceLayout): void {
  for (const [line, col] of numbers)
    if (line > 1 && WORDS.has(names[col - 1]!))
      reading.warn(
        { file, line, col },
        'dictionary-number',
        {
          zh: '此列有数字单元格：数字开头和小数末尾的 0 已经丢失（06.40 变成 6.4）',
          en: 'cells of this column are numbers: zeros in front and at the end of decimals are lost (06.40 is 6.4)',
        },
        { zh: '整列设为“文本”格式后重新填写', en: 'the column formatted as text, its cells typed anew' },
      )
}

function layoutOf(head: Row): SourceLayout {
  const written = head.texts.map((text) => englishKey('dictionary-row', text) as Column | undefined)
  // What names no column is no header: nothing is added to it.
  const missing = written.every((name) => name === undefined) ? [] : DEFAULTED.filter((name) => !written.includes(name))
  return { head: extended(head, [...head.texts, ...missing]), names: [...written, ...missing] }
}

function canonicalRow(row: Row, { names }: SourceLayout, defaults: ImportDefaults): Row {
  const texts = names.map((name, i) => {
    const text = canonicalCell(fromNeutral(row.text(i).trim()), name)
    if (name === 'author' && defaults.signed === true) return defaults.author ?? ''
    if (text !== '') return text
    if (name === 'author') return defaults.author ?? ''
    if (name === 'batch') return defaults.batch ?? ''
    return name === 'status' && i >= row.length ? 'in_review' : ''
  })
  return extended(row, texts)
}

const extended = (row: Row, texts: readonly string[]): Row =>
  new Row(
    row.file,
    texts,
    texts.flatMap((_, i) => {
      const at = row.at(i < row.length ? i : 0)
      return [at.line, at.col]
    }),
  )

/** Dates as offices write them, full-width bars, words in Chinese. */
function canonicalCell(text: string, name: Column | undefined): string {
  if (text === '') return text
  const set = name === undefined ? undefined : SETS[name]
  if (set !== undefined) return englishValue(set, text) ?? text
  if (name === 'effective_from' || name === 'effective_to') {
    const m = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text.normalize('NFKC'))
    return m === null ? text : `${m[1]}-${m[2]!.padStart(2, '0')}-${m[3]!.padStart(2, '0')}`
  }
  return name === 'aliases' || name === 'not_before' || name === 'not_after' || name === 'roles'
    ? text.replaceAll('｜', '|')
    : text
}

type Cells = string[]
const at = (name: Column): number => COLUMNS.indexOf(name)

function* existingRows(text: string): Steps<Cells[]> {
  const rows = csvRows('', text, () => {})
  const head = rows.next()
  if (head.done === true) return []
  const names = head.value.texts.map((name) => englishKey('dictionary-row', name))
  const place = COLUMNS.map((name) => names.indexOf(name))
  const found: Cells[] = []
  for (const row of rows) {
    found.push(place.map((i) => fromNeutral(row.text(i).trim())))
    if (found.length % SLICE === 0) yield
  }
  return found
}

const identity = (row: Cells): string =>
  `${termKey(row[at('term')]!)}\n${row[at('roles')]!.split('|')
    .map((s) => s.trim())
    .sort()
    .join('|')}`

/** Rows that came, and what they leave of those before. */
function* mergedSteps(before: readonly Cells[], came: readonly Cells[]): Steps<Cells[]> {
  const next = new Map<string, Cells[]>()
  let n = 0
  for (const row of came) {
    const rivals = next.get(identity(row))
    if (rivals === undefined) next.set(identity(row), [row])
    else rivals.push(row)
    if (++n % SLICE === 0) yield
  }
  const kept: Cells[] = []
  for (const row of before) {
    const rivals = next.get(identity(row))
    if (rivals === undefined) kept.push(row)
    else if (row[at('status')] === 'active') kept.push(...left(row, rivals.filter(isActive)))
    if (++n % SLICE === 0) yield
  }
  return [...kept, ...came]
}

const isActive = (row: Cells): boolean => row[at('status')] === 'active'

/** The days of a row that no approved rival takes; one that begins on the same day, or on none, takes all of it. */
function left(row: Cells, rivals: readonly Cells[]): Cells[] {
  const own = daysOf(row)
  if (rivals.some((rival) => rival[at('effective_from')] === '' || daysOf(rival)[0] === own[0])) return []
  let days = [own]
  for (const [from, to] of rivals.map(daysOf))
    days = days.flatMap(([first, end]): Days[] =>
      [[first, min(end, from)] as const, [max(first, to), end] as const].filter(([a, b]) => a < b),
    )
  return days.map(([from, to]) =>
    row.with(at('effective_from'), from === EVER[0] ? '' : from).with(at('effective_to'), to === EVER[1] ? '' : to),
  )
}

/** from the first day to the day after the last */
type Days = readonly [from: string, to: string]
const EVER: Days = ['0000-00-00', '9999-99-99']
const daysOf = (row: Cells): Days => [row[at('effective_from')] || EVER[0], row[at('effective_to')] || EVER[1]]
const min = (a: string, b: string): string => (a < b ? a : b)
const max = (a: string, b: string): string => (a < b ? b : a)
