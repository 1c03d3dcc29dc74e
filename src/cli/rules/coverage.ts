/** `veilgate rules coverage`: the matrix role x element with the line behind each cell. */
import { coverage, type Matrix, type MatrixCell, type MatrixColumn } from '../../mask/proof/coverage.ts'
import { csvRow } from '../../mask/proof/csv-row.ts'
import { refusing } from '../authority/refused.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { onlyOne } from './folder.ts'
import { interfacesOf, openBundle } from './open-bundle.ts'
import { samplesOf } from './samples.ts'
import { readLang, SOURCES, type Spoken } from './spoken.ts'
import { tableLines } from './table.ts'
import { selectorText, type Unused, unusedSelectors } from './unused.ts'

const OPTIONS = {
  format: { type: 'string', default: 'text' },
  interface: { type: 'string' },
  role: { type: 'string' },
  unused: { type: 'boolean', default: false },
  samples: { type: 'string', multiple: true },
  lang: { type: 'string' },
} as const

const FORMATS = { text: printText, csv: printCsv, json: printJson } as const

export function coverFolder(args: readonly string[], io: Io): Promise<number> {
  return refusing('rules coverage', io, async () => {
    const { values, positionals } = readArgs(args, OPTIONS, 'any')
    const say = readLang(values.lang, io)
    if (!Object.hasOwn(FORMATS, values.format)) throw new UsageError('--format text, csv or json')
    const bundle = await openBundle(onlyOne(positionals) ?? 'rules', io)
    const { compiled } = bundle
    const interfaces = interfacesOf(compiled)
    if (values.interface !== undefined && !interfaces.some((i) => i.id === values.interface))
      throw new UsageError(`no interface ${values.interface} in the directory`)
    const matrix = coverage(compiled.rules, { interfaces, interfaceId: values.interface ?? null })
    const selectors = unusedSelectors(compiled.rules, interfaces, await samplesOf(bundle, values.samples ?? [], io))
    const shown = { matrix: onlyRole(matrix, values.role), selectors, unused: values.unused }
    FORMATS[values.format as keyof typeof FORMATS](shown, say, io)
    return EXIT.done
  })
}

interface Shown {
  readonly matrix: Matrix
  readonly selectors: Unused
  /** name the selectors that decide nothing, not only how many they are */
  readonly unused: boolean
}

/** Columns whose calls are refused say nothing of elements: they are named once, under the matrix. */
function onlyRole(matrix: Matrix, role: string | undefined): Matrix {
  if (role === undefined) return matrix
  const shown = matrix.columns.map((c) => c.role === role)
  return {
    ...matrix,
    columns: matrix.columns.filter((_, i) => shown[i]),
    rows: matrix.rows.map((r) => ({ ...r, cells: r.cells.filter((_, i) => shown[i]) })),
  }
}

function printJson({ matrix, selectors }: Shown, _say: Spoken, io: Io): void {
  const { judged, unused } = selectors
  const list = unused.map((b) => ({ element: b.element.id, selector: selectorText(b), at: b.at }))
  io.out(`${JSON.stringify({ ...matrix, selectors: { judged, unused: list } }, null, 2)}\n`)
}

const placeOf = (cell: MatrixCell): string => (cell.at === null ? '' : `${cell.at.file}:${cell.at.line}`)

function printCsv({ matrix }: Shown, say: Spoken, io: Io): void {
  const head = [
    'element',
    'name',
    'level',
    'bound',
    'role',
    'scenarios',
    'institutions',
    'treatment',
    'source',
    'line',
    'overruled',
    'raised',
    'when',
  ]
  io.out(csvRow(head))
  for (const row of matrix.rows)
    for (const [i, cell] of row.cells.entries()) {
      const column = matrix.columns[i]!
      const who = [column.role, column.scenarios.map((s) => s ?? '*').join(' '), column.institutions.join(' ')]
      const what = [row.element, row.zh, String(row.level), say(row.bound ? YES : NO)]
      if (cell === null) io.out(csvRow([...what, ...who, say(REFUSED), '', '', '', '', '']))
      else
        io.out(
          csvRow([
            ...what,
            ...who,
            say.treatment(cell.method, cell.params),
            say(SOURCES[cell.source]),
            placeOf(cell),
            cell.overruled === null ? '' : say.treatment(cell.overruled.method, cell.overruled.params),
            cell.raised.map((r) => `${r.by}: ${say.treatment(r.method, r.params)}`).join(' '),
            cell.narrowed.map((n) => `${JSON.stringify(n.when)}: ${say.treatment(n.method, n.params)}`).join(' '),
          ]),
        )
    }
}

