/** Processes of the road benchmark: started pinned to a core where taskset is there, measured by /proc, ended by pid. */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

const TICKS = 100
export const GATEWAY_CORE = 0
export const LOAD_CORE = cpus().length > 1 ? 1 : 0

export const has = (tool: string): boolean => spawnSync(tool, ['-h'], { stdio: 'ignore' }).error === undefined
const pins = has('taskset')

/** CPU microseconds of a process and its children, all threads. Linux only. */
export function cpuOf(pid: number): number {
  let ticks = 0
  for (const id of familyOf(pid)) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      // it ended between the listing and the reading
    }
  }
  return (ticks * 1e6) / TICKS
}

function familyOf(pid: number): number[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
    } catch {
      // gone
    }
  }
  const all = [pid]
  for (let i = 0; i < all.length; i++) all.push(...(parents.get(all[i]!) ?? []))
  return all
}

/** A module under bench/ as a process with a message channel; resolves with its first message. */
export async function startModule<T>(
  module: string,
  args: readonly string[],
  core: number,
): Promise<{ child: ChildProcess; first: T }> {
  const child = fork(new URL(module, import.meta.url), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  if (pins) spawnSync('taskset', ['-a', '-p', '-c', String(core), String(child.pid)], { stdio: 'ignore' })
  const [first] = (await once(child, 'message')) as [T]
  if (pins) spawnSync('taskset', ['-a', '-p', '-c', String(core), String(child.pid)], { stdio: 'ignore' })
  return { child, first }
}

/** Any program, pinned to cores ("0" or "0,1"); its output goes to stderr only when it fails. */
export function startProgram(
  command: string,
  args: readonly string[],
  cores: string,
  env: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const line = pins ? ['taskset', '-c', cores, command, ...args] : [command, ...args]
  return spawn(line[0]!, line.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], env })
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 8000)
  await gone
  clearTimeout(timer)
}
