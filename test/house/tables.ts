/** Markdown tables as data: the tests hold the code to what the paper says. */
export type Row = Readonly<Record<string, string>>

/** The first table below the heading `## title`; cells without code marks. Throws when there is none. */
export function tableUnder(markdown: string, title: string): Row[] {
  const lines = markdown.split('\n')
  const from = lines.findIndex((line) => /^#{1,4} /.test(line) && line.replace(/^#+ /, '').trim() === title)
  if (from < 0) throw new Error(`no heading "${title}"`)
  const next = lines.findIndex((line, i) => i > from && /^#{1,4} /.test(line))
  const section = lines.slice(from + 1, next < 0 ? undefined : next)
  const table = section.slice(
    Math.max(
      0,
      section.findIndex((line) => line.startsWith('|')),
    ),
  )
  const end = table.findIndex((line) => !line.startsWith('|'))
  const [head, rule, ...rows] = end < 0 ? table : table.slice(0, end)
  if (head === undefined || rule === undefined || !/^\|[-| :]+\|$/.test(rule))
    throw new Error(`no table under "${title}"`)
  const names = cells(head)
  return rows.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? `column ${i}`, cell])))
}

function cells(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('`', '').replaceAll('\\|', '|').trim())
}

/** A cell that lists things: `a, b · c`; a dash is the empty list. */
export function items(cell: string | undefined): string[] {
  return (cell ?? '')
    .split(/[,·]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '–' && part !== '-')
}
