/** Tables on a terminal, in which a Chinese character takes two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u

/** Columns a text takes. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += WIDE.test(character) ? 2 : 1
  return columns
}

/** At most `columns` wide, with an ellipsis where something was cut. */
export function fit(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text + ' '.repeat(columns - columnsOf(text))
  let out = ''
  for (const character of text) {
    if (columnsOf(out + character) > columns - 1) break
    out += character
  }
  return `${out}…${' '.repeat(columns - 1 - columnsOf(out))}`
}

/** Rows under a head, each column as wide as its widest cell but at most `widest`. */
export function sheet(head: readonly string[], rows: readonly (readonly string[])[], widest = 22): string {
  const widths = head.map((_, i) =>
    Math.min(widest, Math.max(...[head, ...rows].map((row) => columnsOf(row[i] ?? '')))),
  )
  const line = (row: readonly string[]) =>
    `  ${widths.map((width, i) => fit(row[i] ?? '', width)).join('  ')}`.trimEnd()
  return [line(head), `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`, ...rows.map(line)].join('\n')
}
