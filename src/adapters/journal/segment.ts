/**
 * A segment: one append-only file of the journal, named `<worker>-<sequence>.vgj`.
 *
 *   header (32 bytes)  'VGJ2' ('VGJ1': own parts are objects, record-text.ts), 4 bytes zero, creation time (u64, ms since 1970), 16 random bytes
 *   frame              head (16 bytes): sealed length, number, records in it, flags (u32 each, little endian)
 *                      tag (16 bytes), sealed lines
 *
 * A frame is sealed by AES-256-GCM (NIST SP 800-38D) under a key of its segment, HKDF-SHA256 (RFC 5869) of the journal
 * key with the whole header as salt, so no two segments share a key. The nonce is the frame's number, never used twice;
 * the head is authenticated with it. How many records a frame holds and whether it must be kept are in clear: they are
 * needed for exact counters and retention, and tell nothing about a person.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'

export const HEADER_BYTES = 32
export const HEAD_BYTES = 32
/** a frame that claims more is damage, not data */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024

const MAGIC = Buffer.from('VGJ2\0\0\0\0', 'latin1')
const OLDER = Buffer.from('VGJ1\0\0\0\0', 'latin1')
const CIPHER = 'aes-256-gcm'
const NAME = /^([a-z0-9]{1,16})-(\d{10})\.vgj$/

export interface SegmentName {
  readonly name: string
  readonly worker: string
  readonly sequence: number
}

export const segmentName = (worker: string, sequence: number): string =>
  `${worker}-${String(sequence).padStart(10, '0')}.vgj`

/** Segments among the names of a folder, oldest first within a worker. */
export function segmentsIn(names: readonly string[]): SegmentName[] {
  const found: SegmentName[] = []
  for (const name of names) {
    const parts = NAME.exec(name)
    if (parts !== null) found.push({ name, worker: parts[1]!, sequence: Number(parts[2]) })
  }
  return found.sort((a, b) => (a.worker < b.worker ? -1 : a.worker > b.worker ? 1 : a.sequence - b.sequence))
}

export function newHeader(now: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeBigUInt64LE(BigInt(Math.trunc(now)), 8)
  randomBytes(16).copy(header, 16)
  return header
}

export interface Header {
  /** ms since 1970 */
  readonly created: number
  /** tells two segments of one name apart */
  readonly salt: string
}

/** null: these bytes are no segment header (yet). */
export function readHeader(bytes: Buffer): Header | null {
  const magic = bytes.subarray(0, MAGIC.length)
  if (bytes.length < HEADER_BYTES || !(magic.equals(MAGIC) || magic.equals(OLDER))) return null
  return { created: Number(bytes.readBigUInt64LE(8)), salt: bytes.toString('hex', 16, 32) }
}

/** The key of one segment. A KeyObject: with raw bytes node prepares the cipher anew for every frame (16 against 1.5 us). */
export function segmentKey(journalKey: Uint8Array, header: Buffer): KeyObject {
  if (journalKey.length !== 32) throw new RangeError('the journal key has 32 bytes')
  const bytes = hkdfSync('sha256', journalKey, header.subarray(0, HEADER_BYTES), 'veilgate journal segment', 32)
  return createSecretKey(Buffer.from(bytes))
}

export interface FrameHead {
  readonly length: number
  /** starts at 1 and grows within a segment; gaps are frames that were never completed */
  readonly number: number
  readonly records: number
  /** holds a line of a call whose record may never be dropped */
  readonly writeAhead: boolean
}

export function readHead(bytes: Buffer, at: number): FrameHead {
  return {
    length: bytes.readUInt32LE(at),
    number: bytes.readUInt32LE(at + 4),
    records: bytes.readUInt32LE(at + 8),
    writeAhead: (bytes.readUInt32LE(at + 12) & 1) === 1,
  }
}

/** frames up to this size are made in one buffer, again and again: a new one for each costs as much as sealing it */
const BOARD = 256 * 1024
const board = Buffer.alloc(BOARD)

/** Seals lines into one frame, head first, ready to be written. The bytes are good until the next frame is sealed. */
export function sealFrame(key: KeyObject, number: number, records: number, writeAhead: boolean, lines: string): Buffer {
  const length = Buffer.byteLength(lines)
  const size = HEAD_BYTES + length
  const frame = size <= BOARD ? board.subarray(0, size) : Buffer.allocUnsafe(size)
  frame.writeUInt32LE(length, 0)
  frame.writeUInt32LE(number, 4)
  frame.writeUInt32LE(records, 8)
  frame.writeUInt32LE(writeAhead ? 1 : 0, 12)
  frame.write(lines, HEAD_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonceOf(number))
  cipher.setAAD(frame.subarray(0, 16))
  cipher.update(frame.subarray(HEAD_BYTES)).copy(frame, HEAD_BYTES)
  cipher.final()
  cipher.getAuthTag().copy(frame, 16)
  return frame
}

/** The lines of the frame at `at`, or null when it does not authenticate. The caller has checked that it is complete. */
export function openFrame(key: KeyObject, bytes: Buffer, at: number, head: FrameHead): string | null {
  const decipher = createDecipheriv(CIPHER, key, nonceOf(head.number))
  decipher.setAAD(bytes.subarray(at, at + 16))
  decipher.setAuthTag(bytes.subarray(at + 16, at + HEAD_BYTES))
  const text = decipher.update(bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + head.length))
  try {
    decipher.final()
  } catch {
    return null
  }
  return text.toString('utf8')
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 8)
  return nonce
}

/**
 * A worker's name, never given twice: two runs of the gateway write under different names, so what the earlier one left
 * can be told from what this one writes. `startedAt`: ms since 1970, of the primary.
 */
export const workerName = (startedAt: number, id: number): string => `${Math.trunc(startedAt).toString(36)}w${id}`
