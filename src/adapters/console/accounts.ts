/** Accounts, sessions, failed attempts and audit events in SQLite. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Account, Failures, Session } from '../../accounts/model.ts'
import type { Accounts, AuditEvent } from '../../ports/accounts.ts'

/** failures are forgotten after two days: the longest wait is an hour */
const FAILURES_MS = 2 * 86_400_000

export class SqliteAccounts implements Accounts {
  readonly #db: DatabaseSync
  readonly #sql: (sql: string) => StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    const prepared = new Map<string, StatementSync>()
    this.#sql = (sql) => {
      let statement = prepared.get(sql)
      if (statement === undefined) prepared.set(sql, (statement = db.prepare(sql)))
      return statement
    }
  }

  accounts(): Account[] {
    return (this.#sql('SELECT account, step FROM accounts ORDER BY name').all() as unknown as Row[]).map(accountOf)
  }

  account(id: string): Account | null {
    return orNull(this.#sql('SELECT account, step FROM accounts WHERE id = ?').get(id))
  }

  accountNamed(name: string): Account | null {
    return orNull(this.#sql('SELECT account, step FROM accounts WHERE name = ?').get(name))
  }

  putAccount(account: Account): boolean {
    const { changes } = this.#sql(
      `INSERT INTO accounts (id, name, step, account) SELECT ?1, ?2, ?3, ?4
       WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE name = ?2 AND id <> ?1)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, account = excluded.account,
         step = CASE WHEN excluded.account ->> '$.totp.secret' IS accounts.account ->> '$.totp.secret'
                THEN MAX(accounts.step, excluded.step) ELSE excluded.step END`,
    ).run(account.id, account.name, account.totp?.step ?? -1, JSON.stringify(account))
    return Number(changes) > 0
  }

  session(hash: string): Session | null {
    const row = this.#sql('SELECT session FROM sessions WHERE hash = ?').get(hash) as { session: string } | undefined
    return row === undefined ? null : (JSON.parse(row.session) as Session)
  }

  putSession(session: Session): void {
    this.#sql(
      'INSERT INTO sessions VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET ends = excluded.ends, session = excluded.session',
    ).run(session.hash, session.account, session.endsAt, JSON.stringify(session))
  }

  endSession(hash: string): void {
    this.#sql('DELETE FROM sessions WHERE hash = ?').run(hash)
  }

  endSessions(account: string): void {
    this.#sql('DELETE FROM sessions WHERE account = ?').run(account)
  }

  failures(key: string): Failures | null {
    const row = this.#sql('SELECT failures FROM failures WHERE key = ?').get(key) as { failures: string } | undefined
    return row === undefined ? null : (JSON.parse(row.failures) as Failures)
  }

  putFailures(key: string, failures: Failures): void {
    this.#sql(
      'INSERT INTO failures VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last, failures = excluded.failures',
    ).run(key, failures.last, JSON.stringify(failures))
  }

  forgetFailures(key: string): void {
    this.#sql('DELETE FROM failures WHERE key = ?').run(key)
  }

  takeStep(account: string, step: number): boolean {
    const { changes } = this.#sql('UPDATE accounts SET step = ?2 WHERE id = ?1 AND step < ?2').run(account, step)
    return Number(changes) > 0
  }

  audit(event: Omit<AuditEvent, 'id'>): void {
    this.#sql('INSERT INTO audit (at, event) VALUES (?, ?)').run(Date.parse(event.at), JSON.stringify(event))
  }

  events(since: number, limit: number, before: number = Number.MAX_SAFE_INTEGER): AuditEvent[] {
    const sql = 'SELECT id, event FROM audit WHERE at >= ? AND id < ? ORDER BY id DESC LIMIT ?'
    const rows = this.#sql(sql).all(since, before, limit)
    return (rows as unknown as { id: number; event: string }[]).map(({ id, event }) => ({
      id,
      ...(JSON.parse(event) as Omit<AuditEvent, 'id'>),
    }))
  }

  sweep(now: number): void {
    this.#sql('DELETE FROM sessions WHERE ends < ?').run(now)
    this.#sql('DELETE FROM failures WHERE last < ?').run(now - FAILURES_MS)
  }

  close(): void {
    this.#db.close()
  }
}

interface Row {
  readonly account: string
  readonly step: number
}

/** The step's column is the truth: it alone is compared and set in one statement. */
function accountOf(row: Row): Account {
  const account = JSON.parse(row.account) as Account
  return account.totp === null ? account : { ...account, totp: { ...account.totp, step: Number(row.step) } }
}

const orNull = (row: unknown): Account | null => (row === undefined ? null : accountOf(row as Row))
