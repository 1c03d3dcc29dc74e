/** Writes dictionary files: RFC 4180, English header, cells that a spreadsheet would run made harmless. */
import { COLUMNS } from './columns.ts'
import { NEEDS_QUOTES, neutral } from './formula.ts'

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** @param rows cells in the order of {@link COLUMNS} */
export function writeDictionary(rows: readonly (readonly string[])[]): string {
  const lines = [COLUMNS as readonly string[], ...rows].map((row) => row.map((cell) => quoted(neutral(cell))).join(','))
  return `${lines.join('\n')}\n`
}
