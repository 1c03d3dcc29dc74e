/**
 * The bundle store of a single node: one SQLite file. Synchronous inside, so the road never opens it itself: `serve`
 * reaches it through threaded.ts, commands open it directly beside the running gateway.
 */
import { DatabaseSync } from 'node:sqlite'
import {
  type Attestation,
  type BundleHead,
  type BundleStore,
  BundleStoreError,
  type StoredBundle,
} from '../../ports/bundle-store.ts'
import { NO_HISTORY } from '../../release/history.ts'
import type { Entry, Head } from '../../release/model.ts'
import { readAttestation, readHead, readStored, readStoredEntry } from './stored.ts'

/** in PRAGMA user_version */
const VERSION = 1

const TABLES = `
  CREATE TABLE bundles (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, head TEXT NOT NULL, bundle TEXT NOT NULL);
  CREATE TABLE entries (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, entry TEXT NOT NULL);
  CREATE TABLE nodes (node TEXT PRIMARY KEY, attestation TEXT NOT NULL) WITHOUT ROWID;
`

/** Throws BundleStoreError when the file cannot be opened or has another format. */
export class SqliteBundleStore implements BundleStore {
  readonly #db: DatabaseSync

  constructor(path: string) {
    this.#db = open(path)
  }

  async putBundle(bundle: StoredBundle): Promise<boolean> {
    const { id, hash, submission } = bundle
    const sql = 'INSERT INTO bundles (id, head, bundle) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
    const head = JSON.stringify({ id, hash, submission })
    return this.#run(() => Number(this.#db.prepare(sql).run(id, head, JSON.stringify(bundle)).changes) === 1)
  }

  async bundle(id: string): Promise<StoredBundle | null> {
    const row = this.#run(() => this.#db.prepare('SELECT bundle AS text FROM bundles WHERE id = ?').get(id))
    return row === undefined ? null : readStored(textOf(row))
  }

  async bundles(limit: number): Promise<readonly BundleHead[]> {
    const rows = this.#run(() =>
      this.#db.prepare('SELECT head AS text FROM bundles ORDER BY n DESC LIMIT ?').all(limit),
    )
    return rows.map((row) => readHead(textOf(row)))
  }

  async head(): Promise<Head> {
    return this.#run(() => this.#head())
  }

  async append(entry: Entry): Promise<boolean> {
    return this.#run(() => {
      this.#db.exec('BEGIN IMMEDIATE')
      try {
        const { seq, hash } = this.#head()
        const follows = entry.seq === seq + 1 && entry.prev === hash
        if (follows)
          this.#db.prepare('INSERT INTO entries VALUES (?, ?, ?)').run(entry.seq, entry.hash, JSON.stringify(entry))
        this.#db.exec('COMMIT')
        return follows
      } catch (error) {
        this.#db.exec('ROLLBACK')
        throw error
      }
    })
  }

  async entries(after: number, limit: number): Promise<readonly Entry[]> {
    const sql = 'SELECT entry AS text FROM entries WHERE seq > ? ORDER BY seq LIMIT ?'
    return this.#run(() => this.#db.prepare(sql).all(after, limit)).map((row) => readStoredEntry(textOf(row)))
  }

  async attest(attestation: Attestation): Promise<void> {
    const sql = 'INSERT INTO nodes VALUES (?, ?) ON CONFLICT DO UPDATE SET attestation = excluded.attestation'
    this.#run(() => this.#db.prepare(sql).run(attestation.node, JSON.stringify(attestation)))
  }

  async attestations(): Promise<readonly Attestation[]> {
    const rows = this.#run(() => this.#db.prepare('SELECT attestation AS text FROM nodes ORDER BY node').all())
    return rows.map((row) => readAttestation(textOf(row)))
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close()
  }

  #head(): Head {
    const row = this.#db.prepare('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1').get()
    return row === undefined ? NO_HISTORY : { seq: Number(row['seq']), hash: String(row['hash']) }
  }

  /** What SQLite says may name a file: the code alone goes on. */
  #run<T>(ask: () => T): T {
    try {
      return ask()
    } catch {
      throw new BundleStoreError('STORE_UNAVAILABLE')
    }
  }
}

const textOf = (row: unknown): string => String((row as { readonly text: unknown }).text)

function open(path: string): DatabaseSync {
  let db: DatabaseSync
  let version: number
  try {
    db = new DatabaseSync(path)
    // FULL: a release that was said to be kept must survive a loss of power
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec('BEGIN IMMEDIATE')
    version = Number(db.prepare('PRAGMA user_version').get()!['user_version'])
    if (version === 0) db.exec(`${TABLES} PRAGMA user_version = ${VERSION};`)
    db.exec('COMMIT')
  } catch {
    throw new BundleStoreError('STORE_UNAVAILABLE')
  }
  if (version !== 0 && version !== VERSION) {
    db.close()
    throw new BundleStoreError('STORE_VERSION')
  }
  return db
}
