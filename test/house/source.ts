/**
 * What the house tests need to know about a TypeScript file without a compiler: its code without comments and
 * literals, its imports, its functions. Line based answers are 1-based.
 */
export interface Import {
  readonly specifier: string
  /** `import type` and `export type`: gone at run time */
  readonly typeOnly: boolean
  readonly dynamic: boolean
  readonly line: number
}

export interface SourceFunction {
  readonly name: string
  readonly line: number
  /** lines between the braces */
  readonly lines: number
}

const REGEX_MAY_FOLLOW = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|yield|await|throw|new))$/

/** The text with the inside of comments, strings, templates and regular expressions turned into blanks; places stay. */
export function code(text: string): string {
  const out =
    [...text].length === text.length ? text.split('') : Array.from({ length: text.length }, (_, i) => text[i]!)
  const wipe = (from: number, to: number) => {
    for (let i = from; i < to && i < out.length; i++) if (out[i] !== '\n') out[i] = ' '
  }
  // Depth of braces at which each open template expression ends.
  const templates: number[] = []
  let depth = 0
  let i = 0
  while (i < text.length) {
    const c = text[i]!
    if (text.startsWith('//', i)) i = skipTo(text, i, '\n', wipe, 0)
    else if (text.startsWith('/*', i)) i = skipTo(text, i, '*/', wipe, 2)
    else if (c === "'" || c === '"') i = skipQuoted(text, i, c, wipe)
    else if (c === '`') i = skipTemplate(text, i + 1, wipe, () => templates.push(depth))
    else if (c === '/' && REGEX_MAY_FOLLOW.test(before(out, i))) i = skipRegex(text, i, wipe)
    else {
      if (c === '{') depth++
      if (c === '}' && templates.at(-1) === depth) {
        templates.pop()
        i = skipTemplate(text, i + 1, wipe, () => templates.push(depth))
        continue
      }
      if (c === '}') depth--
      i++
    }
  }
  return out.join('')
}

type Wipe = (from: number, to: number) => void

function skipTo(text: string, from: number, end: string, wipe: Wipe, keep: number): number {
  const at = text.indexOf(end, from + 2)
  const to = at < 0 ? text.length : at + keep
  wipe(from, to)
  return to
}

function skipQuoted(text: string, from: number, quote: string, wipe: Wipe): number {
  let i = from + 1
  while (i < text.length && text[i] !== quote && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1
  wipe(from + 1, i)
  return i + 1
}

function skipTemplate(text: string, from: number, wipe: Wipe, opened: () => void): number {
  let i = from
  while (i < text.length && text[i] !== '`' && !text.startsWith('${', i)) i += text[i] === '\\' ? 2 : 1
  wipe(from, i)
  if (text[i] === '`') return i + 1
  opened()
  return i + 2
}

function skipRegex(text: string, from: number, wipe: Wipe): number {
  let i = from + 1
  let inClass = false
  while (i < text.length && text[i] !== '\n' && (inClass || text[i] !== '/')) {
    if (text[i] === '[') inClass = true
    if (text[i] === ']') inClass = false
    i += text[i] === '\\' ? 2 : 1
  }
  wipe(from + 1, i)
  return i + 1
}

const before = (out: readonly string[], i: number): string =>
  out
    .slice(Math.max(0, i - 40), i)
    .join('')
    .trimEnd()

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

const FROM =
  /\b(?:import|export)\s+(type\s+(?=[{*\w$]))?(?:[\w$]+\s*,?\s*)?(?:\{[^{}]*\}|\*(?:\s*as\s+[\w$]+)?)?\s*from\s*(['"])( *)\2/g
const BARE = /\bimport\s*(['"])( *)\1/g
const DYNAMIC = /\b(?:import|require)\s*\(\s*(['"])( *)\1/g

/** Every import, re-export, side-effect import and dynamic import with a literal name. */
export function imports(text: string): Import[] {
  const bare = code(text)
  const found: Import[] = []
  const add = (match: RegExpExecArray, quoteGroup: number, typeOnly: boolean, dynamic: boolean) => {
    const length = match[quoteGroup + 1]!.length
    const at = match.index + match[0].length - 1 - length
    found.push({ specifier: text.slice(at, at + length), typeOnly, dynamic, line: lineOf(text, at) })
  }
  for (const match of bare.matchAll(FROM)) add(match as RegExpExecArray, 2, match[1] !== undefined, false)
  for (const match of bare.matchAll(BARE)) add(match as RegExpExecArray, 1, false, false)
  for (const match of bare.matchAll(DYNAMIC)) add(match as RegExpExecArray, 1, false, true)
  return found
}

/** Lines that import a name computed at run time: no table can speak about them. */
export function computedImports(text: string): number[] {
  const bare = code(text)
  return [...bare.matchAll(/\b(?:import|require)\s*\(\s*(?!['"])\S/g)].map((match) => lineOf(text, match.index))
}

const NOT_A_FUNCTION = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await'])
const TYPED = /\)\s*:\s*(?!return\b|throw\b|new\b|yield\b|await\b)[\w$.<>[\]|,\s{}:?;"'()-]+$/

/** Functions, methods and arrow functions with a block body. */
export function functions(text: string): SourceFunction[] {
  const bare = code(text)
  const found: SourceFunction[] = []
  for (let i = bare.indexOf('{'); i >= 0; i = bare.indexOf('{', i + 1)) {
    const name = functionName(bare, i)
    if (name === null) continue
    const end = matching(bare, i, '{', '}', 1)
    const line = lineOf(bare, i)
    found.push({ name, line, lines: Math.max(0, lineOf(bare, end) - line - 1) })
  }
  return found
}

/** The name of the function whose body opens at `brace`, `''` when it has none, null when it is no function. */
function functionName(bare: string, brace: number): string | null {
  const head = bare.slice(Math.max(0, brace - 600), brace).trimEnd()
  if (head.endsWith('=>'))
    return /(?:const|let)\s+([\w$]+)[^;]*$|([\w$]+)\s*[:=][^:=;]*=>$/.exec(lastLine(head))?.[1] ?? ''
  const typed = TYPED.exec(lastLine(head))
  if (!head.endsWith(')') && typed === null) return null
  const close = head.endsWith(')') ? head.length - 1 : head.length - lastLine(head).length + typed!.index
  const open = matching(head, close, ')', '(', -1)
  if (open < 0) return null
  const word = /([\w$#]+)\s*(?:<[^()]*>)?\s*$/.exec(head.slice(0, open))?.[1]
  if (word !== undefined && NOT_A_FUNCTION.has(word)) return null
  return word === undefined || word === 'function' ? '' : word
}

const lastLine = (head: string): string => head.slice(head.lastIndexOf('\n') + 1)

function matching(text: string, from: number, open: string, close: string, step: 1 | -1): number {
  let depth = 0
  for (let i = from; i >= 0 && i < text.length; i += step) {
    if (text[i] === open) depth++
    if (text[i] === close && --depth === 0) return i
  }
  return step === 1 ? text.length : -1
}
