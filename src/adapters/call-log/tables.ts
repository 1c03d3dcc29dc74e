/** The tables of the call log, and opening its file. Only threads that may wait touch them, never the road's. */
import { DatabaseSync } from 'node:sqlite'

/** in PRAGMA user_version */
const VERSION = 3

/** A call's id is a UUIDv7: the key alone keeps calls by time, and a new one is nearly always the last. */
const CALLS = `
  CREATE TABLE contexts (context INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
  CREATE TABLE calls (id TEXT PRIMARY KEY, start INTEGER NOT NULL, context INTEGER, own TEXT NOT NULL) WITHOUT ROWID;
`

/** until version 1 a call was one text, and its start an index of its own */
const FROM_1 = `
  ALTER TABLE calls RENAME TO calls_1;
  ${CALLS}
  INSERT INTO calls SELECT id, start, NULL, record FROM calls_1 ORDER BY id;
  DROP TABLE calls_1;
`

const TABLES = `
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  ${CALLS}
  CREATE TABLE hours (hour INTEGER NOT NULL, key TEXT NOT NULL, sum TEXT NOT NULL, PRIMARY KEY (hour, key)) WITHOUT ROWID;
  CREATE TABLE counts (key TEXT PRIMARY KEY, count TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE signals (
    id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, signal TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX signals_at ON signals (at);
  CREATE INDEX signals_unpublished ON signals (published) WHERE published = 0;
`

/** From version 2 on a row's own text may be an array: the same tables, which a program that knows objects only must not read. */
const CHANGES: readonly string[] = [TABLES, FROM_1, '']

export function openTables(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    // FULL: a segment of the journal may go once its records are here, so a commit must survive a loss of power
    db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
    const version = versionOf(db)
    const change = CHANGES[version]
    if (change !== undefined) db.exec(`BEGIN IMMEDIATE; ${change} PRAGMA user_version = ${VERSION}; COMMIT`)
    else if (version !== VERSION) throw new Error(`the call log has format ${version}, this program reads ${VERSION}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** null when there is no call log yet. */
export function openTablesToRead(path: string): DatabaseSync | null {
  let db: DatabaseSync
  try {
    db = new DatabaseSync(path, { readOnly: true })
    db.exec('PRAGMA busy_timeout = 5000')
  } catch (error) {
    if ((error as { errcode?: number }).errcode === CANNOT_OPEN) return null
    throw error
  }
  const version = versionOf(db)
  if (version === VERSION) return db
  db.close()
  const remedy = version > 0 && version < VERSION ? '; serve brings it up to date when it starts' : ''
  throw new Error(`the call log has format ${version}, this program reads ${VERSION}${remedy}`)
}

/** SQLITE_CANTOPEN */
const CANNOT_OPEN = 14

const versionOf = (db: DatabaseSync): number =>
  Number((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version)
