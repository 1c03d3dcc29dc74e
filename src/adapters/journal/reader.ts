/**
 * Reads the journals of all workers from a folder, segment after segment, each reader from its own place. A reader
 * takes a batch, stores it, then moves its place: what it failed to store comes again.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Line, readLines } from './lines.ts'
import type { Place, SegmentPlace } from './place.ts'
import { HEADER_BYTES, type SegmentName, segmentsIn } from './segment.ts'
import { StoredSegment } from './stored-segment.ts'

export interface Batch {
  /** of all workers; in the order they were written within a worker */
  readonly records: readonly Line[]
  /** where the reader stands in their segments once they are stored */
  readonly at: Readonly<Record<string, SegmentPlace>>
  /** it ends at a bound, not where the journal ends: there is more to read now */
  readonly more: boolean
}

export interface ReaderOptions {
  readonly dir: string
  /** 32 bytes, the keyring's `journal` use */
  readonly key: Uint8Array
  readonly place: Place
  /** called once per frame that does not authenticate: the rest of its segment cannot be read */
  readonly onDamage?: (segment: string) => void
}

/** bytes read at a time of a worker's journal */
const CHUNK = 1024 * 1024
const NOTHING: ReadonlySet<string> = new Set()

export class JournalReader {
  readonly #options: ReaderOptions
  #place: Place
  #reading = NOTHING
  readonly #damaged = new Set<string>()

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#place = options.place
  }

  get place(): Place {
    return this.#place
  }

  /** The segments of a batch that is on its way: they are not for dropping now. */
  get reading(): ReadonlySet<string> {
    return this.#reading
  }

  /**
   * The next records, or null when there are none now. Then commit() or release() the batch. Every worker has its part
   * in it: one that always has something new must not keep the others waiting.
   */
  next(): Batch | null {
    const listed = this.#list()
    const segments: Record<string, SegmentPlace> = {}
    for (const { name } of listed) {
      const known = this.#place.segments[name]
      if (known !== undefined) segments[name] = known
    }
    const records: Line[][] = []
    const at: Record<string, SegmentPlace> = {}
    let more = false
    let served: string | null = null
    for (const [i, segment] of listed.entries()) {
      if (segment.worker === served) continue
      const last = listed[i + 1]?.worker !== segment.worker
      const read = this.#read(segment, segments[segment.name], last)
      if (read === null) continue
      if (read.records.length > 0) {
        served = segment.worker
        records.push(read.records)
        at[segment.name] = read.at
        more ||= read.full || !last
      }
      // nothing to deliver, but the segment may have come to its end: that needs no store
      else segments[segment.name] = read.at
    }
    this.#place = { ...this.#place, segments }
    this.#reading = records.length === 0 ? NOTHING : new Set(Object.keys(at))
    return records.length === 0 ? null : { records: records.flat(), at, more }
  }

  /** Where the reader stands once the batch is stored: to be saved with it. */
  after(batch: Batch): Place {
    return {
      ...this.#place,
      segments: { ...this.#place.segments, ...batch.at },
      sent: this.#place.sent + batch.records.length,
    }
  }

  commit(batch: Batch): void {
    this.#place = this.after(batch)
    this.#reading = NOTHING
  }

  /** The batch could not be stored: it comes again. */
  release(): void {
    this.#reading = NOTHING
  }

  /** Gives up what this reader has not read of a segment. Returns the new place, to be saved before the file goes. */
  drop(name: string): Place {
    const stored = StoredSegment.open(join(this.#options.dir, name), this.#options.key)
    if (stored === null) return this.#place
    try {
      const { salt } = stored.header
      const known = this.#place.segments[name]
      const from = known?.salt === salt ? known : undefined
      const left = from?.done === true ? 0 : stored.tally(from?.offset ?? HEADER_BYTES).records
      const at = { salt, offset: stored.size(), records: (from?.records ?? 0) + left, done: true }
      this.#place = {
        ...this.#place,
        segments: { ...this.#place.segments, [name]: at },
        dropped: this.#place.dropped + left,
      }
      return this.#place
    } finally {
      stored.close()
    }
  }

  #list(): SegmentName[] {
    try {
      return segmentsIn(readdirSync(this.#options.dir))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }

  /** `last`: a newer segment of the worker did not exist when the folder was listed, so this one may still grow. */
  #read(
    { name }: SegmentName,
    known: SegmentPlace | undefined,
    last: boolean,
  ): { records: Line[]; at: SegmentPlace; full: boolean } | null {
    const stored = StoredSegment.open(join(this.#options.dir, name), this.#options.key)
    if (stored === null) return null
    try {
      const { salt } = stored.header
      const from = known?.salt === salt ? known : { salt, offset: HEADER_BYTES, records: 0, done: false }
      if (from.done) return null
      let at = from
      for (;;) {
        const { frames, damaged } = stored.frames(at.offset, CHUNK)
        const records: Line[] = []
        for (const frame of frames)
          if (frame.records > 0) for (const line of readLines(frame.text)) if (!line.opening) records.push(line)
        const offset = frames.at(-1)?.end ?? at.offset
        const full = offset - at.offset >= CHUNK / 2
        at = { salt, offset, records: at.records + records.length, done: frames.length === 0 && !last }
        if (damaged) this.#damage(name, salt)
        if (records.length > 0 || frames.length === 0) return { records, at, full }
      }
    } finally {
      stored.close()
    }
  }

  #damage(name: string, salt: string): void {
    const id = `${name} ${salt}`
    if (this.#damaged.has(id)) return
    this.#damaged.add(id)
    this.#options.onDamage?.(name)
  }
}
