/** The console's one SQLite file: opening it and its tables. Only threads that may wait touch it, never the road's. */
import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** in PRAGMA user_version */
const VERSION = 1

const TABLES = `
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, step INTEGER NOT NULL DEFAULT -1, account TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL, ends INTEGER NOT NULL, session TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX sessions_account ON sessions (account);
  CREATE TABLE failures (key TEXT PRIMARY KEY, last INTEGER NOT NULL, failures TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL);
  CREATE INDEX audit_at ON audit (at);
  CREATE TABLE drafts (id TEXT PRIMARY KEY, changed TEXT NOT NULL, head TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE draft_files (
    draft TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    path TEXT NOT NULL, text TEXT, base TEXT, encoding TEXT NOT NULL, PRIMARY KEY (draft, path)
  ) WITHOUT ROWID;
  CREATE TABLE samples (id TEXT PRIMARY KEY, sample TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE proposed_keys (name TEXT PRIMARY KEY, proposed TEXT NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit events stay'); END;
  CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit events stay'); END;
`

/** Throws when the file cannot be opened or has another format. Its mode is made 0600: it holds password hashes. */
export function openTables(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    if (path !== ':memory:') chmodSync(path, 0o600)
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON',
    )
    db.exec('BEGIN IMMEDIATE')
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version !== 0 && version !== VERSION)
      throw new Error(`the console's file has format ${version}, this program reads ${VERSION}`)
    db.exec(version === 0 ? `${TABLES} PRAGMA user_version = ${VERSION}; COMMIT` : 'COMMIT')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
