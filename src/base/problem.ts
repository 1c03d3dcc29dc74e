/** A problem in something a person wrote: where it stands and what was expected. Collected, never thrown one by one. */
export interface Position {
  readonly file: string
  /** 1-based */
  readonly line: number
  /** 1-based, in characters */
  readonly col: number
}

/** A sentence in both languages. */
export interface Say {
  readonly zh: string
  readonly en: string
}

export interface Problem extends Position {
  readonly severity: 'error' | 'warning'
  /** stable, kebab-case: tests and tools decide on it, never on the sentence */
  readonly code: string
  readonly message: string
  /** what would have been right, if that can be said */
  readonly expected?: string
}

/** A problem's sentences in one language. */
export interface Told {
  readonly message: string
  readonly expected?: string | undefined
}

/** The same in both: a screen speaks its reader's language, a terminal that of the file. */
export interface Both {
  readonly zh: Told
  readonly en: Told
}

/** Both languages of a problem, for {@link ProblemList}. */
export const bothOf = (message: Say, expected: Say | undefined): Both => ({
  zh: { message: message.zh, expected: expected?.zh },
  en: { message: message.en, expected: expected?.en },
})

/** Beside the problem, not in it: what commands and records print stays one sentence. */
const BOTH = new WeakMap<Problem, Both>()

/** Null where whoever found the problem has it in one language only. */
export const inBoth = (problem: Problem): Both | null => BOTH.get(problem) ?? null

export class ProblemList {
  readonly all: Problem[] = []
  error(at: Position, code: string, message: string, expected?: string, both?: Both): void {
    this.#push('error', at, code, message, expected, both)
  }
  warn(at: Position, code: string, message: string, expected?: string, both?: Both): void {
    this.#push('warning', at, code, message, expected, both)
  }
  get failed(): boolean {
    return this.all.some((p) => p.severity === 'error')
  }
  sorted(): Problem[] {
    return this.all.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.col - b.col))
  }
  #push(
    severity: Problem['severity'],
    at: Position,
    code: string,
    message: string,
    expected: string | undefined,
    both: Both | undefined,
  ): void {
    const { file, line, col } = at
    const problem: Problem =
      expected === undefined
        ? { severity, file, line, col, code, message }
        : { severity, file, line, col, code, message, expected }
    if (both !== undefined) BOTH.set(problem, both)
    this.all.push(problem)
  }
}

/** `file:line:col: error code: message (expected ...)`, the one form every command prints. */
export function formatProblem(p: Problem): string {
  const tail = p.expected === undefined ? '' : isHan(p) ? `（应为：${p.expected}）` : ` (expected ${p.expected})`
  return `${p.file}:${p.line}:${p.col}: ${p.severity} ${p.code}: ${p.message}${tail}`
}

/** A Chinese sentence, not an English one that holds Chinese words. */
function isHan({ message }: Problem): boolean {
  const own = message.replaceAll(/"[^"]*"|“[^”]*”|`[^`]*`|\([^)]*\)/g, '')
  return /\p{Script=Han}/u.test(own) && !/(?:^|\s)[a-z]+ [a-z]+/.test(own)
}
