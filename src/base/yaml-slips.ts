/**
 * Why a text is no YAML, found where its writer slipped: a parser tells where it gave up, often lines below. Asked only
 * of texts that did not parse.
 */
import type { YamlCode } from './yaml-words.ts'

export interface Slip {
  readonly code: YamlCode
  /** 1-based; columns in UTF-16 units, as the parser counts */
  readonly line: number
  readonly col: number
  readonly what: string
  /** another line it has to do with */
  readonly other: number
}

const KEY = String.raw`[^\s"'#:：,，{}[\]][^\s"'#:：,，{}[\]]*`
const FULL_COLON = new RegExp(`(?:^\\s*(?:-\\s+)*|[{,，]\\s*)(${KEY})：`, 'u')
const NO_BLANK = new RegExp(`^\\s*(?:-\\s+)*(${KEY}):(?=[^\\s:/\\\\])`, 'u')
const FULL_WIDTH = /[，、；［］｛｝【】＂]/u

/** All slips of the text. `broken` are the lines the parser complained of: doubtful signs count only at or above one. */
export function slipsOf(text: string, broken: readonly number[], openQuote: boolean): Slip[] {
  const lines = text.split(/\r?\n/).map(bare)
  const tabs = lines.flatMap((line, i) => (/^ *\t/.test(line) ? [slip('yaml-tab', i, line.indexOf('\t'))] : []))
  // A tab shifts everything below it.
  if (tabs.length > 0) return tabs
  if (openQuote)
    return lines
      .flatMap((line, i) => (quoteOf(line) < 0 ? [] : [slip('yaml-open-quote', i, quoteOf(line))]))
      .slice(0, 1)
  const suspects = new Set(broken.flatMap((n) => [n - 1, n - 2]))
  const found = lines.flatMap((line, i) => signs(line, i, suspects.has(i)))
  if (found.length > 0) return found
  return [...suspects]
    .sort((a, b) => a - b)
    .flatMap((i) => layout(lines, i))
    .slice(0, 1)
}

function signs(line: string, i: number, suspect: boolean): Slip[] {
  const colon = FULL_COLON.exec(line)
  if (colon !== null && !/:\s/.test(line.slice(0, colon.index)))
    return [slip('yaml-colon', i, colon.index + colon[0].length - 1, colon[1]!)]
  const near = NO_BLANK.exec(line)
  if (near !== null && !/:\s|:$/.test(line)) return [slip('yaml-blank', i, near[0].length - 1, near[1]!)]
  if (!suspect) return []
  const open = quoteOf(line)
  if (open >= 0) return [slip('yaml-open-quote', i, open)]
  const wide = FULL_WIDTH.exec(line)
  if (wide !== null && /[[{［｛【]/.test(line)) return [slip('yaml-width', i, wide.index, wide[0])]
  const bracket = bracketOf(line)
  return bracket < 0 ? [] : [slip('yaml-bracket', i, bracket, line[bracket]!)]
}

/** Indentation against the line above, and an item among items without its dash. */
function layout(lines: readonly string[], i: number): Slip[] {
  const line = lines[i]
  if (line === undefined || line.trim() === '') return []
  const above = lines.slice(0, i).findLastIndex((l) => l.trim() !== '')
  if (above < 0) return []
  const [own, before] = [indent(line), indent(lines[above]!)]
  const item = /^\s*- /.test(lines[above]!)
  if (item && !/^\s*- /.test(line) && own >= before) return [slip('yaml-dash', i, own, '', above + 1)]
  if (own > before && !/[:[{,]\s*$/.test(lines[above]!)) {
    const further = lines.slice(0, above).findLastIndex((l) => l.trim() !== '')
    // The line above left the block its neighbours are in.
    if (further >= 0 && indent(lines[further]!) === own)
      return [slip('yaml-indent', above, before, String(own), further + 1)]
    return [slip('yaml-indent', i, own, String(before), above + 1)]
  }
  const fits = lines.slice(0, i).findLastIndex((l) => l.trim() !== '' && indent(l) === own)
  if (own < before && fits < 0) return [slip('yaml-indent', i, own, String(before), above + 1)]
  return /:(?:\s|$)/.test(line) || /^\s*- /.test(line) ? [] : [slip('yaml-line', i, own)]
}

const indent = (line: string): number => line.length - line.trimStart().length

/** The line with its comment and the insides of closed quotes blanked. */
function bare(line: string): string {
  const quoted = line.replace(/(?<=[\s[{,:(-]|^)(["'])(?:\\.|(?!\1)[^\\])*\1/g, (m) => `"${'_'.repeat(m.length - 2)}"`)
  return quoted.replace(/(?<=^|\s)#.*$/, '')
}

/** A quote that opens a value and is not closed on its line. */
function quoteOf(line: string): number {
  const m = /(?<=[\s[{,:-]|^)["'](?!_*")[^"']*$/.exec(line)
  return m === null ? -1 : m.index
}

function bracketOf(line: string): number {
  const open: number[] = []
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!
    if (c === '[' || c === '{') open.push(i)
    else if (c === ']' || c === '}') {
      const from = open.pop()
      if (from === undefined) return i
      if ((line[from] === '[') !== (c === ']')) return from
    }
  }
  return open.pop() ?? -1
}

const slip = (code: YamlCode, index: number, col: number, what = '', other = 0): Slip => ({
  code,
  line: index + 1,
  col: col + 1,
  what,
  other,
})
