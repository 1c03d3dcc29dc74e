/** The rules folder on disk: reads the whole of it within limits, and tells when its content changed. */
import { isUtf8 } from 'node:buffer'
import { type FSWatcher, watch } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../base/problem.ts'

/** path with `/`, relative to the folder */
export interface RuleFileText {
  readonly path: string
  readonly text: string
}

export interface RuleFolder {
  readonly files: readonly RuleFileText[]
  /** files that could not be taken: too large, not UTF-8, a link */
  readonly problems: readonly Problem[]
}

export interface RuleFolderLimits {
  readonly files: number
  /** bytes of one file and of all together */
  readonly file: number
  readonly total: number
}

const LIMITS: RuleFolderLimits = { files: 32_768, file: 16 * 1024 * 1024, total: 64 * 1024 * 1024 }
const RULE_FILE = /\.(?:ya?ml|csv)$/i
const MAX_DEPTH = 8

/** Reads every YAML and CSV file of the folder, in path order. Throws the file system's error when the folder itself cannot be read. */
export async function readRuleFolder(folder: string, limits: RuleFolderLimits = LIMITS): Promise<RuleFolder> {
  const paths = await listFiles(folder, '', 0)
  const files: RuleFileText[] = []
  const problems: Problem[] = []
  const refuse = (file: string, code: string, message: string, expected: string, at = { line: 1, col: 1 }): void => {
    problems.push({ severity: 'error', file, ...at, code, message, expected })
  }
  let total = 0
  for (const path of paths) {
    if (files.length >= limits.files) {
      refuse(path, 'too-many-files', 'the rules folder holds too many files', `at most ${limits.files}`)
      break
    }
    const whole = join(folder, path)
    const info = await lstat(whole)
    if (info.isSymbolicLink()) {
      refuse(path, 'link', 'links are not followed in a rules folder', 'a plain file')
      continue
    }
    if (info.size > limits.file || total + info.size > limits.total) {
      refuse(path, 'too-large', 'the file is too large', `at most ${limits.file} bytes, all files ${limits.total}`)
      continue
    }
    const bytes = await readFile(whole)
    if (!isUtf8(bytes)) {
      const message = 'the file is not UTF-8 (GBK or UTF-16, perhaps)'
      refuse(path, 'encoding', message, encodingOf(path), firstForeign(bytes))
      continue
    }
    files.push({ path, text: new TextDecoder().decode(bytes) })
    total += info.size
  }
  return { files, problems }
}

async function listFiles(folder: string, below: string, depth: number): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) found.push(...(await listFiles(folder, path, depth + 1)))
    } else if (RULE_FILE.test(entry.name)) found.push(path)
  }
  return found.sort()
}

const encodingOf = (path: string): string =>
  /\.csv$/i.test(path)
    ? 'UTF-8: save it as "CSV UTF-8", or bring a GB18030 table in: veilgate rules dictionary import FILE --into NAME'
    : 'UTF-8: save the file with the encoding UTF-8 in the editor'

/** Where the first byte stands that is not UTF-8: a character or two of another encoding may have been pasted in. */
function firstForeign(bytes: Buffer): { readonly line: number; readonly col: number } {
  for (let line = 1, start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start)
    const own = bytes.subarray(start, end < 0 ? bytes.length : end)
    if (!isUtf8(own) || end < 0) return { line, col: Math.max(0, new TextDecoder().decode(own).indexOf('\ufffd')) + 1 }
    start = end + 1
  }
}

export interface RuleWatch {
  close(): void
}

/**
 * Calls `changed` with the whole folder each time its content differs from what was told last; edits that come in a
 * burst are told once, after `debounceMs` of quiet. A folder that cannot be read for the moment (an editor replacing
 * it) is asked again at the next edit or poll; `failed` hears of it.
 */
export function watchRuleFolder(
  folder: string,
  first: RuleFolder,
  changed: (next: RuleFolder) => void,
  failed: (error: unknown) => void,
  { debounceMs = 150, pollMs = 2000 }: { readonly debounceMs?: number; readonly pollMs?: number } = {},
): RuleWatch {
  let last = fingerprint(first)
  let seen = ''
  let timer: NodeJS.Timeout | null = null
  let reading: Promise<void> | null = null
  let closed = false
  const read = async (always: boolean): Promise<void> => {
    try {
      const stamp = await stampOf(folder)
      if (!always && stamp === seen) return
      seen = stamp
      const next = await readRuleFolder(folder)
      const print = fingerprint(next)
      if (closed || print === last) return
      last = print
      changed(next)
    } catch (error) {
      if (!closed) failed(error)
    }
  }
  // One at a time; an edit that comes while the folder is read is looked at again afterwards.
  const look = (always: boolean): void => {
    if (closed || (reading !== null && !always)) return
    reading = (reading ?? Promise.resolve()).then(() => read(always)).finally(() => (reading = null))
  }
  const soon = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => look(true), debounceMs)
    timer.unref()
  }
  const watcher = startWatcher(folder, soon)
  // Network file systems and replaced folders send no events.
  const poll = setInterval(() => look(false), pollMs)
  poll.unref()
  return {
    close() {
      closed = true
      watcher?.close()
      clearInterval(poll)
      if (timer !== null) clearTimeout(timer)
    },
  }
}

function startWatcher(folder: string, soon: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { recursive: true, persistent: false }, soon)
    // Without events the poll still finds every change.
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return null
  }
}

/** Sizes and times of all files: cheap to ask, and enough for a poll to see an edit. */
async function stampOf(folder: string): Promise<string> {
  const stamps = (await listFiles(folder, '', 0)).map(async (path) => {
    const { mtimeMs, size } = await lstat(join(folder, path))
    return `${path} ${mtimeMs} ${size}`
  })
  return (await Promise.all(stamps)).join('\n')
}

const fingerprint = (folder: RuleFolder): string =>
  JSON.stringify([folder.files.map((f) => [f.path, f.text]), folder.problems])
