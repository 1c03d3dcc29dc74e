/** PURE CORE accounts: who may sign in to the console, and as what. Clock and random bytes are arguments. */

/** editor: writes drafts. approver: signs. auditor: reads everything, changes nothing. ops: figures. admin: accounts. */
export const ROLES = ['editor', 'approver', 'auditor', 'ops', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface Account {
  /** 26 characters of [a-z2-7], never used twice */
  readonly id: string
  /** what is typed at sign-in, and the id of the person's approver key */
  readonly name: string
  readonly displayName: string
  readonly roles: readonly Role[]
  readonly disabled: boolean
  /** as hashPassword() writes it */
  readonly password: string
  /** null until enrolled: the password is then a first one, good for enrolment only */
  readonly totp: Totp | null
  /** RFC 3339, UTC */
  readonly createdAt: string
  readonly lastSignIn: string | null
}

export interface Totp {
  /** sealed, see secret.ts */
  readonly secret: string
  /** time step of the last code that was taken: no code counts twice (RFC 6238 5.2) */
  readonly step: number
}

/** enrol: the account must set password and TOTP before anything else. */
export type Stage = 'enrol' | 'full'

export interface Session {
  /** hex SHA-256 of the cookie's value: what is kept cannot be sent */
  readonly hash: string
  readonly account: string
  readonly stage: Stage
  /** a secret not yet confirmed, sealed (enrol only) */
  readonly pending: string | null
  /** ms since 1970 */
  readonly seenAt: number
  readonly endsAt: number
}

/** Failed attempts under one key: an account or an address. */
export interface Failures {
  readonly count: number
  /** ms since 1970: no attempt is judged before */
  readonly until: number
  readonly last: number
}

export const NAME = /^[a-z][a-z0-9.-]{1,31}$/

/** admin and auditor stand alone: who makes accounts or watches them takes no part in releases. */
export function rolesExclude(roles: readonly Role[]): boolean {
  return roles.length > 1 && (roles.includes('admin') || roles.includes('auditor'))
}

/** Can it sign in and make other accounts? */
export const isAdmin = (account: Account): boolean => !account.disabled && account.roles.includes('admin')