const REFUSED = { zh: '拒绝', en: 'refused' } as const
const YES = { zh: '是', en: 'yes' } as const
const NO = { zh: '否', en: 'no' } as const

/** One block a column: a terminal is too narrow for the whole matrix. */
function printText({ matrix, selectors, unused }: Shown, say: Spoken, io: Io): void {
  const open = matrix.columns.map((c, i) => [c, i] as const).filter(([c]) => c.policies.length > 0)
  for (const [column, i] of open) {
    io.out(`${titleOf(column, say)}\n`)
    for (const row of matrix.rows) {
      const cell = row.cells[i]
      if (cell == null || !row.bound) continue
      io.out(`  ${nameOf(row, say)} ${say.treatment(cell.method, cell.params)}${notesOf(cell, say)}\n`)
    }
    const { unknown } = column
    if (unknown !== null)
      io.out(
        `  ${say({ zh: '（未登记）', en: '(unknown)' })} ${say.treatment(unknown.treatment, {})}  ${unknown.at.file}:${unknown.at.line}\n\n`,
      )
  }
  const refused = matrix.columns.filter((c) => c.policies.length === 0).map((c) => c.id)
  if (refused.length > 0) io.out(`${say(REFUSED)} (ROLE_DENIED): ${refused.join(', ')}\n`)
  const loose = matrix.rows.filter((r) => !r.bound).map((r) => (say.lang === 'zh' ? r.zh : r.element))
  if (loose.length > 0) io.out(`${say({ zh: '没有落点', en: 'bound nowhere' })}: ${loose.join(', ')}\n`)
  const { cells, decided, undecided, floors, denied } = matrix.totals
  io.out(
    `${say({
      zh: `${cells} 个单元：${decided} 个由策略行决定，${undecided} 个未定，${floors} 个由底线决定，${denied} 个拒绝`,
      en: `${cells} cells: ${decided} decided by a line, ${undecided} undecided, ${floors} by a floor, ${denied} refused`,
    })}\n`,
  )
  printUnused(selectors, unused, say, io)
}

function printUnused({ judged, unused }: Unused, all: boolean, say: Spoken, io: Io): void {
  const how =
    all || unused.length === 0 ? { zh: '', en: '' } : { zh: '（--unused 列出）', en: ' (--unused lists them)' }
  const counts = {
    zh: `${judged} 个落点中有 ${unused.length} 个在样例中没有命中${how.zh}`,
    en: `${unused.length} of ${judged} selectors match nothing in the samples${how.en}`,
  }
  io.out(`${say(counts)}\n`)
  if (!all || unused.length === 0) return
  const head = say({ zh: '位置,数据元,落点', en: 'line,element,selector' }).split(',')
  const rows = unused.map((b) => [
    `${b.at.file}:${b.at.line}:${b.at.col}`,
    say.lang === 'zh' ? b.element.zh : b.element.id,
    selectorText(b),
  ])
  for (const line of tableLines(head, rows)) io.out(`${line}\n`)
}

function titleOf(column: MatrixColumn, say: Spoken): string {
  const scenarios = column.scenarios.map((s) => s ?? '*').join(', ')
  return say({
    zh: `${column.id}：场景 ${scenarios}；机构 ${column.institutions.join(', ')}；策略 ${column.policies.join(' + ')}`,
    en: `${column.id}: scenarios ${scenarios}; institutions ${column.institutions.join(', ')}; policies ${column.policies.join(' + ')}`,
  })
}

const nameOf = (row: Matrix['rows'][number], say: Spoken): string =>
  `${row.level} ${(say.lang === 'zh' ? row.zh : row.element).padEnd(say.lang === 'zh' ? 9 : 16)}`

function notesOf(cell: MatrixCell, say: Spoken): string {
  const notes = [`  ${placeOf(cell)}`]
  if (cell.source !== 'cell') notes.push(say(SOURCES[cell.source]))
  if (cell.overruled !== null)
    notes.push(
      say({
        zh: `取代 ${say.treatment(cell.overruled.method, cell.overruled.params)}`,
        en: `overrules ${say.treatment(cell.overruled.method, cell.overruled.params)}`,
      }),
    )
  for (const r of cell.raised)
    notes.push(`${say(r.by === 'minor' ? MINOR : LEVEL5)}: ${say.treatment(r.method, r.params)}`)
  for (const n of cell.narrowed) notes.push(`${JSON.stringify(n.when)}: ${say.treatment(n.method, n.params)}`)
  return notes.join('; ')
}

const MINOR = { zh: '未成年人', en: 'minor' } as const
const LEVEL5 = { zh: '控制级', en: 'level 5' } as const
