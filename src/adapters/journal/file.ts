/**
 * The journal of one worker: gathers the lines of a few event-loop turns and writes them as one frame. When the file cannot
 * be written it refuses openings (AUDIT_UNAVAILABLE), keeps the closings of calls already under way, and tries again by
 * itself. Every new segment begins with the openings that are still without a closing: only the newest segment of a
 * worker matters after a crash, and older ones may go once they are read.
 */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../../base/errors.ts'
import { ownOpening, ownRecord } from '../../base/record-text.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Log } from '../../ports/log.ts'
import type { CallRecord, OpeningLine } from '../../ports/record.ts'
import { Contexts } from './context.ts'
import { DISK, type Disk } from './disk.ts'
import { Gathering } from './gathering.ts'
import { closingLine, openingLine } from './lines.ts'
import { OpenCalls } from './open-calls.ts'
import { OpenSegment } from './open-segment.ts'
import { segmentName, segmentsIn } from './segment.ts'

export interface JournalOptions {
  /** folder of the journals of all workers; created 0700 */
  readonly dir: string
  /** 1 to 16 of [a-z0-9]; one writer at a time */
  readonly worker: string
  /** 32 bytes, the keyring's `journal` use */
  readonly key: Uint8Array
  /** ms since 1970 */
  readonly now: () => number
  readonly log?: Log
  /** a segment is closed at this size (default 16 MiB) or age (default 10 min) */
  readonly segmentBytes?: number
  readonly segmentMs?: number
  /** all segments together (default 1 GiB); the keeper trims to it, at a quarter more calls are refused */
  readonly maxBytes?: number
  /** ms between attempts while the journal cannot be written (default 500) */
  readonly retryMs?: number
  readonly disk?: Disk
}

export interface WriterCounters {
  /** records written to the file by this process */
  readonly written: number
  /** records of refused calls given up because the file could not be written for too long */
  readonly dropped: number
  /** calls with an opening and no closing yet */
  readonly open: number
}

export interface FileJournal extends Journal {
  counters(): WriterCounters
  /** Writes what is queued and closes the file. */
  end(): Promise<void>
}

/** characters of closings kept in memory while the file cannot be written */
const BACKLOG = 32 * 1024 * 1024
/** what a try writes when nothing is queued: a full disk must not pass it */
const PADDING = '\n'.repeat(8192)

/** how long a closing may wait; until then a crash leaves the call's record as `interrupted` */
const LATE_MS = 5

export const MAX_BYTES = 1024 * 1024 * 1024

export function openJournal(options: JournalOptions): FileJournal {
  return new Writer(options)
}

