/**
 * The few file operations the journal needs, as a value: the real ones below; tests hand in a disk that fills up.
 * Writing is synchronous on purpose: a write of a few kilobytes into the page cache costs about a microsecond, a trip
 * through the thread pool fifteen.
 */
import fs from 'node:fs'
import { join } from 'node:path'

export interface Disk {
  /** Creates a file that must not exist yet, readable by its owner only; every write goes to its end. */
  create(path: string): number
  /** Writes all of it or throws. */
  write(fd: number, bytes: Uint8Array): void
  truncate(fd: number, size: number): void
  /** What was written survives a loss of power once this resolves. */
  sync(fd: number): Promise<void>
  /** Makes the names in a folder survive a loss of power. */
  syncFolder(dir: string): Promise<void>
  close(fd: number): void
  remove(path: string): void
  /** bytes held by the journal's segments in a folder */
  used(dir: string): number
}

export const DISK: Disk = {
  create: (path) => fs.openSync(path, 'ax', 0o600),
  write(fd, bytes) {
    let at = 0
    while (at < bytes.length) at += fs.writeSync(fd, bytes, at, bytes.length - at)
  },
  truncate: (fd, size) => fs.ftruncateSync(fd, size),
  sync: (fd) =>
    new Promise((resolve, reject) => fs.fdatasync(fd, (error) => (error === null ? resolve() : reject(error)))),
  async syncFolder(dir) {
    const folder = await fs.promises.open(dir, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
  close: (fd) => fs.closeSync(fd),
  remove: (path) => fs.rmSync(path, { force: true }),
  used(dir) {
    let bytes = 0
    for (const name of fs.readdirSync(dir))
      if (name.endsWith('.vgj')) bytes += fs.statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0
    return bytes
  },
}
