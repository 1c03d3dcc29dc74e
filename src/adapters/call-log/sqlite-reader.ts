/** Reads the call log from its file; many may read while one writes. */
import { existsSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Signal } from '../../anomaly/index.ts'
import { callId } from '../../base/call-id.ts'
import { recordOf } from '../../base/record-text.ts'
import type { CallLogReader } from '../../ports/call-log.ts'
import type { CallRecord } from '../../ports/record.ts'
import { HOUR, type HourSum, sumsOf } from '../../report/index.ts'
import { openTablesToRead } from './tables.ts'

/** null when there is no call log yet. */
export function openCallLogReader(path: string): CallLogReader | null {
  if (!existsSync(path)) return null
  const db = openTablesToRead(path)
  return db === null ? null : new SqliteReader(db)
}

interface Row {
  readonly id: string
  readonly value: string | null
  readonly own: string
}

const CALLS = 'SELECT id, value, own FROM calls LEFT JOIN contexts USING (context)'

const recordIn = ({ id, value, own }: Row): CallRecord => recordOf(id, { context: value, own })

/** A record's id is taken when its call begins; the clock is read again for its start, and may have been set between. */
export const SLACK = 60_000

/** The least id of a millisecond (RFC 9562 5.7): what began in a period is a range of ids. */
export const idAt = (ms: number): string => callId(Math.max(0, Math.floor(ms)), '').slice(0, 13)

export class SqliteReader implements CallLogReader {
  readonly #db: DatabaseSync
  readonly #hours: StatementSync
  readonly #calls: StatementSync
  readonly #signals: StatementSync
  readonly #record: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#hours = db.prepare('SELECT sum FROM hours WHERE hour >= ? AND hour < ? ORDER BY hour, key')
    this.#calls = db.prepare(`${CALLS} WHERE id >= ? AND id < ? AND start >= ? AND start < ?`)
    this.#signals = db.prepare('SELECT signal FROM signals WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?')
    this.#record = db.prepare(`${CALLS} WHERE id = ?`)
  }

  sums(from: number, to: number): HourSum[] {
    const first = Math.ceil(from / HOUR) * HOUR
    const last = Math.floor(to / HOUR) * HOUR
    if (first >= last) return this.#exact(from, to)
    const whole = this.#hours.all(first, last) as { sum: string }[]
    return [
      ...this.#exact(from, first),
      ...whole.map(({ sum }) => JSON.parse(sum) as HourSum),
      ...this.#exact(last, to),
    ]
  }

  signals(since: number, limit: number): Signal[] {
    return (this.#signals.all(since, limit) as { signal: string }[]).map(({ signal }) => JSON.parse(signal) as Signal)
  }

  record(id: string): CallRecord | null {
    const row = this.#record.get(id) as unknown as Row | undefined
    return row === undefined ? null : recordIn(row)
  }

  close(): void {
    this.#db.close()
  }

  #exact(from: number, to: number): HourSum[] {
    if (from >= to) return []
    const calls = this.#calls
    return sumsOf(
      (function* () {
        for (const row of calls.iterate(idAt(from - SLACK), idAt(to + SLACK), from, to))
          yield recordIn(row as unknown as Row)
      })(),
    )
  }
}
