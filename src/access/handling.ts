/**
 * Handling (rules-language.md, Two words): the level of a payload adjusted by form, stage and place (R081 to R084). It
 * drives controls and never a treatment. A level is intrinsic; what a gateway sends is in use between two institutions,
 * which is where the scale has its zero.
 */

export type Handling = 1 | 2 | 3 | 4 | 5

export interface HandlingFacts {
  /** highest level met in the payload, raised by content: 0 = nothing of any level */
  readonly level: number
  /** highest level that is left of it after masking */
  readonly left: number
  readonly stage: 'stored' | 'in-use'
  readonly place: 'inside' | 'member' | 'third-party'
}

/** One step each: masked is lower than the original (R082), stored lower than in use (R083), inside lower than outside (R084). */
export function handlingOf({ level, left, stage, place }: HandlingFacts): Handling {
  const form = left < level ? -1 : 0
  const where = place === 'inside' ? -1 : place === 'third-party' ? 1 : 0
  const when = stage === 'stored' ? -1 : 0
  return Math.min(5, Math.max(1, level + form + when + where)) as Handling
}

/** What a handling demands of the road and of who asks. */
export interface Controls {
  /** the opening line is on the disk before the first byte leaves */
  readonly fsync: boolean
  /** what leaves is looked through once more */
  readonly verify: boolean
  /** how old the caller's strong authentication may be, in milliseconds; null = none is asked for (domain.md 4.6) */
  readonly stepUpMs: number | null
  /** persons who approve a grant */
  readonly approvals: 0 | 1 | 2
}

const MINUTE = 60_000
const BY_HANDLING: Readonly<Record<Handling, Controls>> = {
  1: { fsync: false, verify: false, stepUpMs: null, approvals: 0 },
  2: { fsync: false, verify: false, stepUpMs: null, approvals: 0 },
  3: { fsync: false, verify: false, stepUpMs: null, approvals: 1 },
  4: { fsync: false, verify: true, stepUpMs: 15 * MINUTE, approvals: 1 },
  5: { fsync: true, verify: true, stepUpMs: 5 * MINUTE, approvals: 2 },
}

export const controlsOf = (handling: Handling): Controls => BY_HANDLING[handling]

/** The scenarios in which the receiver is no member of the consortium. */
const THIRD_PARTY: ReadonlySet<string> = new Set(['third-party', 'insurance'])

/** Where the bytes go: to whom they came from, to another member, or out of the consortium. */
export function placeOf(
  recipient: string,
  provider: string,
  role: string,
  scenario: string | null,
): HandlingFacts['place'] {
  if (role === 'third-party' || (scenario !== null && THIRD_PARTY.has(scenario))) return 'third-party'
  return recipient === provider ? 'inside' : 'member'
}
