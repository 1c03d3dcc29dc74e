/**
 * The list of people who may approve. The first two stand in veilgate.yaml; every later change is signed by two of those
 * who are on the list at that moment. A person has one key, a key one person.
 */
import { createHash, createPublicKey } from 'node:crypto'
import { asSet, canonicalHash } from '../base/canonical.ts'
import { ReleaseError } from './codes.ts'
import type { Approver } from './model.ts'

export type Roster = readonly Approver[]

const MIN = 2
const MAX = 50
const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/
const COORDINATE = /^[A-Za-z0-9_-]{43}$/

/** Throws ReleaseError ROSTER_KEY when id or key are not what they must be. */
export function readApprover(value: unknown): Approver {
  if (typeof value !== 'object' || value === null) throw new ReleaseError('ROSTER_KEY')
  const { id, x, y } = value as Record<string, unknown>
  if (typeof id !== 'string' || !ID.test(id)) throw new ReleaseError('ROSTER_KEY')
  if (typeof x !== 'string' || typeof y !== 'string' || !COORDINATE.test(x) || !COORDINATE.test(y))
    throw new ReleaseError('ROSTER_KEY')
  try {
    createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  } catch {
    throw new ReleaseError('ROSTER_KEY')
  }
  return { id, x, y }
}

/** Changes with any change of the list: a change of it names as its parent what it was made from. */
export const rosterHash = (roster: Roster): string =>
  `sha256:${canonicalHash({ version: 1, approvers: asSet(roster) })}`

/** Throws ReleaseError ROSTER_SIZE, ROSTER_KNOWN, ROSTER_KEY. */
export function checkRoster(roster: Roster): Roster {
  if (roster.length < MIN || roster.length > MAX) throw new ReleaseError('ROSTER_SIZE')
  const read = roster.map(readApprover)
  if (new Set(read.map((a) => a.id)).size < read.length || new Set(read.map((a) => a.x)).size < read.length)
    throw new ReleaseError('ROSTER_KNOWN')
  return read
}

/** Throws as checkRoster(). */
export const enrol = (roster: Roster, approver: Approver): Roster => checkRoster([...roster, approver])

/** Throws ReleaseError ROSTER_UNKNOWN, ROSTER_SIZE. */
export function remove(roster: Roster, id: string): Roster {
  const rest = roster.filter((approver) => approver.id !== id)
  if (rest.length === roster.length) throw new ReleaseError('ROSTER_UNKNOWN')
  return checkRoster(rest)
}

/** RFC 7638 thumbprint, base64url: the `kid` of what this person signs. */
export const keyId = ({ x, y }: Pick<Approver, 'x' | 'y'>): string =>
  createHash('sha256').update(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).digest('base64url')

/** The person a statement's `kid` names. */
export const approverOf = (roster: Roster, kid: string): Approver | null =>
  roster.find((approver) => keyId(approver) === kid) ?? null

export const samePerson = (a: Approver | undefined, b: Approver | undefined): boolean =>
  a !== undefined && b !== undefined && a.id === b.id && keyId(a) === keyId(b)
