/**
 * Tables by columns (domain.md 2.5.5, X33): `{"columns":["xm","sfzh"],"rows":[["张三","5001..."]]}` is read as rows of
 * objects, so that names of columns bind as keys do. Columns may also be objects that name themselves.
 */
import { type Layer, LayerWriter } from './json-layer.ts'
import { afterBlank, endOfValue, walkJson } from './json-walk.ts'

/** The key a label binds as, or null when no rule knows it. */
export type KeyOfLabel = (label: string) => string | null

interface Table {
  readonly columns: readonly [number, number]
  readonly rows: readonly [number, number]
  /** key of each column; null = nothing is known about it */
  readonly keys: readonly (string | null)[]
}

const NAMED_BY = ['name', 'field', 'prop', 'key', 'code', 'dataIndex', 'columnName', 'fieldName', 'title', 'label']
const MAX_COLUMNS = 4096
/** A few bytes a cell grow by a name: more than this and the table is left as it is, its cells unknown. */
const MAX_GROWTH = 64 << 20

/** The bytes with the rows of every table as objects; null = there is none. */
export function openTables(source: Buffer, keyOf: KeyOfLabel): Layer | null {
  const tables: Table[] = []
  walkJson(source, {
    string() {},
    table(columns, rows) {
      const labels = labelsOf(source, columns)
      if (labels === null) return
      const keys = labels.map((list) => list.map(keyOf).find((key) => key !== null) ?? null)
      if (keys.some((key) => key !== null)) tables.push({ columns, rows, keys })
    },
  })
  // Of tables inside a table's cells only the outermost is opened: the cells of the others are unknown.
  const outer = outermost(tables)
  if (outer.length === 0) return null
  const writer = new LayerWriter(source)
  const parts = outer.flatMap((table) => [
    { at: table.columns[0], write: () => writeColumns(writer, table) },
    { at: table.rows[0], write: () => writeRows(writer, table) },
  ])
  for (const part of parts.toSorted((a, b) => a.at - b.at)) {
    part.write()
    if (writer.length > source.length + MAX_GROWTH) return null
  }
  return writer.finish()
}

function outermost(tables: readonly Table[]): Table[] {
  const sorted = tables.toSorted((a, b) => a.rows[0] - b.rows[0] || b.rows[1] - a.rows[1])
  const kept: Table[] = []
  for (const table of sorted) {
    const inside = kept.some(({ rows, columns }) => within(table.rows, rows) || within(table.rows, columns))
    if (!inside) kept.push(table)
  }
  return kept
}

const within = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] >= b[0] && a[1] <= b[1]

/** Items of an array as [start, end) pairs. */
function itemsOf(b: Buffer, [start]: readonly [number, number]): [number, number][] {
  const items: [number, number][] = []
  let p = afterBlank(b, start + 1)
  while (b[p] !== 0x5d && p < b.length) {
    const end = endOfValue(b, p)
    items.push([p, end])
    p = afterBlank(b, end)
    if (b[p] === 0x2c) p = afterBlank(b, p + 1)
  }
  return items
}

/** Labels of each column, in order of preference; null = these are no columns. */
function labelsOf(b: Buffer, columns: readonly [number, number]): string[][] | null {
  const items = itemsOf(b, columns)
  if (items.length === 0 || items.length > MAX_COLUMNS) return null
  const labels: string[][] = []
  for (const [start, end] of items) {
    const value: unknown = JSON.parse(b.toString('utf8', start, end))
    if (typeof value === 'string') labels.push([value])
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const named = NAMED_BY.map((name) =>
        Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null,
      )
      labels.push(named.filter((text) => typeof text === 'string'))
    } else return null
  }
  return labels
}

/** Labels that bind are left as they are: the engine does not see them. What else stands there is a scalar like any. */
function writeColumns(writer: LayerWriter, { columns, keys }: Table): void {
  const { source } = writer
  writer.copyTo(columns[0] + 1)
  let first = true
  for (const [i, [start, end]] of itemsOf(source, columns).entries()) {
    writer.skipTo(start)
    if (source[start] === 0x22 && keys[i] !== null) continue
    if (!first) writer.insert(COMMA)
    first = false
    writer.copyTo(end)
  }
  writer.skipTo(columns[1] - 1)
  writer.copyTo(columns[1])
}

function writeRows(writer: LayerWriter, { rows, keys }: Table): void {
  const { source } = writer
  for (const [start, end] of itemsOf(source, rows)) {
    if (source[start] !== 0x5b) continue
    writer.copyTo(start)
    const from = writer.length
    const cells: number[] = []
    writer.put(OPEN, start)
    writer.skipTo(start + 1)
    itemsOf(source, [start, end]).forEach(([at, to], i) => {
      writer.copyTo(at)
      writer.insert(Buffer.from(`${JSON.stringify(keys[i] ?? UNKNOWN)}:`))
      const cell = writer.length
      writer.copyTo(to)
      cells.push(cell, writer.length)
    })
    writer.copyTo(end - 1)
    writer.put(CLOSE, end - 1)
    writer.skipTo(end)
    writer.region({ start: from, end: writer.length, from: start, to: end, innerTo: end, cells })
  }
}

/** a column no rule knows: its cells are unknown, whatever it is called */
const UNKNOWN = '_'
const OPEN = Buffer.from('{')
const CLOSE = Buffer.from('}')
const COMMA = Buffer.from(',')
