/**
 * A CSV as a spreadsheet may open it: each cell it would run as a formula gets an apostrophe in front (OWASP CSV
 * injection), and a cell with another separator in it quotes, both of which the import of a batch takes away again. All else
 * stays as it is, quotes and line breaks too.
 */

const RUNS = /^[=+\-@\t\r\n＝＋－＠]/
/** taken for the end of a cell by spreadsheets that guess */
const OTHER_SEPARATOR = /[;\t]/

export function harmless(csv: string): string {
  // the mark of UTF-8 is read over, as it is there
  let at = csv.startsWith('\ufeff') ? 1 : 0
  const pieces: string[] = [csv.slice(0, at)]
  for (;;) {
    const isQuoted = csv[at] === '"'
    const end = isQuoted ? closing(csv, at + 1) : endOf(csv, at)
    if (isQuoted) pieces.push('"', safe(csv.slice(at + 1, end)))
    else pieces.push(bare(csv.slice(at, end)))
    // what follows a closing quote, up to the separator, is no start of a cell
    const next = endOf(csv, end)
    pieces.push(csv.slice(end, next + 1))
    if (next >= csv.length) return pieces.join('')
    at = next + 1
  }
}

/** Of the quote that closes a cell, or of the end. */
function closing(csv: string, from: number): number {
  let at = csv.indexOf('"', from)
  while (at !== -1 && csv[at + 1] === '"') at = csv.indexOf('"', at + 2)
  return at === -1 ? csv.length : at
}

function endOf(csv: string, from: number): number {
  let at = from
  for (; at < csv.length; at++) {
    const code = csv.charCodeAt(at)
    if (code === 0x2c || code === 0x0a || code === 0x0d) break
  }
  return at
}

const safe = (text: string): string => (RUNS.test(text) ? `'${text}` : text)

const bare = (cell: string): string =>
  OTHER_SEPARATOR.test(cell) && !cell.includes('"') ? `"${safe(cell)}"` : safe(cell)
