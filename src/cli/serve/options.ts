/** What `serve` was asked for, read and judged. */
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { formatProblem } from '../../base/problem.ts'
import { type Config, parseConfig } from '../../config.ts'
import { type Io, readArgs, UsageError } from '../command.ts'
import { ApprovalOffError } from './approval-off.ts'

export interface ServeOptions {
  readonly config: Config
  /** folder of the configuration file */
  readonly base: string
  readonly workers: number
  readonly unsafeApprovalOff: boolean
}

/** Null: the configuration has problems, and they were printed. */
export async function readOptions(args: readonly string[], io: Io): Promise<ServeOptions | null> {
  const { values } = readArgs(args, {
    config: { type: 'string', default: 'veilgate.yaml' },
    part: { type: 'string', default: 'all' },
    workers: { type: 'string', default: '1' },
    'unsafe-approval-off': { type: 'boolean', default: false },
  })
  if (values.part !== 'all') throw new UsageError('--part is all')
  const file = resolve(io.cwd, values.config)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    io.err(`veilgate serve: ${values.config} cannot be read\n`)
    return null
  }
  const { config, problems } = parseConfig(values.config, text)
  for (const problem of problems.sorted()) io.err(`${formatProblem(problem)}\n`)
  if (config === null) return null
  const unsafeApprovalOff = values['unsafe-approval-off']
  if (config.release.approval === 'off' && !unsafeApprovalOff) {
    io.err(`veilgate serve: ${new ApprovalOffError().message}\n`)
    return null
  }
  return { config, base: dirname(file), workers: workerCount(values.workers), unsafeApprovalOff }
}

function workerCount(text: string): number {
  if (text === 'auto') return availableParallelism()
  if (!/^[1-9]\d?$/.test(text)) throw new UsageError('--workers is a number from 1 to 99, or auto')
  return Number(text)
}
