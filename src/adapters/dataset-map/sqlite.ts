/**
 * The map in one SQLite file, shared by the workers of a node. A row holds a keyed place and a sealed pair of value and
 * id; the dataset's own key is wrapped under the keyring. Destroying deletes rows and wrapped key with the pages they
 * stood on overwritten (secure_delete), and empties the write-ahead log.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { GatewayError } from '../../base/errors.ts'
import { KeyringError } from '../../base/keyring.ts'
import type { DatasetName } from '../../mask/keyed.ts'
import type { DatasetCertificate, DatasetMap, DatasetMapKeys, DatasetSummary } from '../../ports/dataset-map.ts'
import { addressOf, type DatasetKeys, FIRST, hashOf, keysOf, lineOf, newDatasetKey, open, seal } from './sealed.ts'

/** in PRAGMA user_version */
const VERSION = 1
const TABLES = `
  CREATE TABLE datasets (
    id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, name TEXT NOT NULL, created TEXT NOT NULL, destroyed TEXT,
    epoch TEXT NOT NULL, wrapped BLOB, UNIQUE (recipient, name)
  );
  CREATE TABLE ids (
    dataset INTEGER NOT NULL, place TEXT NOT NULL, id_place TEXT NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (dataset, place), UNIQUE (dataset, id_place)
  ) WITHOUT ROWID;
  CREATE TABLE certificates (number INTEGER PRIMARY KEY, line TEXT NOT NULL);
`
const CACHED = 20_000

interface DatasetRow {
  readonly id: number
  readonly created: string
  readonly destroyed: string | null
  readonly epoch: string
  readonly wrapped: Uint8Array | null
}

interface Living {
  readonly id: number
  readonly keys: DatasetKeys
}

/** @param now RFC 3339, UTC. Throws when the file cannot be opened or has another format. */
export function openDatasetMap(path: string, keys: DatasetMapKeys, now: () => string): DatasetMap {
  const db = new DatabaseSync(path)
  try {
    // NORMAL: a commit survives the process; after a loss of power the newest ids may be drawn again
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON',
    )
    db.exec('BEGIN IMMEDIATE')
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version === 0) db.exec(`${TABLES} PRAGMA user_version = ${VERSION}`)
    db.exec('COMMIT')
    if (version !== 0 && version !== VERSION)
      throw new Error(`the dataset map has format ${version}, this program reads ${VERSION}`)
    return new SqliteDatasetMap(db, keys, now)
  } catch (error) {
    db.close()
    throw error
  }
}

class SqliteDatasetMap implements DatasetMap {
  readonly #db: DatabaseSync
  readonly #keys: DatasetMapKeys
  readonly #now: () => string
  readonly #statements = new Map<string, StatementSync>()
  readonly #living = new Map<string, Living>()
  /** ids given lately, so that a patient's rows cost one look; emptied as a whole */
  readonly #recent = new Map<string, string>()
  #version = -1
  #looked = false

  constructor(db: DatabaseSync, keys: DatasetMapKeys, now: () => string) {
    this.#db = db
    this.#keys = keys
    this.#now = now
  }

