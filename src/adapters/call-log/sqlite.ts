/**
 * The call log in one SQLite file. One writer; every batch is one transaction with records, sums, counts, signals and
 * the reader's place in it, so whatever is repeated after a crash is found to be there already.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Anomaly, type Count, observe, type Signal } from '../../anomaly/index.ts'
import type { RecordText } from '../../base/record-text.ts'
import type { Added, CallLog } from '../../ports/call-log.ts'
import type { CallRecord } from '../../ports/record.ts'
import { emptySum, HOUR, type HourSum, hourAt, isOf, sumKey, tally } from '../../report/index.ts'
import { idAt, SLACK, SqliteReader } from './sqlite-reader.ts'
import { openTables } from './tables.ts'

/** For the thread that owns the log. Throws when the file cannot be opened or has another format. */
export function openCallLog(path: string): CallLog {
  return new SqliteCallLog(openTables(path))
}

/** a batch's changes, in memory until they are written */
interface Batch {
  readonly sums: Map<string, HourSum>
  readonly counts: Map<string, { readonly count: Count; readonly expiresAt: number }>
  readonly signals: Signal[]
  fresh: number
  newest: number
  /** the sum added to last: calls come in runs */
  last: HourSum | null
}

/** contexts whose number is remembered */
const KNOWN = 1024

/** rows of one statement */
const TOGETHER = 16
const INSERT = 'INSERT INTO calls VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
const INSERT_TOGETHER = `INSERT INTO calls VALUES ${Array(TOGETHER).fill('(?, ?, ?, ?)').join(', ')}`
/** SQLITE_CONSTRAINT_PRIMARYKEY */
const PRIMARY_KEY = 1555

type Row = readonly [id: string, start: number, context: number | null, own: string]

const textOf = (record: CallRecord): RecordText => ({ context: null, own: JSON.stringify(record) })

class SqliteCallLog extends SqliteReader implements CallLog {
  readonly #db: DatabaseSync
  readonly #run: (sql: string) => StatementSync
  #anomalies: readonly Anomaly[] = []
  #swept = 0
  readonly #contexts = new Map<string, number>()

