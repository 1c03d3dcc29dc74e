/**
 * What a ZIP archive says it holds (APPNOTE.TXT 4.3.12, 4.3.16), read before anything is unpacked: an XLSX is refused
 * for its size, the number of its parts or a macro in it, whatever its name says.
 */

export interface Part {
  readonly name: string
  /** bytes when unpacked, as declared; who unpacks reserves no more */
  readonly size: number
  readonly packed: number
  readonly offset: number
  /** 0 stored, 8 deflated */
  readonly method: number
}

const END = 0x06054b50
const ENTRY = 0x02014b50
const ENTRY_BYTES = 46

/** Null when the bytes are no archive, or one in a form no spreadsheet needs (ZIP64, several volumes, encryption). */
export function partsOf(file: Buffer, most: number): Part[] | null {
  const end = endRecord(file)
  if (end < 0) return null
  const count = file.readUInt16LE(end + 10)
  let at = file.readUInt32LE(end + 16)
  if (count === 0 || count > most || file.readUInt16LE(end + 4) !== 0) return null
  const parts: Part[] = []
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > end || file.readUInt32LE(at) !== ENTRY) return null
    const name = file.readUInt16LE(at + 28)
    const part: Part = {
      name: file.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + name),
      size: file.readUInt32LE(at + 24),
      packed: file.readUInt32LE(at + 20),
      offset: file.readUInt32LE(at + 42),
      method: file.readUInt16LE(at + 10),
    }
    if ((file.readUInt16LE(at + 8) & 1) === 1 || part.size === 0xffffffff || part.packed > file.length) return null
    parts.push(part)
    at += ENTRY_BYTES + name + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return parts
}

/** The end of the central directory; a comment of at most 64 KiB may follow it. */
function endRecord(file: Buffer): number {
  for (let i = file.length - 22; i >= Math.max(0, file.length - 22 - 0xffff); i--)
    if (file.readUInt32LE(i) === END) return i
  return -1
}

/** The packed bytes of a part, after its local header. */
export function packedBytes(file: Buffer, part: Part): Buffer {
  const from = part.offset + 30 + file.readUInt16LE(part.offset + 26) + file.readUInt16LE(part.offset + 28)
  return file.subarray(from, from + part.packed)
}
