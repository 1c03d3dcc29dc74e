/** The payload of a statement, read strictly: exactly the members of its act, each in its one form. */

import { readApprover } from './approvers.ts'
import { ReleaseError } from './codes.ts'
import { ACTS, type Act, type Claims, type StatedClass } from './model.ts'

export const DAY_SECONDS = 86_400
/** a statement counts at most this long */
export const MAX_LIFETIME = 30 * DAY_SECONDS
export const DEFAULT_LIFETIME = 7 * DAY_SECONDS

const HASH = /^sha256:[0-9a-f]{64}$/
const JTI = /^[A-Za-z0-9_-]{16,64}$/
const PERSON = /^[a-z0-9][a-z0-9._-]{0,63}$/
const DESTROYED = /^(?:epoch:e[1-9]\d{0,5}|dataset:[a-z0-9][a-z0-9._-]{0,63})$/
const MAX_WHY = 500
/** a fingerprint of a keyring */
const RING = /^[0-9a-f]{32}$/

interface Shape {
  readonly subject: RegExp
  readonly parent: RegExp
  readonly parentMayBeNull: boolean
  readonly files: boolean
  readonly classes: readonly StatedClass[]
  readonly more: readonly ('approver' | 'share')[]
}

const CHANGES = ['same', 'tighter', 'looser'] as const
const bundle = { subject: HASH, parent: HASH, files: true, more: [] } as const
const person = { subject: PERSON, parent: HASH, parentMayBeNull: false, files: false, classes: ['roster'] } as const

const SHAPES: Readonly<Record<Act, Shape>> = {
  release: { ...bundle, parentMayBeNull: true, classes: CHANGES },
  rollback: { ...bundle, parentMayBeNull: false, classes: ['rollback'] },
  review: { ...bundle, parentMayBeNull: true, classes: CHANGES },
  refuse: { ...bundle, parentMayBeNull: true, classes: ['refuse'] },
  shadow: { ...bundle, parentMayBeNull: false, classes: ['shadow'], more: ['share'] },
  enrol: { ...person, more: ['approver'] },
  remove: { ...person, more: [] },
  destroy: { subject: DESTROYED, parent: RING, parentMayBeNull: false, files: false, classes: ['destroy'], more: [] },
}

const MEMBERS = ['v', 'act', 'subject', 'files', 'parent', 'class', 'iat', 'exp', 'jti', 'why'] as const

/** Throws ReleaseError APPROVAL_MALFORMED. */
export function readClaims(payload: unknown): Claims {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return malformed()
  const raw = payload as Record<string, unknown>
  const act = raw['act']
  if (raw['v'] !== 1 || !ACTS.includes(act as Act)) return malformed()
  const shape = SHAPES[act as Act]
  const members = new Set<string>([...MEMBERS, ...shape.more])
  const keys = Object.keys(raw)
  if (keys.length !== members.size || !keys.every((key) => members.has(key))) return malformed()
  const claims = raw as unknown as Claims
  if (!subjectFits(claims, shape) || !timesFit(claims) || !shape.classes.includes(claims.class)) return malformed()
  if (typeof claims.jti !== 'string' || !JTI.test(claims.jti)) return malformed()
  if (typeof claims.why !== 'string' || claims.why.length > MAX_WHY || hasControls(claims.why)) return malformed()
  if (shape.more.includes('share') && !shareFits(claims.share)) return malformed()
  if (!shape.more.includes('approver')) return claims
  const approver = approverOf(claims.approver)
  return approver.id === claims.subject ? { ...claims, approver } : malformed()
}

function subjectFits({ subject, files, parent }: Claims, shape: Shape): boolean {
  if (typeof subject !== 'string' || !shape.subject.test(subject)) return false
  if (shape.files ? typeof files !== 'string' || !HASH.test(files) : files !== null) return false
  return parent === null ? shape.parentMayBeNull : typeof parent === 'string' && shape.parent.test(parent)
}

function timesFit({ iat, exp }: Claims): boolean {
  return Number.isSafeInteger(iat) && Number.isSafeInteger(exp) && iat > 0 && exp > iat && exp - iat <= MAX_LIFETIME
}

const shareFits = (share: unknown): boolean => typeof share === 'number' && share >= 0.001 && share <= 1

/** Lines of a history are printed: nothing in them may move a cursor or fake another line. */
const hasControls = (text: string): boolean => /\p{Cc}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069]/u.test(text)

function approverOf(value: unknown) {
  try {
    const approver = readApprover(value)
    return Object.keys(value as object).length === 3 ? approver : malformed()
  } catch {
    return malformed()
  }
}

function malformed(): never {
  throw new ReleaseError('APPROVAL_MALFORMED')
}
