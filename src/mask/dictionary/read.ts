/** Reads a dictionary file (rules-language.md, Dictionaries) into the model: CSV, header and words in either language. */
import { Reading } from '../../base/fields.ts'
import { type Problem, ProblemList } from '../../base/problem.ts'
import { finish, type Steps } from '../../base/steps.ts'
import { languageOf } from '../../base/vocabulary.ts'
import type { Dictionary } from '../model.ts'
import { headerLine, readHeader } from './columns.ts'
import { Names } from './contradictions.ts'
import { type CsvProblem, csvRows, type Row } from './csv.ts'
import { type Draft, readRow } from './row.ts'

export interface ReadDictionary {
  /** active rows only; null when the header cannot be used */
  readonly dictionary: Dictionary | null
  /** every sound row, whatever its status, in the file's order */
  readonly drafts: readonly Draft[]
  readonly problems: readonly Problem[]
}

/** rows between two pauses */
const SLICE = 400
/** Nobody mends more at once; a file that is wrong in every row would make hundreds of thousands. */
const MAX_PROBLEMS = 1000

/** @param file path for messages; the dictionary's id is its last segment without its ending */
export function* dictionarySteps(file: string, text: string): Steps<ReadDictionary> {
  const problems = new ProblemList()
  const reading = new Reading(file, languageOf(text.replace(/^\ufeff/, '')), problems)
  const tell: CsvProblem = (at, code, message, expected) => reading.error(at, code, message, expected)
  return yield* readRows(file, csvRows(file, text, tell), reading)
}

/** The same for rows of any origin; places of a spreadsheet are its row and column. */
export function* readRows(file: string, rows: Iterator<Row> & Iterable<Row>, reading: Reading): Steps<ReadDictionary> {
  const { problems } = reading
  const head = rows.next()
  if (head.done === true) {
    reading.error(
      { file, line: 1, col: 1 },
      'dictionary-empty',
      { zh: '文件是空的', en: 'the file is empty' },
      headerLine(),
    )
    return { dictionary: null, drafts: [], problems: problems.all }
  }
  const columns = readHeader(head.value, reading)
  if (columns === undefined) return { dictionary: null, drafts: [], problems: problems.all }
  const drafts: Draft[] = []
  const names = new Names(reading)
  let n = 0
  for (const row of rows) {
    if (tooMany(reading, row)) break
    const draft = readRow(row, columns, head.value.length, reading)
    if (draft !== null) drafts.push(draft)
    if (draft?.status === 'active') names.add(draft)
    if (++n % SLICE === 0) yield
  }
  const active = drafts.filter((d) => d.status === 'active')
  for (const draft of active) {
    if (problems.all.length >= MAX_PROBLEMS) break
    names.checkChain(draft)
    if (++n % SLICE === 0) yield
  }
  const id = file.replace(/^.*[\\/]/, '').replace(/\.[a-z]+$/i, '')
  return { dictionary: { id, rows: active.map((d) => d.entry), terms: names.field }, drafts, problems: problems.all }
}

/** Told once, where reading ends. */
export function tooMany(reading: Reading, row: Row): boolean {
  const { all } = reading.problems
  if (all.length < MAX_PROBLEMS) return false
  if (all.at(-1)!.code !== 'dictionary-many')
    reading.error(
      row.at(0),
      'dictionary-many',
      {
        zh: `前面已有 ${all.length} 个问题，从此行起不再检查`,
        en: `${all.length} problems so far: nothing is read from here on`,
      },
      { zh: '先改正前面的问题，再检查一遍', en: 'those before it mended first, then the file checked again' },
    )
  return true
}

/** The same at once; problems go to the list. */
export function readDictionary(file: string, text: string, problems: ProblemList): Dictionary | null {
  const read = finish(dictionarySteps(file, text))
  for (const problem of read.problems) problems.all.push(problem)
  return read.dictionary
}