class Writer implements FileJournal {
  readonly #options: JournalOptions
  readonly #disk: Disk
  readonly #opened = new OpenCalls()
  readonly #contexts = new Contexts()
  #segment: OpenSegment | null = null
  #sequence: number | null = null
  #writable = true
  readonly #gathering = new Gathering(
    () => this.#fresh.length + this.#records,
    () => this.#write(),
  )
  #late = false
  #retry: NodeJS.Timeout | undefined
  #written = 0
  #dropped = 0
  // what is queued for the next frame
  #openings = ''
  #fresh: string[] = []
  #closings = ''
  #records = 0
  #keep = false
  #turn: PromiseWithResolvers<void> | null = null
  #durableTurn: PromiseWithResolvers<void> | null = null

  constructor(options: JournalOptions) {
    this.#options = options
    this.#disk = options.disk ?? DISK
    try {
      this.#rotate()
    } catch {
      this.#stall()
    }
  }

  get writable(): boolean {
    return this.#writable
  }

  open(line: OpeningLine, durable: boolean): Promise<void> {
    if (!this.#writable) return Promise.reject(new GatewayError('AUDIT_UNAVAILABLE'))
    const own = ownOpening(line)
    this.#opened.add({ line, own, durable })
    this.#fresh.push(line.id)
    this.#openings += openingLine(line.id, this.#contexts.numberOf(line), own)
    this.#gathering.begin()
    if (durable) {
      this.#keep = true
      return (this.#durableTurn ??= Promise.withResolvers<void>()).promise
    }
    return (this.#turn ??= Promise.withResolvers<void>()).promise
  }

  close(record: CallRecord): void {
    const opened = this.#opened.take(record.id)
    if (opened === undefined && !this.#writable && this.#closings.length > BACKLOG) {
      this.#dropped++
      return
    }
    const own = ownRecord(record, opened?.line ?? null, opened?.own ?? '')
    this.#closings += closingLine(record.id, this.#contexts.numberOf(record), own)
    if (opened?.durable === true) this.#keep = true
    this.#records++
    this.#scheduleLate()
  }

  async flush(): Promise<void> {
    this.#write()
    if (!this.#writable) throw new GatewayError('AUDIT_UNAVAILABLE')
    const segment = this.#segment
    if (segment === null) return
    try {
      await segment.sync()
    } catch {
      this.#abandon()
      throw new GatewayError('AUDIT_UNAVAILABLE')
    }
  }

  counters(): WriterCounters {
    return { written: this.#written, dropped: this.#dropped, open: this.#opened.size }
  }

  async end(): Promise<void> {
    try {
      await this.flush()
    } finally {
      clearInterval(this.#retry)
      await this.#segment?.close()
      this.#segment = null
      this.#writable = false
    }
  }

  /** Closings alone wait a moment for the next opening: one frame less for most calls. */
  #scheduleLate(): void {
    if (this.#gathering.under || this.#late || !this.#writable) return
    this.#late = true
    setTimeout(() => {
      this.#late = false
      this.#write()
    }, LATE_MS)
  }

  /** One frame out of everything queued. */
  #write(): void {
    if (!this.#writable || (this.#openings === '' && this.#closings === '')) return
    const turn = this.#turn
    const durable = this.#durableTurn
    const fresh = this.#fresh
    let segment: OpenSegment
    try {
      segment = this.#append()
    } catch {
      this.#refuse()
      this.#stall()
      return
    }
    turn?.resolve()
    if (durable !== null) this.#confirm(segment, durable, fresh)
  }

  /** Write-ahead openings are good only once they survive a loss of power. */
  #confirm(segment: OpenSegment, durable: PromiseWithResolvers<void>, fresh: readonly string[]): void {
    segment.sync().then(
      () => durable.resolve(),
      () => {
        durable.reject(new GatewayError('AUDIT_UNAVAILABLE'))
        for (const id of fresh) if (this.#opened.get(id)?.durable === true) this.#opened.take(id)
        this.#abandon()
      },
    )
  }

  /** Throws when the frame could not be written; what is queued then stays queued. */
  #append(padding = ''): OpenSegment {
    let segment = this.#segment
    let text = this.#openings
    const { now, segmentBytes = 16 * 1024 * 1024, segmentMs = 600_000 } = this.#options
    if (segment === null || segment.size >= segmentBytes || now() - segment.created >= segmentMs)
      segment = this.#rotate()
    if (segment.empty) {
      text = ''
      for (const opened of this.#opened.all()) {
        text += openingLine(opened.line.id, this.#contexts.numberOf(opened.line), opened.own)
        if (opened.durable) this.#keep = true
      }
    }
    segment.append(this.#records, this.#keep, this.#contexts.lines + text + this.#closings + padding)
    this.#contexts.nextFrame()
    this.#written += this.#records
    this.#openings = ''
    this.#closings = ''
    this.#fresh = []
    this.#records = 0
    this.#keep = false
    this.#turn = null
    this.#durableTurn = null
    return segment
  }

  #rotate(): OpenSegment {
    const { dir, worker, key, now, maxBytes = MAX_BYTES } = this.#options
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    if (this.#disk.used(dir) > maxBytes * 1.25) throw new Error('the journal is over its bound')
    this.#sequence ??= segmentsIn(readdirSync(dir)).reduce((n, s) => (s.worker === worker ? s.sequence : n), 0)
    this.#sequence++
    const next = OpenSegment.create(this.#disk, dir, join(dir, segmentName(worker, this.#sequence)), key, now())
    const old = this.#segment
    this.#segment = next
    // its lines are in the page cache already; failing to sync them now loses nothing that was promised
    old?.sync().then(
      () => old.close(),
      () => old.close(),
    )
    return next
  }

  /** Openings of the failed turn are refused; closings stay for the next try. */
  #refuse(): void {
    const refused = new GatewayError('AUDIT_UNAVAILABLE')
    for (const id of this.#fresh) this.#opened.take(id)
    this.#openings = ''
    this.#fresh = []
    this.#turn?.reject(refused)
    this.#durableTurn?.reject(refused)
    this.#turn = null
    this.#durableTurn = null
  }

  /** After a failed sync nobody knows what the file holds: the next frame begins a new one. */
  #abandon(): void {
    const bad = this.#segment
    this.#segment = null
    void bad?.close()
    this.#refuse()
    this.#stall()
  }

  #stall(): void {
    if (!this.#writable) return
    this.#writable = false
    this.#options.log?.error('journal.unwritable', { code: 'AUDIT_UNAVAILABLE' })
    this.#retry = setInterval(() => this.#recover(), this.#options.retryMs ?? 500).unref()
  }

  #recover(): void {
    try {
      if (this.#segment?.repair() === false) this.#segment = null
      this.#append(PADDING)
    } catch {
      return
    }
    clearInterval(this.#retry)
    this.#writable = true
    this.#options.log?.info('journal.writable', { count: this.#opened.size })
  }
}
