/** What is done to accounts, by `veilgate users` and by the console's administrators alike. */
import {
  type Account,
  type Cost,
  firstPassword,
  hashPassword,
  isAdmin,
  NAME,
  type Role,
  rolesExclude,
  SALT_BYTES,
} from '../../accounts/index.ts'
import type { Accounts } from '../../ports/accounts.ts'

export type PeopleCode =
  | 'NAME_INVALID'
  | 'NAME_TAKEN'
  | 'ROLES_EXCLUDE'
  | 'ACCOUNT_UNKNOWN'
  | 'OWN_ACCOUNT'
  | 'LAST_ADMIN'

export class PeopleError extends Error {
  override readonly name = 'PeopleError'
  readonly code: PeopleCode
  constructor(code: PeopleCode) {
    super(code)
    this.code = code
  }
}

export interface PeopleOptions {
  readonly accounts: Accounts
  /** ms since 1970 */
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  readonly cost: Cost
}

export interface Change {
  readonly displayName?: string
  readonly roles?: readonly Role[]
  readonly disabled?: boolean
}

export class People {
  readonly #o: PeopleOptions

  constructor(options: PeopleOptions) {
    this.#o = options
  }

  /** A new account with a first password that is shown once. Throws PeopleError. */
  async add(name: string, displayName: string, roles: readonly Role[]) {
    if (!NAME.test(name)) throw new PeopleError('NAME_INVALID')
    if (rolesExclude(roles)) throw new PeopleError('ROLES_EXCLUDE')
    const { accounts, now, random } = this.#o
    const account: Account = {
      id: idFrom(random(16)),
      name,
      displayName,
      roles: [...new Set(roles)],
      disabled: false,
      password: '',
      totp: null,
      createdAt: new Date(now()).toISOString(),
      lastSignIn: null,
    }
    const { password, hash } = await this.#first()
    const made = { ...account, password: hash }
    if (!accounts.putAccount(made)) throw new PeopleError('NAME_TAKEN')
    return { account: made, password }
  }

  /** Ends the account's sessions. `by`: the administrator's account, null for the command. Throws PeopleError. */
  change(id: string, change: Change, by: string | null): Account {
    const account = this.#known(id, by)
    const next: Account = { ...account, ...change }
    if (rolesExclude(next.roles)) throw new PeopleError('ROLES_EXCLUDE')
    this.#keepsAdmin(account, next)
    this.#o.accounts.putAccount(next)
    this.#o.accounts.endSessions(id)
    return next
  }

  /** Takes password and TOTP away and lifts a lock-out. Throws PeopleError. */
  async reset(id: string, by: string | null) {
    this.#known(id, by)
    const { password, hash } = await this.#first()
    const { accounts } = this.#o
    // read after the wait: what was done to it meanwhile stays done
    const account = this.#known(id, by)
    const next: Account = { ...account, password: hash, totp: null }
    accounts.putAccount(next)
    accounts.endSessions(id)
    accounts.forgetFailures(failureKey(account.name))
    return { account: next, password }
  }

  #known(id: string, by: string | null): Account {
    const account = this.#o.accounts.account(id)
    if (account === null) throw new PeopleError('ACCOUNT_UNKNOWN')
    if (id === by) throw new PeopleError('OWN_ACCOUNT')
    return account
  }

  #keepsAdmin(before: Account, after: Account): void {
    if (!isAdmin(before) || isAdmin(after)) return
    const others = this.#o.accounts.accounts().filter((a) => a.id !== before.id && isAdmin(a))
    if (others.length === 0) throw new PeopleError('LAST_ADMIN')
  }

  async #first() {
    const { random, cost } = this.#o
    const password = firstPassword(random(20))
    return { password, hash: await hashPassword(password, random(SALT_BYTES), cost) }
  }
}

/** As accounts are named, however it was typed. */
export const spelt = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** What failed attempts at an account are counted under. */
export const failureKey = (name: string): string => `account:${spelt(name)}`

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** 26 characters of base32 from 16 random bytes. */
export function idFrom(random: Uint8Array): string {
  let bits = 0
  let held = 0
  let id = ''
  for (const byte of random) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) id += BASE32[(held >> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return bits > 0 ? id + BASE32[(held << (5 - bits)) & 31] : id
}
