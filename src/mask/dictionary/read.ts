/**
 * Reads a dictionary file (rules-language.md, Dictionaries) into the model. In this release a term replaces a whole
 * field only: rows with `mode: text` or `roles` are refused, since neither could be honoured.
 */
import type { Position, ProblemList } from '../../base/problem.ts'
import { isReal } from '../dates.ts'
import type { Dictionary, DictionaryEntry } from '../model.ts'
import { clean } from '../normal.ts'
import { type Cell, parseCsv, type Row } from './csv.ts'
import { termKey } from './lookup.ts'

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
type Column = (typeof COLUMNS)[number]

const REQUIRED: readonly Column[] = ['term', 'replacement', 'status', 'author', 'approver']
const STATUSES = ['draft', 'in_review', 'active', 'disabled']
const MODES = ['field', 'text', 'both']
/** delimiters of HL7 and control characters: a replacement must stand in every format */
const UNSAFE = /[|^~\\&\u0000-\u001f\u007f]/

interface Draft {
  readonly entry: DictionaryEntry
  readonly keys: readonly { readonly key: string; readonly at: Position }[]
  readonly replacementAt: Position
}

/**
 * @param file path for messages; the dictionary's id is its last segment without `.csv`
 * @returns active rows only; null when the header cannot be used. All problems go to the list.
 */
export function readDictionary(file: string, text: string, problems: ProblemList): Dictionary | null {
  const id = file.replace(/^.*[\\/]/, '').replace(/\.csv$/i, '')
  const [header, ...rows] = parseCsv(file, text, problems)
  const start = { file, line: 1, col: 1 }
  if (header === undefined) {
    problems.error(start, 'dictionary-empty', 'the file is empty', `a header line: ${COLUMNS.join(',')}`)
    return null
  }
  const columns = readHeader(header, problems)
  if (columns === undefined) return null
  const drafts = rows.map((row) => readRow(row, columns, header.length, problems)).filter((draft) => draft !== null)
  return { id, terms: collect(drafts, problems) }
}

function readHeader(header: Row, problems: ProblemList): (Column | null)[] | undefined {
  const seen = new Set<string>()
  const columns = header.map((cell) => {
    const name = cell.text.trim()
    const known = COLUMNS.find((c) => c === name) ?? null
    if (known === null)
      problems.error(cell.at, 'dictionary-column', `unknown column "${name}"`, `one of ${COLUMNS.join(', ')}`)
    else if (seen.has(name))
      problems.error(
        cell.at,
        'dictionary-column-twice',
        `the column "${name}" stands here a second time`,
        'each column once',
      )
    seen.add(name)
    return known
  })
  const missing = REQUIRED.filter((name) => !seen.has(name))
  if (missing.length === 0) return columns
  problems.error(
    header[0]!.at,
    'dictionary-header',
    `missing in the header: ${missing.join(', ')}`,
    `a header line: ${COLUMNS.join(',')}`,
  )
  return undefined
}

const NOTHING = ''

function readRow(row: Row, columns: readonly (Column | null)[], width: number, problems: ProblemList): Draft | null {
  const at = row[0]!.at
  if (row.length !== width) {
    problems.error(at, 'dictionary-width', `this row has ${row.length} fields`, `${width}, as the header`)
    return null
  }
  const cell = (name: Column): Cell => {
    const i = columns.indexOf(name)
    return i < 0 ? { text: NOTHING, at } : { text: row[i]!.text.trim(), at: row[i]!.at }
  }
  const before = problems.all.length
  checkWords(cell, problems)
  checkApproval(cell, problems)
  const entry = readEntry(cell, problems)
  const failed = problems.all.slice(before).some((p) => p.severity === 'error')
  if (failed || entry === null || cell('status').text !== 'active') return null
  const aliases = cell('aliases')
  const names = [cell('term'), ...lists(aliases.text).map((text) => ({ text, at: aliases.at }))]
  return {
    entry,
    keys: names.map((name) => ({ key: termKey(name.text), at: name.at })),
    replacementAt: cell('replacement').at,
  }
}

const lists = (text: string): string[] =>
  text
    .split('|')
    .map((s) => s.trim())
    .filter((s) => s !== NOTHING)

type CellOf = (name: Column) => Cell