  idOf(dataset: DatasetName, slot: string, canonical: string): string {
    this.#forgetChanged()
    const { id: number, keys } = this.#dataset(dataset)
    const asked = `${number} ${slot.length} ${slot}${canonical}`
    const recent = this.#recent.get(asked)
    if (recent !== undefined) return recent
    const place = keys.place(slot, canonical)
    const known = this.#stored(number, keys, place)
    if (known !== null) return this.#remember(asked, known)
    const value = (id: string) => Buffer.from(JSON.stringify([id, slot, canonical]))
    const insert = this.#run(`INSERT INTO ids SELECT ?, ?, ?, ? WHERE EXISTS
      (SELECT 1 FROM datasets WHERE id = ? AND destroyed IS NULL) ON CONFLICT DO NOTHING`)
    for (let attempt = 0; attempt < 3; attempt++) {
      const id = this.#keys.idFrom(this.#keys.random(10))
      const sealed = seal(keys.rows, value(id), `${number} ${place}`, this.#keys.random)
      insert.run(number, place, keys.idPlace(id), sealed, number)
      // Another worker may have been first, or the dataset gone: what is stored counts.
      const stored = this.#stored(number, keys, place)
      if (stored !== null) return this.#remember(asked, stored)
    }
    throw new GatewayError('DATASET_DESTROYED')
  }

  list(): DatasetSummary[] {
    const rows = this.#run(
      `SELECT recipient, name, created, destroyed,
        (SELECT count(*) FROM ids WHERE dataset = datasets.id) AS entries FROM datasets ORDER BY recipient, name`,
    ).all()
    return (rows as unknown as DatasetSummary[]).map((row) => ({ ...row }))
  }

  find(dataset: DatasetName, id: string): { readonly slot: string; readonly canonical: string } | null {
    const row = this.#row(dataset)
    if (row === undefined || row.wrapped === null) return null
    const { keys } = this.#opened(dataset, row)
    const found = this.#run('SELECT place, sealed FROM ids WHERE dataset = ? AND id_place = ?').get(
      row.id,
      keys.idPlace(id),
    ) as { place: string; sealed: Uint8Array } | undefined
    if (found === undefined) return null
    const [, slot, canonical] = this.#value(row.id, keys, found.place, found.sealed)
    return { slot, canonical }
  }

  destroy(dataset: DatasetName, by: readonly [string, string], at: string): DatasetCertificate | null {
    this.#db.exec('BEGIN IMMEDIATE')
    let certificate: DatasetCertificate | null = null
    try {
      const row = this.#row(dataset)
      if (row !== undefined && row.destroyed === null) certificate = this.#erase(dataset, row, by, at)
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
    this.#living.clear()
    this.#recent.clear()
    // Old pages stand in the write-ahead log until it is emptied.
    if (certificate !== null) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
    return certificate
  }

  certificates(): DatasetCertificate[] {
    const rows = this.#run('SELECT line FROM certificates ORDER BY number').all() as { line: string }[]
    return rows.map(({ line }) => JSON.parse(line) as DatasetCertificate)
  }

  close(): void {
    this.#db.close()
  }

  #erase(dataset: DatasetName, row: DatasetRow, by: readonly [string, string], at: string): DatasetCertificate {
    const last = this.#run('SELECT line FROM certificates ORDER BY number DESC LIMIT 1').get() as
      | { line: string }
      | undefined
    const { changes } = this.#run('DELETE FROM ids WHERE dataset = ?').run(row.id)
    this.#run('UPDATE datasets SET wrapped = NULL, destroyed = ? WHERE id = ?').run(at, row.id)
    const certificate: DatasetCertificate = {
      v: 1,
      event: 'dataset-destroyed',
      recipient: dataset.recipient,
      name: dataset.name,
      entries: Number(changes),
      created: row.created,
      at,
      by,
      keyring: this.#keys.keyring,
      previous: last === undefined ? FIRST : hashOf(last.line),
    }
    this.#run('INSERT INTO certificates (line) VALUES (?)').run(lineOf(certificate))
    return certificate
  }

  /** What another process changed (a destroyed dataset) must not live on in this one's memory. */
  #forgetChanged(): void {
    if (this.#looked) return
    // A payload is masked in one go: once a go is often enough, and rows of a destroyed dataset take no insert anyway.
    this.#looked = true
    queueMicrotask(() => {
      this.#looked = false
    })
    const { data_version: version } = this.#run('PRAGMA data_version').get() as { data_version: number }
    if (version === this.#version) return
    this.#version = version
    this.#living.clear()
    this.#recent.clear()
  }

  #dataset(dataset: DatasetName): Living {
    const address = addressOf(dataset)
    const known = this.#living.get(address)
    if (known !== undefined) return known
    let row = this.#row(dataset)
    if (row === undefined) {
      const { wrapped } = newDatasetKey(this.#keys, dataset)
      this.#run(
        'INSERT INTO datasets (recipient, name, created, epoch, wrapped) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ).run(dataset.recipient, dataset.name, this.#now(), this.#keys.epoch, wrapped)
      row = this.#row(dataset)!
    }
    if (row.wrapped === null) throw new GatewayError('DATASET_DESTROYED')
    const living = this.#opened(dataset, row)
    this.#living.set(address, living)
    return living
  }

  #opened(dataset: DatasetName, { id, epoch, wrapped }: DatasetRow): Living {
    const address = addressOf(dataset)
    return { id, keys: keysOf(open(this.#wrapping(address, epoch), Buffer.from(wrapped!), address)) }
  }

  /** With the epoch a dataset was wrapped under, the dataset is gone. */
  #wrapping(address: string, epoch: string): Buffer {
    try {
      return this.#keys.wrapping(address, epoch)
    } catch (error) {
      if (error instanceof KeyringError) throw new GatewayError('DATASET_DESTROYED')
      throw error
    }
  }

  #row({ recipient, name }: DatasetName): DatasetRow | undefined {
    return this.#run(
      'SELECT id, created, destroyed, epoch, wrapped FROM datasets WHERE recipient = ? AND name = ?',
    ).get(recipient, name) as unknown as DatasetRow | undefined
  }

  #stored(number: number, keys: DatasetKeys, place: string): string | null {
    const row = this.#run('SELECT sealed FROM ids WHERE dataset = ? AND place = ?').get(number, place) as
      | { sealed: Uint8Array }
      | undefined
    return row === undefined ? null : this.#value(number, keys, place, row.sealed)[0]
  }

  #value(number: number, keys: DatasetKeys, place: string, sealed: Uint8Array): [string, string, string] {
    return JSON.parse(open(keys.rows, Buffer.from(sealed), `${number} ${place}`).toString()) as [string, string, string]
  }

  #remember(asked: string, id: string): string {
    if (this.#recent.size >= CACHED) this.#recent.clear()
    this.#recent.set(asked, id)
    return id
  }

  #run(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)))
    return statement
  }
}
