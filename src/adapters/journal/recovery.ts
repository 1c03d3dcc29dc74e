/**
 * After a crash: every opening without a closing becomes one record `interrupted`, written as a segment of the worker
 * that left it. Runs before the worker's successor writes; running it again, or being killed in it, changes nothing.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { interruptedRecord, type Line, readLines, wholeLine } from './lines.ts'
import { HEADER_BYTES, newHeader, sealFrame, segmentKey, segmentName, segmentsIn } from './segment.ts'
import { StoredSegment } from './stored-segment.ts'

export interface RecoveryOptions {
  readonly dir: string
  /** 32 bytes, the keyring's `journal` use */
  readonly key: Uint8Array
  /** ms since 1970 */
  readonly now: () => number
  /** this worker only (its process has ended); default: all, before any of them runs */
  readonly worker?: string
}

/** Returns how many records were added. Throws when the folder cannot be read or written. */
export function recoverJournal(options: RecoveryOptions): number {
  const { dir, worker } = options
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  const names = fs.readdirSync(dir)
  for (const name of names) if (name.endsWith('.recovery')) fs.rmSync(join(dir, name), { force: true })
  const byWorker = Map.groupBy(segmentsIn(names), (segment) => segment.worker)
  let added = 0
  for (const [name, segments] of byWorker) {
    if (worker !== undefined && worker !== name) continue
    const open = openCalls(options, segments.map((s) => s.name).reverse())
    if (open.size === 0) continue
    writeClosings(options, segmentName(name, segments.at(-1)!.sequence + 1), open)
    added += open.size
  }
  return added
}

/** The newest segment that holds a frame tells all: its first frame carried the older openings over. */
function openCalls(options: RecoveryOptions, newestFirst: readonly string[]): Map<string, Line> {
  const open = new Map<string, Line>()
  for (const name of newestFirst) {
    const stored = StoredSegment.open(join(options.dir, name), options.key)
    if (stored === null) continue
    try {
      let at = HEADER_BYTES
      for (;;) {
        const { frames } = stored.frames(at, 1024 * 1024)
        for (const frame of frames)
          for (const line of readLines(frame.text)) {
            if (line.opening) open.set(line.id, line)
            else open.delete(line.id)
          }
        if (frames.length === 0) break
        at = frames.at(-1)!.end
      }
      if (at > HEADER_BYTES) break
    } finally {
      stored.close()
    }
  }
  return open
}

/** Written beside, synced, then renamed: the segment is there whole or not at all. */
function writeClosings(options: RecoveryOptions, name: string, open: ReadonlyMap<string, Line>): void {
  const header = newHeader(options.now())
  let lines = ''
  for (const line of open.values()) lines += wholeLine(interruptedRecord(line.openingLine()))
  const path = join(options.dir, name)
  const fd = fs.openSync(`${path}.recovery`, 'w', 0o600)
  try {
    // write-ahead: an interrupted call is never dropped
    fs.writeSync(fd, Buffer.concat([header, sealFrame(segmentKey(options.key, header), 1, open.size, true, lines)]))
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
  fs.renameSync(`${path}.recovery`, path)
}

/** The workers that have segments in a folder; before any worker runs these have all ended. */
export function workersIn(dir: string): string[] {
  if (!fs.existsSync(dir)) return []
  return [...new Set(segmentsIn(fs.readdirSync(dir)).map((segment) => segment.worker))]
}
