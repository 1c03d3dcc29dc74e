/** What a command is. One file per command; index.ts lists them. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { nearest } from '../base/near.ts'

export interface Io {
  readonly stdin: NodeJS.ReadableStream
  out(text: string): void
  /** bytes to stdout, for masked payloads; resolves when more may come */
  raw(bytes: Uint8Array): Promise<void>
  err(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** Exit codes of every command: done, refused or failed checks, wrong usage. */
export const EXIT = { done: 0, refused: 1, usage: 2 } as const

export interface Command {
  readonly name: string
  readonly summary: string
  /** printed by --help and on wrong usage */
  readonly usage: string
  run(args: readonly string[], io: Io): Promise<number>
}

/** Wrong usage: the runner prints the sentence and the command's usage, and exits 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** `unknown "lst", did you mean "list"? one of list, ...` */
export function unknownAction(written: string | undefined, known: readonly string[]): string {
  const near = written === undefined ? null : nearest(written, known)
  const head = written === undefined ? '' : `unknown "${written}"${near === null ? '' : `, did you mean "${near}"?`}: `
  return `${head}one of ${known.join(', ')}`
}

type Options = NonNullable<ParseArgsConfig['options']>

/** Strict argument parsing; unknown options are wrong usage. */
export function readArgs<T extends Options>(args: readonly string[], options: T, positionals: 'none' | 'any' = 'none') {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: positionals === 'any', strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('\n', 1)[0]! : 'wrong arguments')
  }
}
