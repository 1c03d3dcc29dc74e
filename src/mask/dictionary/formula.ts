/**
 * Cells a spreadsheet would run as a formula (OWASP CSV injection): flagged on the way in, made harmless on the way
 * out by an apostrophe in front, which spreadsheets take as "this is text".
 */

const LEAD = /^[=+\-@\t\r\n＝＋－＠]/
/** Signs in front of plain numbers, and a lone dash or plus, are no formulas. */
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/
const LONE = /^[+-]$/

/**
 * What a cell must not hold without quotes: besides commas and line ends, the other separators that spreadsheets take when
 * they guess, after which a formula would stand at the start of a cell of its own.
 */
const NEEDS_QUOTES = /[",;\t\r\n]/

export const looksLikeFormula = (text: string): boolean => LEAD.test(text) && !NUMBER.test(text) && !LONE.test(text)

export const neutral = (text: string): string => (LEAD.test(text) ? `'${text}` : text)

/** A text as a cell of a CSV (RFC 4180) that no spreadsheet runs. */
export function cellOf(text: string): string {
  const safe = neutral(text)
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** What {@link neutral} wrote, read back. */
export const fromNeutral = (text: string): string =>
  text.startsWith("'") && LEAD.test(text.slice(1)) ? text.slice(1) : text
