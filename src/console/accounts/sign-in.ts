/**
 * Signing in, the second factor, sessions. One answer whatever was wrong, in one time; every attempt is counted before it
 * is judged, so that many at once are no more than one after the other.
 */
import { createHmac } from 'node:crypto'
import {
  ACCOUNT,
  type Account,
  ADDRESS,
  type Cost,
  failed,
  hashPassword,
  holds,
  isWeak,
  openSecret,
  openSession,
  SALT_BYTES,
  SECRET_BYTES,
  SESSION_BYTES,
  type Session,
  sealSecret,
  sessionHash,
  totpSecret,
  totpStep,
  totpUri,
  verifyPassword,
  waitOf,
} from '../../accounts/index.ts'
import type { Accounts } from '../../ports/accounts.ts'
import { Refusal } from '../api/failure.ts'
import { gatekeeper } from './gatekeeper.ts'
import { failureKey, spelt } from './people.ts'

export interface SignInOptions {
  readonly accounts: Accounts
  /** ms since 1970 */
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  readonly cost: Cost
  /** TOTP secrets are sealed under it; 32 bytes */
  readonly totpKey: Uint8Array
}

/** A session with the value its cookie holds. */
export interface Signed {
  readonly value: string
  readonly session: Session
  readonly account: Account
}

/** a session is written again when it was last seen this long ago */
const TOUCH_MS = 20_000

export class SignIn {
  readonly #o: SignInOptions
  readonly #gate = gatekeeper()
  /** what an unknown name's password is compared with */
  readonly #nobody: Promise<string>

  constructor(options: SignInOptions) {
    this.#o = options
    this.#nobody = hashPassword('', options.random(SALT_BYTES), options.cost)
  }

