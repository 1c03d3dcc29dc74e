/**
 * Payload bytes as the engine reads them where that is not how they came: JSON inside strings opened, rows of a table
 * as objects. A layer leads every edit back to the bytes it was made from, so that all other bytes stay as they were.
 */
import type { Edit } from '../../base/splice.ts'

/** A stretch that stands for another one. */
export interface Region {
  /** in the layer's bytes */
  readonly start: number
  readonly end: number
  /** in the bytes below: the whole value it stands for */
  readonly from: number
  readonly to: number
  /** in the bytes below: where the inner bytes end */
  readonly innerTo: number
  /** cells of a table's row, start and end in turn; null = JSON that was a string */
  readonly cells: readonly number[] | null
}

export class Layer {
  readonly bytes: Buffer
  readonly #regions: readonly Region[]
  /** stretches copied as they are: where they begin here, and below */
  readonly #at: readonly number[]
  readonly #from: readonly number[]

  constructor(bytes: Buffer, regions: readonly Region[], at: readonly number[], from: readonly number[]) {
    this.bytes = bytes
    this.#regions = regions
    this.#at = at
    this.#from = from
  }

  /** Edits of these bytes as edits of the bytes below. Throws RangeError where one is neither inside nor outside a region. */
  back(edits: readonly Edit[]): Edit[] {
    const out: Edit[] = []
    for (const edit of edits) {
      const region = this.#around(edit.start, edit.end)
      if (region === null) out.push({ start: this.#outer(edit.start), end: this.#outer(edit.end), bytes: edit.bytes })
      else if (region.cells === null) out.push(this.#inString(region, edit))
      else out.push(...this.#inRow(region.cells, edit))
    }
    return out
  }

  #around(start: number, end: number): Region | null {
    const regions = this.#regions
    let low = 0
    let high = regions.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (regions[middle]!.end <= start) low = middle + 1
      else high = middle
    }
    const region = regions[low]
    if (region === undefined || end <= region.start) return null
    if (start <= region.start && end >= region.end) return null
    if (start < region.start || end > region.end) throw new RangeError('an edit across an opened value')
    return region
  }

  /** A place outside every region; the first byte of a region stands for the whole value. */
  #outer(offset: number): number {
    const regions = this.#regions
    let low = 0
    let high = regions.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (regions[middle]!.start < offset) low = middle + 1
      else high = middle
    }
    const region = regions[low]
    return region !== undefined && region.start === offset ? region.from : this.#below(offset)
  }

  #below(offset: number): number {
    const at = this.#at
    let low = 0
    let high = at.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (at[middle]! <= offset) low = middle + 1
      else high = middle
    }
    return this.#from[low - 1]! + offset - at[low - 1]!
  }

  #inString(region: Region, { start, end, bytes }: Edit): Edit {
    return {
      start: this.#below(start),
      end: end === region.end ? region.innerTo : this.#below(end),
      bytes: escaped(bytes),
    }
  }

  /** In a row every place stays: a cell that is removed becomes null. Names that were put in have no bytes below. */
  #inRow(cells: readonly number[], { start, end, bytes }: Edit): Edit[] {
    const out: Edit[] = []
    for (let i = 0; i < cells.length; i += 2) {
      const [from, to] = [cells[i]!, cells[i + 1]!]
      if (to <= start || from >= end) continue
      if (start >= from && end <= to) {
        const whole = start === from && end === to && bytes.length === 0
        return [{ start: this.#below(start), end: this.#below(end), bytes: whole ? NULL : bytes }]
      }
      if (start > from || end < to) throw new RangeError('an edit across a cell')
      out.push({ start: this.#below(from), end: this.#below(to), bytes: NULL })
    }
    return out
  }
}

const NULL = Buffer.from('null')

/** The bytes as they stand inside a JSON string. */
const escaped = (bytes: Buffer): Buffer => Buffer.from(JSON.stringify(bytes.toString('utf8')).slice(1, -1))

/** Writes a layer from front to back. */
export class LayerWriter {
  readonly source: Buffer
  #out: Buffer
  #used = 0
  #read = 0
  readonly #at: number[] = []
  readonly #from: number[] = []
  readonly #regions: Region[] = []

  constructor(source: Buffer) {
    this.source = source
    this.#out = Buffer.allocUnsafe(source.length + 256)
  }

  /** bytes written so far */
  get length(): number {
    return this.#used
  }

  /** Everything of the source up to `to` as it is. */
  copyTo(to: number): void {
    if (to <= this.#read) return
    this.#piece(this.#read)
    this.#room(to - this.#read)
    this.#used += this.source.copy(this.#out, this.#used, this.#read, to)
    this.#read = to
  }

  /** Goes on reading at `to`: what lies between is not shown. */
  skipTo(to: number): void {
    this.#read = to
  }

  /** Bytes that stand for source bytes from `from` on. */
  put(bytes: Buffer, from: number): void {
    this.#piece(from)
    this.insert(bytes)
  }

  /** Bytes the source does not have. */
  insert(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#out.set(bytes, this.#used)
    this.#used += bytes.length
  }

  region(region: Region): void {
    this.#regions.push(region)
  }

  finish(): Layer | null {
    if (this.#regions.length === 0) return null
    this.copyTo(this.source.length)
    // An edit may end where the bytes do.
    this.#piece(this.source.length)
    return new Layer(this.#out.subarray(0, this.#used), this.#regions, this.#at, this.#from)
  }

  #piece(from: number): void {
    this.#at.push(this.#used)
    this.#from.push(from)
  }

  #room(n: number): void {
    if (this.#used + n <= this.#out.length) return
    const bigger = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#used + n))
    this.#out.copy(bigger, 0, 0, this.#used)
    this.#out = bigger
  }
}
