/** One line of a CSV for people (RFC 4180): a cell a spreadsheet would take for a formula is made text (domain.md X66). */
import { NEEDS_QUOTES, neutral } from '../dictionary/formula.ts'

export const csvRow = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(text: string): string {
  const safe = neutral(text)
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