function checkWords(cell: CellOf, problems: ProblemList): void {
  const status = cell('status')
  if (!STATUSES.includes(status.text))
    problems.error(status.at, 'dictionary-status', 'this is no status', STATUSES.join(', '))
  const mode = cell('mode')
  if (mode.text === 'text')
    problems.error(
      mode.at,
      'dictionary-mode-text',
      'replacing terms inside a text is not offered in this release',
      'field, or both (then whole fields only)',
    )
  else if (mode.text === 'both')
    problems.warn(mode.at, 'dictionary-mode-both', 'in this release the term replaces whole fields only', 'field')
  else if (mode.text !== NOTHING && !MODES.includes(mode.text))
    problems.error(mode.at, 'dictionary-mode', 'this is no mode', MODES.join(', '))
  const roles = cell('roles')
  if (roles.text !== NOTHING)
    problems.error(
      roles.at,
      'dictionary-roles',
      'rows for certain roles are not offered in this release',
      'nothing here; the policies of a role name the dictionary',
    )
}

function checkApproval(cell: CellOf, problems: ProblemList): void {
  if (cell('status').text !== 'active') return
  const author = cell('author')
  const approver = cell('approver')
  if (author.text === NOTHING)
    problems.error(author.at, 'dictionary-author', 'an active row names no author', 'who wrote it')
  if (approver.text === NOTHING)
    problems.error(
      approver.at,
      'dictionary-approver',
      'an active row names no approver',
      'who approved it, not the author',
    )
  else if (clean(approver.text).toLowerCase() === clean(author.text).toLowerCase())
    problems.error(approver.at, 'dictionary-approver', 'the approver is the author', 'another person')
}

function readEntry(cell: CellOf, problems: ProblemList): DictionaryEntry | null {
  const term = cell('term')
  const replacement = cell('replacement')
  if (term.text === NOTHING) problems.error(term.at, 'dictionary-term', 'the term is empty', 'the original words')
  if (replacement.text === NOTHING)
    problems.error(replacement.at, 'dictionary-replacement', 'the replacement is empty', 'what stands in its place')
  if (UNSAFE.test(replacement.text))
    problems.error(
      replacement.at,
      'dictionary-replacement',
      'the replacement holds a delimiter or control character',
      'none of | ^ ~ \\ & and no line break',
    )
  const from = readDay(cell('effective_from'), problems)
  const to = readDay(cell('effective_to'), problems)
  if (from !== null && to !== null && from >= to)
    problems.error(
      cell('effective_to').at,
      'dictionary-dates',
      'the row ends before it begins',
      `a day after ${from} (the end is exclusive)`,
    )
  const code = cell('code').text
  const system = cell('code_system').text
  if (term.text === NOTHING) return null
  return {
    term: term.text,
    replacement: replacement.text,
    code: code === NOTHING ? null : code,
    codeSystem: system === NOTHING ? null : system,
    from,
    to,
    at: term.at,
  }
}

function readDay(cell: Cell, problems: ProblemList): string | null {
  if (cell.text === NOTHING) return null
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(cell.text)
  if (
    m !== null &&
    Number(m[2]) > 0 &&
    Number(m[3]) > 0 &&
    isReal({ year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) })
  )
    return cell.text
  problems.error(cell.at, 'dictionary-date', 'this is no date', 'a day as YYYY-MM-DD')
  return null
}

/** Active rows by every name they go by; two rows for one name, and chains, are errors. */
function collect(drafts: readonly Draft[], problems: ProblemList): Map<string, DictionaryEntry> {
  const terms = new Map<string, DictionaryEntry>()
  for (const { entry, keys } of drafts) {
    for (const { key, at } of keys) {
      const first = terms.get(key)
      if (first === undefined) terms.set(key, entry)
      else
        problems.error(
          at,
          'dictionary-duplicate',
          'this term or alias has a row already',
          `one row per term (first at line ${first.at.line})`,
        )
    }
  }
  for (const { entry, replacementAt } of drafts) {
    const chained = terms.get(termKey(entry.replacement))
    if (chained !== undefined)
      problems.error(
        replacementAt,
        'dictionary-chain',
        'the replacement is itself a term or alias',
        `words that no row replaces (see line ${chained.at.line})`,
      )
  }
  return terms
}
