/** What the road is given by the composition root. Getters where a part is swapped while calls run. */
import type { X509Certificate } from 'node:crypto'
import type { RevocationSets } from '../access/identify.ts'
import type { TokenJudge } from '../access/token.ts'
import type { Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import type { CallRecord } from '../ports/record.ts'
import type { PassingUpstream, ReadingUpstream } from '../ports/upstream.ts'
import type { Budget } from './budget.ts'
import type { Metrics } from './metrics.ts'
import type { OwnNames } from './own-names.ts'
import type { Snapshot } from './snapshot.ts'

/** Certificates and revocation lists in force; replaced whole. */
export interface Trust {
  readonly authorities: readonly X509Certificate[]
  readonly revocation: RevocationSets
  /** milliseconds a list counts behind its nextUpdate */
  readonly graceMs: number
  /** the hosts a request may name */
  readonly names: OwnNames
}

export interface Road {
  readonly node: string
  /** null: no bundle could be built yet, calls are refused with POLICY_UNAVAILABLE */
  readonly snapshot: () => Snapshot | null
  readonly trust: () => Trust
  readonly tokens: TokenJudge
  readonly reading: ReadingUpstream
  readonly passing: PassingUpstream
  readonly journal: Journal
  readonly log: Log
  readonly metrics: Metrics
  readonly budget: Budget
  /** epoch milliseconds */
  readonly now: () => number
  /** YYYY-MM-DD of a moment in the configured zone */
  readonly day: (now: number) => string
  readonly newId: () => string
  /** clock tolerance, milliseconds */
  readonly toleranceMs: number
  /** answers carry `Connection: close`: the process is about to stop */
  readonly closing: () => boolean
  /** told of every record when its call is over */
  readonly closed: (record: CallRecord) => void
  /** does a text look like a personal identifier? Decides whether an HL7 control id may be echoed */
  readonly looksLikeIdentifier: (text: string) => boolean
}
