/** The tables of the call log, and opening its file. Only threads that may wait touch them, never the road's. */
import { DatabaseSync } from 'node:sqlite'

/** in PRAGMA user_version */
const VERSION = 1

const TABLES = `
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE calls (id TEXT NOT NULL UNIQUE, start INTEGER NOT NULL, record TEXT NOT NULL);
  CREATE INDEX calls_start ON calls (start);
  CREATE TABLE hours (hour INTEGER NOT NULL, key TEXT NOT NULL, sum TEXT NOT NULL, PRIMARY KEY (hour, key)) WITHOUT ROWID;
  CREATE TABLE counts (key TEXT PRIMARY KEY, count TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE signals (
    id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, signal TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX signals_at ON signals (at);
  CREATE INDEX signals_unpublished ON signals (published) WHERE published = 0;
`

export function openTables(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    // FULL: a segment of the journal may go once its records are here, so a commit must survive a loss of power
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
    const version = versionOf(db)
    if (version === 0) db.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA user_version = ${VERSION}; COMMIT`)
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
  throw new Error(`the call log has format ${version}, this program reads ${VERSION}`)
}

/** SQLITE_CANTOPEN */
const CANNOT_OPEN = 14

const versionOf = (db: DatabaseSync): number =>
  Number((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version)
