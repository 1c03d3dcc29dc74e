/** A segment that is being written. */
import type { KeyObject } from 'node:crypto'
import type { Disk } from './disk.ts'
import { HEADER_BYTES, newHeader, sealFrame, segmentKey } from './segment.ts'

export class OpenSegment {
  readonly created: number
  readonly #disk: Disk
  readonly #dir: string
  readonly #fd: number
  readonly #key: KeyObject
  #size = HEADER_BYTES
  #number = 0
  #torn = false
  #named: Promise<void> | null = null
  #syncing = 0
  #closed = false

  private constructor(disk: Disk, dir: string, fd: number, key: KeyObject, created: number) {
    this.#disk = disk
    this.#dir = dir
    this.#fd = fd
    this.#key = key
    this.created = created
  }

  /** Creates the file with its header. Throws when the disk refuses. */
  static create(disk: Disk, dir: string, path: string, journalKey: Uint8Array, now: number): OpenSegment {
    const header = newHeader(now)
    const fd = disk.create(path)
    try {
      disk.write(fd, header)
    } catch (error) {
      disk.close(fd)
      disk.remove(path)
      throw error
    }
    return new OpenSegment(disk, dir, fd, segmentKey(journalKey, header), now)
  }

  get size(): number {
    return this.#size
  }

  /** no frame yet: the first one carries the open calls over */
  get empty(): boolean {
    return this.#size === HEADER_BYTES
  }

  /** Throws when the disk refuses; repair() must then succeed before the next frame. */
  append(records: number, writeAhead: boolean, lines: string): void {
    if (this.#torn) throw new Error('the segment ends in a broken frame')
    // a number is never used twice, not even after a failed write: part of that frame may have reached the disk
    const frame = sealFrame(this.#key, ++this.#number, records, writeAhead, lines)
    try {
      this.#disk.write(this.#fd, frame)
    } catch (error) {
      this.#torn = true
      throw error
    }
    this.#size += frame.length
  }

  /** Cuts off a half-written frame. false: the file is lost, begin another. */
  repair(): boolean {
    if (!this.#torn) return true
    try {
      this.#disk.truncate(this.#fd, this.#size)
      this.#torn = false
      return true
    } catch {
      void this.close()
      return false
    }
  }

  async sync(): Promise<void> {
    this.#syncing++
    try {
      this.#named ??= this.#disk.syncFolder(this.#dir)
      await Promise.all([this.#named, this.#disk.sync(this.#fd)])
    } finally {
      this.#syncing--
      if (this.#closed && this.#syncing === 0) this.#disk.close(this.#fd)
    }
  }

  /** The descriptor goes once no sync is under way. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#syncing === 0) this.#disk.close(this.#fd)
  }
}
