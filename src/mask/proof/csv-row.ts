/** One line of a CSV for people: a cell a spreadsheet would take for a formula is made text (domain.md X66). */
import { cellOf } from '../dictionary/formula.ts'

export const csvRow = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`
