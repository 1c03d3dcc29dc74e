/**
 * Retention and exact counters. A segment goes when every reader is through with it; over the bound (size or age) the
 * oldest go unread, counted as dropped for each reader that had not read them, except those that hold write-ahead
 * lines: these stay, and once they fill the journal the writers refuse calls.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import type { RecordCounters } from '../../ports/record-counters.ts'
import { MAX_BYTES } from './file.ts'
import type { Place } from './place.ts'
import type { JournalReader } from './reader.ts'
import { HEADER_BYTES, segmentsIn } from './segment.ts'
import { StoredSegment } from './stored-segment.ts'

export interface KeptReader {
  readonly sink: string
  readonly reader: JournalReader
  /** must be on disk when it returns */
  save(place: Place): void
}

export interface KeeperOptions {
  readonly dir: string
  /** 32 bytes, the keyring's `journal` use */
  readonly key: Uint8Array
  /** ms since 1970 */
  readonly now: () => number
  readonly readers: readonly KeptReader[]
  /** may this worker still write? */
  readonly live: (worker: string) => boolean
  /** all segments together (default 1 GiB) */
  readonly maxBytes?: number
  /** unread segments older than this are dropped (default 14 days) */
  readonly maxMs?: number
}

interface Tally {
  readonly salt: string
  readonly created: number
  readonly bytes: number
  readonly records: number
  readonly writeAhead: boolean
  /** byte after the last whole frame; 0 = no header */
  readonly end: number
}

interface Seen extends Tally {
  readonly name: string
  /** the writer may still be at it */
  readonly growing: boolean
  /** every reader is through */
  readonly read: boolean
}

/** what is kept across restarts: records of segments that are gone, and removals under way */
interface Ledger {
  readonly retired: number
  readonly removing: readonly string[]
}

const DAY = 86_400_000

export class Keeper {
  readonly #options: KeeperOptions
  readonly #path: string
  readonly #tallies = new Map<string, Tally>()
  #ledger: Ledger

  constructor(options: KeeperOptions) {
    this.#options = options
    fs.mkdirSync(options.dir, { recursive: true, mode: 0o700 })
    this.#path = join(options.dir, 'ledger.json')
    this.#ledger = readLedger(this.#path)
    this.#finishRemovals()
  }

  /** One round: removes what is read, then what is over the bound. Returns how many segments went. */
  keep(): number {
    const { maxBytes = MAX_BYTES, maxMs = 14 * DAY, now } = this.#options
    const seen = this.#survey()
    const going = seen.filter((s) => s.read && !s.growing)
    let bytes = 0
    for (const s of seen) if (!going.includes(s)) bytes += s.bytes
    const rest = seen.filter((s) => !going.includes(s) && !s.growing && !s.writeAhead && !this.#isReading(s.name))
    for (const segment of rest.sort((a, b) => a.created - b.created)) {
      if (bytes <= maxBytes && segment.created >= now() - maxMs) continue
      for (const { reader, save } of this.#options.readers) save(reader.drop(segment.name))
      going.push(segment)
      bytes -= segment.bytes
    }
    this.#remove(going)
    return going.length
  }

  counters(): RecordCounters {
    const seen = this.#survey()
    const records = seen.reduce((n, s) => n + s.records, 0)
    return {
      written: this.#ledger.retired + records,
      sinks: this.#options.readers.map(({ sink, reader }) => {
        let read = 0
        for (const { name, salt } of seen) {
          const at = reader.place.segments[name]
          if (at?.salt === salt) read += at.records
        }
        return { sink, sent: reader.place.sent, waiting: records - read, dropped: reader.place.dropped }
      }),
    }
  }

  #isReading(name: string): boolean {
    return this.#options.readers.some(({ reader }) => reader.reading.has(name))
  }

  #survey(): Seen[] {
    const { dir, readers, live } = this.#options
    const listed = segmentsIn(fs.readdirSync(dir))
    const seen: Seen[] = []
    const names = new Set<string>()
    for (const [i, { name, worker }] of listed.entries()) {
      names.add(name)
      const tally = this.#tally(name)
      const growing = listed[i + 1]?.worker !== worker && live(worker)
      const read = readers.every(({ reader }) => {
        const at = reader.place.segments[name]
        return tally.end === 0 || (at?.salt === tally.salt && (at.done || at.offset >= tally.end))
      })
      seen.push({ ...tally, name, growing, read })
    }
    for (const name of this.#tallies.keys()) if (!names.has(name)) this.#tallies.delete(name)
    return seen
  }

  /** Heads are read once: a segment only grows, and one that was replaced has another salt and is read anew. */
  #tally(name: string): Tally {
    const path = join(this.#options.dir, name)
    const known = this.#tallies.get(name)
    const bytes = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (known !== undefined && known.bytes === bytes) return known
    const stored = StoredSegment.open(path, this.#options.key)
    // a header cut off by a crash: nothing was ever in it
    if (stored === null) return { salt: '', created: 0, bytes, records: 0, writeAhead: false, end: 0 }
    try {
      const { created, salt } = stored.header
      const before = known?.salt === salt ? known : undefined
      const more = stored.tally(before?.end ?? HEADER_BYTES)
      const records = (before?.records ?? 0) + more.records
      const writeAhead = (before?.writeAhead ?? false) || more.writeAhead
      const tally: Tally = { salt, created, bytes, records, writeAhead, end: more.end }
      this.#tallies.set(name, tally)
      return tally
    } finally {
      stored.close()
    }
  }

  /** The ledger is written first: a crash in between removes the rest at the next start and counts nothing twice. */
  #remove(segments: readonly Seen[]): void {
    if (segments.length === 0) return
    const retired = this.#ledger.retired + segments.reduce((n, s) => n + s.records, 0)
    this.#write({ retired, removing: segments.map((s) => s.name) })
    this.#finishRemovals()
  }

  #finishRemovals(): void {
    if (this.#ledger.removing.length === 0) return
    for (const name of this.#ledger.removing) fs.rmSync(join(this.#options.dir, name), { force: true })
    this.#write({ retired: this.#ledger.retired, removing: [] })
  }

  #write(ledger: Ledger): void {
    fs.writeFileSync(`${this.#path}.new`, JSON.stringify(ledger), { mode: 0o600 })
    fs.renameSync(`${this.#path}.new`, this.#path)
    this.#ledger = ledger
  }
}

function readLedger(path: string): Ledger {
  let text: string
  try {
    text = fs.readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { retired: 0, removing: [] }
    throw error
  }
  const value = JSON.parse(text) as Ledger
  if (!Number.isSafeInteger(value.retired) || !Array.isArray(value.removing))
    throw new Error('the ledger of the journal is damaged')
  return value
}
