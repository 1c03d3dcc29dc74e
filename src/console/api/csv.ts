/** CSV (RFC 4180) for spreadsheets: a cell that would be read as a formula is made text (OWASP CSV Injection). */
import { cellOf } from '../../mask/dictionary/formula.ts'

export function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  // the mark tells spreadsheets that it is UTF-8
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

function cell(value: string | number | null): string {
  if (typeof value === 'number') return String(value)
  const safe = cellOf(value ?? '')
  return safe.startsWith("'") ? `"${safe}"` : safe
}
