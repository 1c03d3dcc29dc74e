/** The state folder: 0700, held by one serve process at a time, and the last good rules kept in it. */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { RuleFileText } from '../rule-files.ts'

export class StateHeldError extends Error {
  override readonly name = 'StateHeldError'
  /** process that holds the folder */
  readonly pid: number
  constructor(pid: number) {
    super('the state folder is in use by another process')
    this.pid = pid
  }
}

export interface StateFolder {
  readonly path: string
  /** gives the folder free */
  release(): void
}

const LOCK = 'serve.lock'

/** Makes the folder and holds it. Throws StateHeldError while another living process does. */
export function holdState(path: string): StateFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
  const lock = join(path, LOCK)
  for (let attempt = 0; ; attempt++) {
    try {
      const file = openSync(lock, 'wx', 0o600)
      writeSync(file, `${process.pid}\n`)
      closeSync(file)
      return { path, release: () => rmSync(lock, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw error
      const holder = Number.parseInt(readOr(lock, ''), 10)
      if (Number.isInteger(holder) && holder !== process.pid && isAlive(holder)) throw new StateHeldError(holder)
      // left behind by a process that is gone
      rmSync(lock, { force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const GOOD = 'rules.last-good.json'

/** Keeps a whole rules folder that compiled, so that a restart over a bad edit runs it too. */
export function keepRules(state: string, hash: string, files: readonly RuleFileText[]): void {
  const fresh = join(state, `${GOOD}.${process.pid}`)
  writeFileSync(fresh, JSON.stringify({ version: 1, hash, files }), { mode: 0o600 })
  renameSync(fresh, join(state, GOOD))
}

/** The last good rules, null when there are none (or the file is damaged). */
export function keptRules(state: string): readonly RuleFileText[] | null {
  try {
    const kept: unknown = JSON.parse(readOr(join(state, GOOD), ''))
    const { version, files } = kept as { version?: unknown; files?: unknown }
    return version === 1 && Array.isArray(files) && files.every(isFile) ? files : null
  } catch {
    return null
  }
}

const isFile = (file: unknown): file is RuleFileText =>
  typeof file === 'object' &&
  file !== null &&
  typeof (file as RuleFileText).path === 'string' &&
  typeof (file as RuleFileText).text === 'string'

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return fallback
  }
}
