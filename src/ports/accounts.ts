/** Where accounts, their sessions and what they did are kept. For the thread that owns it: every method may wait for a file. */
import type { Account, Failures, Session } from '../accounts/model.ts'

/** Who did what when, and how it ended; never what a text held. */
export interface AuditEvent {
  readonly id: number
  /** RFC 3339, UTC */
  readonly at: string
  readonly account: { readonly id: string; readonly name: string } | null
  /** an operationId of the API, or a command */
  readonly action: string
  /** id of what it was done to */
  readonly object: string | null
  /** `ok`, or the code of the refusal */
  readonly outcome: string
  readonly address: string | null
  /** counts and digests */
  readonly note: Readonly<Record<string, string | number | boolean>> | null
}

export interface Accounts {
  /** by name */
  accounts(): Account[]
  account(id: string): Account | null
  accountNamed(name: string): Account | null
  /** Inserts or replaces by id. False, and nothing changed, when another account has the name. */
  putAccount(account: Account): boolean

  session(hash: string): Session | null
  /** Inserts or replaces by hash. */
  putSession(session: Session): void
  endSession(hash: string): void
  /** All of an account. */
  endSessions(account: string): void

  failures(key: string): Failures | null
  putFailures(key: string, failures: Failures): void
  forgetFailures(key: string): void

  /**
   * Takes a TOTP step if no newer or equal one was taken before: of two calls at once one gets true. This is what makes
   * a code count once.
   */
  takeStep(account: string, step: number): boolean

  audit(event: Omit<AuditEvent, 'id'>): void
  /** Newest first, at most `limit`, that happened at `since` (ms since 1970) or later, and older than the event `before`. */
  events(since: number, limit: number, before?: number): AuditEvent[]

  /** Forgets sessions and failures that are over at `now`. */
  sweep(now: number): void
  close(): void
}
