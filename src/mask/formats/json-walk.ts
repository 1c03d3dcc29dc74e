/**
 * A walk over JSON that a strict scan has accepted already: every string value, and every object that may be a table.
 * Iterative, one pass; it judges nothing.
 */
import { matchKey } from './json-key.ts'

export interface Visitor {
  /** a string value; quotes included in [start, end) */
  string(start: number, end: number): void
  /** an object with a member that names columns and one that holds rows; both arrays, brackets included */
  table(columns: readonly [number, number], rows: readonly [number, number]): void
}

/** member names that hold the labels of a table's columns */
export const COLUMN_NAMES: ReadonlySet<string> = new Set([
  'columns',
  'column',
  'cols',
  'fields',
  'headers',
  'header',
  'columnnames',
  'fieldnames',
  '列',
  '列名',
  '字段',
  '表头',
])
export const ROW_NAMES: ReadonlySet<string> = new Set([
  'rows',
  'data',
  'list',
  'values',
  'records',
  'items',
  'result',
  'body',
  '行',
  '数据',
])
const LONGEST_NAME = 24

interface Frame {
  readonly start: number
  /** null = array */
  name: readonly [number, number] | null
  readonly object: boolean
  columns: readonly [number, number] | null
  rows: readonly [number, number] | null
}

export function walkJson(b: Buffer, visitor: Visitor): void {
  const open: Frame[] = []
  let name = false
  for (let p = 0; p < b.length; p++) {
    const c = b[p]!
    const top = open[open.length - 1]
    if (c === 0x22) {
      const end = endOfString(b, p)
      if (name && top !== undefined) {
        top.name = [p, end]
        name = false
      } else visitor.string(p, end)
      p = end - 1
    } else if (c === 0x7b || c === 0x5b) {
      open.push({ start: p, name: null, object: c === 0x7b, columns: null, rows: null })
      name = c === 0x7b
    } else if (c === 0x7d || c === 0x5d) {
      const closed = open.pop()
      if (closed === undefined) return
      if (closed.object && closed.columns !== null && closed.rows !== null) visitor.table(closed.columns, closed.rows)
      const outer = open[open.length - 1]
      if (c === 0x5d && outer?.object === true) noteArray(b, outer, closed.start, p + 1)
      name = false
    } else if (c === 0x2c) name = top?.object === true
  }
}

/** Offset after the closing quote. */
export function endOfString(b: Uint8Array, start: number): number {
  let p = start + 1
  while (p < b.length && b[p] !== 0x22) p += b[p] === 0x5c ? 2 : 1
  return p + 1
}

/** Offset of the next byte that is no white space. */
export function afterBlank(b: Uint8Array, start: number): number {
  let p = start
  while (b[p] === 0x20 || b[p] === 0x0a || b[p] === 0x0d || b[p] === 0x09) p++
  return p
}

/** Offset after the value that begins at `start`. */
export function endOfValue(b: Uint8Array, start: number): number {
  if (b[start] === 0x22) return endOfString(b, start)
  let depth = 0
  for (let p = start; p < b.length; p++) {
    const c = b[p]!
    if (c === 0x22) p = endOfString(b, p) - 1
    else if (c === 0x7b || c === 0x5b) depth++
    else if (c === 0x7d || c === 0x5d) {
      if (depth === 0) return p
      if (--depth === 0) return p + 1
    } else if (depth === 0 && (c === 0x2c || c <= 0x20)) return p
  }
  return b.length
}

function noteArray(b: Buffer, frame: Frame, start: number, end: number): void {
  if (frame.name === null) return
  const [from, to] = frame.name
  if (to - from - 2 > LONGEST_NAME) return
  const text = matchKey(b.toString('utf8', from + 1, to - 1))
  if (COLUMN_NAMES.has(text)) frame.columns ??= [start, end]
  else if (ROW_NAMES.has(text) && b[afterBlank(b, start + 1)] === 0x5b) frame.rows ??= [start, end]
}
