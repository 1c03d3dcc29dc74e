/** What the system keeps of a process that breaks: its memory holds payloads. */
import { readFile } from 'node:fs/promises'
import { type Finding, ok, warn } from './finding.ts'

/** Of this process, which a deployment starts as it starts `serve`; elsewhere than on Linux nothing is said. */
export const examineProcess = async (): Promise<Finding[]> =>
  coreFindings(await readFile('/proc/self/limits', 'utf8').catch(() => ''))

/** @param limits the text of /proc/self/limits */
export function coreFindings(limits: string): Finding[] {
  const soft = /^Max core file size\s+(\S+)/m.exec(limits)?.[1]
  if (soft === undefined) return []
  return soft === '0'
    ? [ok('CORE_DUMPS', 'process', 'none are written')]
    : [warn('CORE_DUMPS', 'process', 'a crash may write payloads to disk: ulimit -c 0 (docker run --ulimit core=0)')]
}
