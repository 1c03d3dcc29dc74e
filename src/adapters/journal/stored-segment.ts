/** A segment as it lies on disk: its frames, from any place on, up to the torn tail if there is one. */

import type { KeyObject } from 'node:crypto'
import fs from 'node:fs'
import {
  type FrameHead,
  HEAD_BYTES,
  HEADER_BYTES,
  type Header,
  MAX_FRAME_BYTES,
  openFrame,
  readHead,
  readHeader,
  segmentKey,
} from './segment.ts'

export interface StoredFrame extends FrameHead {
  /** byte after this frame */
  readonly end: number
  readonly text: string
}

export class StoredSegment {
  readonly header: Header
  readonly #fd: number
  readonly #key: KeyObject

  private constructor(fd: number, header: Header, key: KeyObject) {
    this.#fd = fd
    this.header = header
    this.#key = key
  }

  /** null when the file is gone or its header is not complete. */
  static open(path: string, journalKey: Uint8Array): StoredSegment | null {
    let fd: number
    try {
      fd = fs.openSync(path, 'r')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    const bytes = Buffer.alloc(HEADER_BYTES)
    const header = fs.readSync(fd, bytes, 0, HEADER_BYTES, 0) === HEADER_BYTES ? readHeader(bytes) : null
    if (header === null) {
      fs.closeSync(fd)
      return null
    }
    return new StoredSegment(fd, header, segmentKey(journalKey, bytes))
  }

  /**
   * The frames from `offset` on, at most about `maxBytes` of them (one at least). `damaged`: reading stopped at a frame
   * that does not authenticate, not at the end of the file.
   */
  frames(offset: number, maxBytes: number): { frames: StoredFrame[]; damaged: boolean } {
    const frames: StoredFrame[] = []
    const start = Math.max(offset, HEADER_BYTES)
    let bytes = this.#read(start, maxBytes)
    let at = 0
    let previous = 0
    while (at + HEAD_BYTES <= bytes.length) {
      const head = readHead(bytes, at)
      if (head.length > MAX_FRAME_BYTES || head.number <= previous) return { frames, damaged: true }
      const end = at + HEAD_BYTES + head.length
      if (end > bytes.length) {
        if (frames.length > 0 || bytes.length < maxBytes) break
        const whole = this.#read(start, end)
        if (whole.length < end) break
        bytes = whole
      }
      const text = openFrame(this.#key, bytes, at, head)
      if (text === null) return { frames, damaged: true }
      frames.push({ ...head, end: start + end, text })
      previous = head.number
      at = end
    }
    return { frames, damaged: false }
  }

  /** What the heads say, without opening a frame: cheap, for counting and retention. */
  tally(offset: number): { records: number; writeAhead: boolean; end: number } {
    const head = Buffer.alloc(HEAD_BYTES)
    const size = fs.fstatSync(this.#fd).size
    let at = Math.max(offset, HEADER_BYTES)
    let records = 0
    let writeAhead = false
    while (at + HEAD_BYTES <= size && fs.readSync(this.#fd, head, 0, HEAD_BYTES, at) === HEAD_BYTES) {
      const frame = readHead(head, 0)
      const end = at + HEAD_BYTES + frame.length
      if (frame.length > MAX_FRAME_BYTES || end > size) break
      records += frame.records
      writeAhead ||= frame.writeAhead
      at = end
    }
    return { records, writeAhead, end: at }
  }

  size(): number {
    return fs.fstatSync(this.#fd).size
  }

  close(): void {
    fs.closeSync(this.#fd)
  }

  #read(position: number, length: number): Buffer {
    const left = fs.fstatSync(this.#fd).size - position
    if (left <= 0) return Buffer.alloc(0)
    const bytes = Buffer.allocUnsafe(Math.min(left, length))
    let filled = 0
    while (filled < bytes.length) {
      const n = fs.readSync(this.#fd, bytes, filled, bytes.length - filled, position + filled)
      if (n === 0) break
      filled += n
    }
    return bytes.subarray(0, filled)
  }
}