  constructor(db: DatabaseSync) {
    super(db)
    this.#db = db
    const prepared = new Map<string, StatementSync>()
    this.#run = (sql) => {
      let statement = prepared.get(sql)
      if (statement === undefined) prepared.set(sql, (statement = db.prepare(sql)))
      return statement
    }
  }

  watch(anomalies: readonly Anomaly[]): void {
    this.#anomalies = anomalies
  }

  add(records: readonly CallRecord[], place: string, texts?: readonly RecordText[]): Added {
    const batch: Batch = { sums: new Map(), counts: new Map(), signals: [], fresh: 0, newest: 0, last: null }
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      for (let i = 0; i < records.length; i += TOGETHER)
        this.#take(records.slice(i, i + TOGETHER), texts?.slice(i, i + TOGETHER), batch)
      this.#write(batch)
      this.savePlace(place)
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      this.#contexts.clear()
      throw error
    }
    return { fresh: batch.fresh, signals: batch.signals }
  }

  place(): string | null {
    const row = this.#run(`SELECT value FROM notes WHERE name = 'place'`).get() as { value: string } | undefined
    return row?.value ?? null
  }

  savePlace(place: string): void {
    this.#run(`INSERT INTO notes VALUES ('place', ?) ON CONFLICT DO UPDATE SET value = excluded.value`).run(place)
  }

  unpublished(limit: number): Signal[] {
    const rows = this.#run('SELECT signal FROM signals WHERE published = 0 ORDER BY rowid LIMIT ?').all(limit)
    return (rows as { signal: string }[]).map(({ signal }) => JSON.parse(signal) as Signal)
  }

  markPublished(ids: readonly string[]): void {
    for (const id of ids) this.#run('UPDATE signals SET published = 1 WHERE id = ?').run(id)
  }

  forget(before: number, most: number): number {
    const oldest = 'SELECT id FROM calls WHERE id < ? AND start < ? ORDER BY id LIMIT ?'
    const { changes } = this.#run(`DELETE FROM calls WHERE id IN (${oldest})`).run(idAt(before + SLACK), before, most)
    this.#run('DELETE FROM signals WHERE at < ?').run(before)
    return Number(changes)
  }

  /** In one statement where none is there yet, as nearly always; one by one where records come again after a crash. */
  #take(records: readonly CallRecord[], texts: readonly RecordText[] | undefined, batch: Batch): void {
    const rows = records.map((record, i) => this.#row(record, texts?.[i] ?? textOf(record)))
    const fresh = records.length === TOGETHER && this.#insertTogether(rows)
    for (const [i, record] of records.entries())
      if (fresh || Number(this.#run(INSERT).run(...rows[i]!).changes) === 1) this.#tally(record, rows[i]![1], batch)
  }

  #row(record: CallRecord, { context, own }: RecordText): Row {
    return [record.id, Date.parse(record.start), context === null ? null : this.#contextOf(context), own]
  }

  /** false: one of them is there, and none was inserted. */
  #insertTogether(rows: readonly Row[]): boolean {
    try {
      this.#run(INSERT_TOGETHER).run(...rows.flat())
      return true
    } catch (error) {
      if ((error as { errcode?: number }).errcode === PRIMARY_KEY) return false
      throw error
    }
  }

  #tally(record: CallRecord, start: number, batch: Batch): void {
    batch.fresh++
    batch.newest = Math.max(batch.newest, start)
    tally(this.#sumFor(record, start, batch), record)
    const seen = observe(this.#anomalies, record, (key) => batch.counts.get(key)?.count ?? this.#count(key))
    for (const { key, count, expiresAt } of seen.counts) batch.counts.set(key, { count, expiresAt })
    batch.signals.push(...seen.signals)
  }

  /** The number of a context; a new one is kept with the batch it came in. */
  #contextOf(value: string): number {
    let context = this.#contexts.get(value)
    if (context !== undefined) return context
    this.#run('INSERT INTO contexts (value) VALUES (?) ON CONFLICT DO NOTHING').run(value)
    const row = this.#run('SELECT context FROM contexts WHERE value = ?').get(value) as { context: number }
    context = row.context
    if (this.#contexts.size >= KNOWN) this.#contexts.clear()
    this.#contexts.set(value, context)
    return context
  }

  #sumFor(record: CallRecord, start: number, batch: Batch): HourSum {
    const hour = hourAt(start)
    const { last } = batch
    if (last?.hour === hour && isOf(last, record)) return last
    const key = sumKey(record)
    let sum = batch.sums.get(`${hour} ${key}`)
    if (sum === undefined) {
      const row = this.#run('SELECT sum FROM hours WHERE hour = ? AND key = ?').get(hour, key)
      sum = row === undefined ? emptySum({ ...record, hour }) : (JSON.parse((row as { sum: string }).sum) as HourSum)
      batch.sums.set(`${hour} ${key}`, sum)
    }
    return (batch.last = sum)
  }

  #count(key: string): Count | undefined {
    const row = this.#run('SELECT count FROM counts WHERE key = ?').get(key) as { count: string } | undefined
    return row === undefined ? undefined : (JSON.parse(row.count) as Count)
  }

  #write(batch: Batch): void {
    const upsert = 'ON CONFLICT DO UPDATE SET'
    for (const sum of batch.sums.values())
      this.#run(`INSERT INTO hours VALUES (?, ?, ?) ${upsert} sum = excluded.sum`).run(
        sum.hour,
        sumKey(sum),
        JSON.stringify(sum),
      )
    for (const [key, { count, expiresAt }] of batch.counts)
      this.#run(`INSERT INTO counts VALUES (?, ?, ?) ${upsert} count = excluded.count, expires = excluded.expires`).run(
        key,
        JSON.stringify(count),
        expiresAt,
      )
    for (const signal of batch.signals)
      this.#run('INSERT INTO signals (id, at, signal) VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(
        signal.id,
        Date.parse(signal.at),
        JSON.stringify(signal),
      )
    if (batch.newest < this.#swept + HOUR) return
    // in event time, as everything about counts
    this.#swept = batch.newest
    this.#run('DELETE FROM counts WHERE expires < ?').run(batch.newest)
  }
}