  /** Throws Refusal SIGN_IN_FAILED, TOO_MANY_ATTEMPTS, BUSY. */
  async signIn(name: string, password: string, totp: string, address: string): Promise<Signed> {
    const { accounts, now } = this.#o
    const keys = { account: this.#keyOf(name), address: `address:${address}` }
    const wait = Math.max(
      waitOf(accounts.failures(keys.account), now()),
      waitOf(accounts.failures(keys.address), now()),
    )
    if (wait > 0) throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfter: wait })
    accounts.putFailures(keys.account, failed(accounts.failures(keys.account), ACCOUNT, now()))
    const asked = accounts.accountNamed(spelt(name))
    const right = await this.#verify(password, asked?.password ?? (await this.#nobody))
    const account = asked === null ? null : this.#still(asked)
    if (!right || account === null || account.disabled || !this.#takes(account, totp)) {
      accounts.putFailures(keys.address, failed(accounts.failures(keys.address), ADDRESS, now()))
      throw new Refusal('SIGN_IN_FAILED')
    }
    accounts.forgetFailures(keys.account)
    if (account.totp !== null) accounts.putAccount({ ...account, lastSignIn: new Date(now()).toISOString() })
    return this.#open(account)
  }

  /** The session a cookie's value stands for, null when it does not count (any more). */
  find(value: string): Signed | null {
    const { accounts, now } = this.#o
    const session = accounts.session(sessionHash(value))
    if (session === null) return null
    const account = accounts.account(session.account)
    if (!holds(session, account, now())) {
      accounts.endSession(session.hash)
      return null
    }
    if (now() - session.seenAt < TOUCH_MS) return { value, session, account: account! }
    const seen = { ...session, seenAt: now() }
    accounts.putSession(seen)
    return { value, session: seen, account: account! }
  }

  end(value: string): void {
    this.#o.accounts.endSession(sessionHash(value))
  }

  /** A fresh secret; it counts once a code of it was given. */
  begin({ session, account }: Signed): { readonly secret: string; readonly uri: string } {
    const secret = totpSecret(this.#o.random(SECRET_BYTES))
    this.#o.accounts.putSession({ ...session, pending: sealSecret(this.#o.totpKey, account.id, secret) })
    return { secret, uri: totpUri(secret, account.name) }
  }

  /** Finishes enrolment. Throws Refusal TOTP_NOT_BEGUN, TOTP_WRONG, PASSWORD_WEAK, PASSWORD_SAME, NOT_SIGNED_IN, BUSY. */
  async confirm(signed: Signed, totp: string, password: string): Promise<Signed> {
    const { session, account } = signed
    const { accounts, now } = this.#o
    if (session.pending === null) throw new Refusal('TOTP_NOT_BEGUN')
    this.#patience(account)
    const step = this.#step(account, session.pending, totp, -1)
    if (step === null) {
      this.#count(account)
      throw new Refusal('TOTP_WRONG')
    }
    await this.#judge(password, account)
    const hash = await this.#hash(password)
    const enrolled: Account = {
      ...this.#held(signed),
      password: hash,
      totp: { secret: session.pending, step },
      lastSignIn: new Date(now()).toISOString(),
    }
    accounts.putAccount(enrolled)
    accounts.forgetFailures(failureKey(account.name))
    accounts.endSessions(account.id)
    return this.#open(enrolled)
  }

  /** Throws Refusal PASSWORD_WRONG, TOTP_WRONG, PASSWORD_WEAK, PASSWORD_SAME, TOO_MANY_ATTEMPTS, NOT_SIGNED_IN, BUSY. */
  async changePassword(signed: Signed, current: string, next: string, totp: string): Promise<Signed> {
    const { accounts } = this.#o
    const { account } = signed
    this.#patience(account)
    // of the new one alone: says nothing about the one in use, and is no guess at it
    if (isWeak(next, account.name)) throw new Refusal('PASSWORD_WEAK')
    if (next.normalize('NFKC') === current.normalize('NFKC')) throw new Refusal('PASSWORD_SAME')
    this.#count(account)
    if (!(await this.#verify(current, account.password))) throw new Refusal('PASSWORD_WRONG')
    if (!this.#takes(this.#held(signed), totp)) throw new Refusal('TOTP_WRONG')
    const hash = await this.#hash(next)
    const changed: Account = { ...this.#held(signed), password: hash }
    accounts.putAccount(changed)
    accounts.forgetFailures(failureKey(account.name))
    accounts.endSessions(account.id)
    return this.#open(changed)
  }

  /** The account as it is now, if the secrets that were checked are still its own; null otherwise. */
  #still({ id, password, totp }: Account): Account | null {
    const now = this.#o.accounts.account(id)
    return now !== null && now.password === password && now.totp?.secret === totp?.secret ? now : null
  }

  /** The same for a session: it may have ended, or the account been reset, while a password was stretched. */
  #held({ session, account }: Signed): Account {
    const now = this.#o.accounts.session(session.hash) === null ? null : this.#still(account)
    if (now === null || now.disabled) throw new Refusal('NOT_SIGNED_IN')
    return now
  }

  /**
   * Unknown names are counted as known ones are: waiting tells nothing. One that nobody has may be a password in the wrong
   * field, so no more is kept of it than a keyed digest.
   */
  #keyOf(name: string): string {
    const { accounts, totpKey } = this.#o
    if (accounts.accountNamed(spelt(name)) !== null) return failureKey(name)
    return `unknown:${createHmac('sha256', totpKey).update(spelt(name)).digest('base64url')}`
  }

  #open(account: Account): Signed {
    const { accounts, random, now } = this.#o
    const value = Buffer.from(random(SESSION_BYTES)).toString('base64url')
    const session = openSession(value, account.id, account.totp === null ? 'enrol' : 'full', now())
    accounts.putSession(session)
    return { value, session, account }
  }

  /** A first password is good for enrolment without a code; afterwards every code is good once. */
  #takes(account: Account, totp: string): boolean {
    if (account.totp === null) return true
    const step = this.#step(account, account.totp.secret, totp, account.totp.step)
    return step !== null && this.#o.accounts.takeStep(account.id, step)
  }

  /** A secret that cannot be opened (another keyring, another's row) takes no code. */
  #step({ id }: Account, sealed: string, totp: string, used: number): number | null {
    const secret = openSecret(this.#o.totpKey, id, sealed)
    return secret === null ? null : totpStep(secret, totp, this.#o.now(), used)
  }

  #patience(account: Account): void {
    const wait = waitOf(this.#o.accounts.failures(failureKey(account.name)), this.#o.now())
    if (wait > 0) throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfter: wait })
  }

  #count(account: Account): void {
    const { accounts, now } = this.#o
    const key = failureKey(account.name)
    accounts.putFailures(key, failed(accounts.failures(key), ACCOUNT, now()))
  }

  async #judge(password: string, account: Account): Promise<void> {
    if (isWeak(password, account.name)) throw new Refusal('PASSWORD_WEAK')
    if (await this.#verify(password, account.password)) throw new Refusal('PASSWORD_SAME')
  }

  async #verify(password: string, stored: string): Promise<boolean> {
    const right = await this.#gate.admit(() => verifyPassword(password, stored))
    if (right === null) throw new Refusal('BUSY', { retryAfter: 2 })
    return right
  }

  async #hash(password: string): Promise<string> {
    const { random, cost } = this.#o
    const hash = await this.#gate.admit(() => hashPassword(password, random(SALT_BYTES), cost))
    if (hash === null) throw new Refusal('BUSY', { retryAfter: 2 })
    return hash
  }
}
