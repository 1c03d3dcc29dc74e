/** Sessions: an opaque random value in a cookie, its digest in the store, two ends. */
import { createHash, createHmac } from 'node:crypto'
import type { Account, Session, Stage } from './model.ts'

export const IDLE_MS = 30 * 60_000
export const ABSOLUTE_MS = 12 * 3_600_000
/** an enrolment that is not finished by then begins anew */
const ENROL_MS = 15 * 60_000
export const SESSION_BYTES = 32

export const sessionHash = (value: string): string => createHash('sha256').update(value).digest('hex')

/** Derived from the cookie's value, which no script and no other origin can read: nothing more to keep. */
export const csrfOf = (value: string): string => createHmac('sha256', value).update('csrf').digest('base64url')

export function openSession(value: string, account: string, stage: Stage, now: number): Session {
  const endsAt = now + (stage === 'full' ? ABSOLUTE_MS : ENROL_MS)
  return { hash: sessionHash(value), account, stage, pending: null, seenAt: now, endsAt }
}

export const idleUntil = (session: Session): number => Math.min(session.endsAt, session.seenAt + IDLE_MS)

/** Does it still count? An account that was disabled or is not at the session's stage ends it. */
export function holds(session: Session, account: Account | null, now: number): boolean {
  if (account === null || account.disabled || now >= idleUntil(session)) return false
  return (account.totp === null) === (session.stage === 'enrol')
}
