/** Writes dictionary files: RFC 4180, English header, cells that a spreadsheet would run made harmless. */
import { finish, type Steps } from '../../base/steps.ts'
import { COLUMNS } from './columns.ts'
import { cellOf } from './formula.ts'

const lineOf = (cells: readonly string[]): string => cells.map(cellOf).join(',')

const SLICE = 1000

/** @param rows cells in the order of {@link COLUMNS} */
export function* writeSteps(rows: readonly (readonly string[])[]): Steps<string> {
  const lines = [lineOf(COLUMNS)]
  for (const row of rows) if (lines.push(lineOf(row)) % SLICE === 0) yield
  return `${lines.join('\n')}\n`
}

/** The same at once. */
export const writeDictionary = (rows: readonly (readonly string[])[]): string => finish(writeSteps(rows))
