/**
 * A CSV as a spreadsheet may open it: each cell it would run as a formula gets an apostrophe in front (OWASP CSV
 * injection), which the import of a batch takes away again. All else stays as it is, quotes and line breaks too.
 */

const RUNS = /[=+\-@\t＝＋－＠]/

export function harmless(csv: string): string {
  let written = ''
  let starts = true
  let quoted = false
  for (const char of csv) {
    if (starts && !quoted && char === '"') {
      quoted = true
      written += char
      continue
    }
    if (starts && RUNS.test(char)) written += "'"
    if (quoted && char === '"') quoted = false
    // a doubled quote ends and begins at once: what follows is no start
    else if (!quoted && !starts && char === '"' && written.endsWith('"')) quoted = true
    starts = !quoted && (char === ',' || char === '\n' || char === '\r')
    written += char
  }
  return written
}
