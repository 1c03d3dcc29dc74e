/** What the docs test needs to know of a Markdown file: headings, code blocks, links. */
export interface Block {
  readonly language: string
  readonly text: string
  /** 1-based line of the opening fence */
  readonly line: number
  /** the line before the fence is `<!-- runs -->` */
  readonly runs: boolean
}

export interface Link {
  readonly target: string
  readonly line: number
}

export function blocks(markdown: string): Block[] {
  const lines = markdown.split('\n')
  const found: Block[] = []
  for (let i = 0; i < lines.length; i++) {
    const open = /^```(\w*)/.exec(lines[i]!)
    if (open === null) continue
    const end = lines.indexOf('```', i + 1)
    if (end < 0) throw new Error(`line ${i + 1}: a fence is never closed`)
    const runs = lines[i - 1]?.trim() === '<!-- runs -->'
    found.push({ language: open[1]!, text: lines.slice(i + 1, end).join('\n'), line: i + 1, runs })
    i = end
  }
  return found
}

/** The text with code blocks blanked, line by line. */
export function prose(markdown: string): string {
  let inside = false
  return markdown
    .split('\n')
    .map((line) => {
      const fence = line.startsWith('```')
      if (fence) inside = !inside
      return fence || inside ? '' : line
    })
    .join('\n')
}

export const headings = (markdown: string): string[] =>
  prose(markdown)
    .split('\n')
    .filter((line) => /^#{1,6} /.test(line))

export function links(markdown: string): Link[] {
  return prose(markdown)
    .split('\n')
    .flatMap((line, i) =>
      [...line.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map((match) => ({ target: match[1]!, line: i + 1 })),
    )
}

/** The anchor a forge makes of a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-')

/** `npm` scripts and `veilgate` commands a text tells its reader to run. */
export function commands(markdown: string): { readonly scripts: string[]; readonly veilgate: string[] } {
  const code = [...blocks(markdown).map((block) => block.text), ...inlineCode(markdown)].join('\n')
  const scripts = [...code.matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map((match) => match[1] ?? match[2]!)
  const veilgate = [...code.matchAll(/(?:^|[\s(])veilgate ([a-z]+)\b(?:[ ]([a-z]+)\b)?/gm)].map((match) => match[1]!)
  return { scripts: [...new Set(scripts)], veilgate: [...new Set(veilgate)] }
}

const inlineCode = (markdown: string): string[] =>
  [...prose(markdown).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)
