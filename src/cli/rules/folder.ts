/** What the subcommands share: the folder named on the command line, read and compiled. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type RuleFolder, readRuleFolder } from '../../adapters/rule-files.ts'
import { formatProblem, type Problem } from '../../base/problem.ts'
import { type Io, UsageError } from '../command.ts'

/** Reads the folder; a path that is no folder is wrong usage. */
export async function openFolder(path: string | undefined, io: Io): Promise<{ folder: string; read: RuleFolder }> {
  const folder = resolve(io.cwd, path ?? 'rules')
  const info = await stat(folder).catch(() => null)
  if (info === null || !info.isDirectory()) throw new UsageError(`${path ?? 'rules'} is not a folder`)
  return { folder, read: await readRuleFolder(folder) }
}

export function onlyOne(positionals: readonly string[]): string | undefined {
  if (positionals.length > 1) throw new UsageError('one folder at a time')
  return positionals[0]
}

export function printProblems(problems: readonly Problem[], io: Io): void {
  for (const p of problems) io.out(`${formatProblem(p)}\n`)
}

export const errorsIn = (problems: readonly Problem[]): number => problems.filter((p) => p.severity === 'error').length
