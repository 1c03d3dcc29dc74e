/**
 * The call as each step leaves it: immutable, one fact richer each time. The types prove the order: forward() takes a
 * SealedCall, a SealedCall holds a Permit, and only authorize() makes one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Institution, Match, Permit, Principal } from '../access/model.ts'
import type { LastToken } from '../access/token.ts'
import type { Plan } from '../mask/plan.ts'
import type { PeerFacts } from '../pki/peer.ts'
import type { MaskingCounts } from '../ports/record.ts'
import type { AnswerHeaders } from '../ports/upstream.ts'
import type { Snapshot } from './snapshot.ts'
import type { Watch } from './watch.ts'

/** Who holds the other end of the connection; the same object for all its calls. */
export interface Peer {
  readonly certificate: PeerFacts
  /** canonical text of the TCP peer's address, IPv4-mapped IPv6 as IPv4 */
  readonly address: string
  readonly last: LastToken
}

/** 0, listener: bytes became a request with a certificate behind it. */
export interface ReceivedCall {
  readonly id: string
  /** epoch milliseconds */
  readonly start: number
  /** everything the call is judged under, to its end */
  readonly snapshot: Snapshot
  readonly peer: Peer
  readonly method: string
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** what happens to the call from outside and what it holds; the only part that changes */
  readonly watch: Watch
}

/** 1, identify */
export interface IdentifiedCall extends ReceivedCall {
  readonly institution: Institution
}

/** 2, match */
export interface MatchedCall extends IdentifiedCall {
  readonly match: Match
}

/** 3, authenticate */
export interface AuthenticatedCall extends MatchedCall {
  readonly principal: Principal
}

/** 4, authorize */
export interface PermittedCall extends AuthenticatedCall {
  readonly match: Extract<Match, { kind: 'entry' }>
  readonly permit: Permit
  readonly plans: Plans
}

export interface Plans {
  /** null: the entry takes no body, or its request policy is `none` */
  readonly request: Plan | null
  /** null: `masking: none` */
  readonly response: Plan | null
  /** `masking: none` or nothing to do either way: bytes may pass on as they come */
  readonly passes: boolean
  /** verb create or update: masked values written back are refused (X40) */
  readonly writeCheck: boolean
}

/** 5, mask-request: the bytes that may go upstream */
export interface SealedCall extends PermittedCall {
  readonly sealed: {
    readonly body: Buffer | null
    readonly contentType: string | null
    readonly masking: MaskingCounts | null
  }
}

/** 6, forward: the upstream's answer, unread */
export interface AnsweredCall extends SealedCall {
  readonly answer: { readonly status: number; readonly headers: AnswerHeaders; readonly body: Buffer }
}

/** 7, mask-response: the bytes that may go to the caller */
export interface MaskedCall extends AnsweredCall {
  readonly reply: Reply
}

export interface Reply {
  readonly status: number
  /** null: no body (204, 304, HEAD) */
  readonly body: Buffer | null
  readonly contentType: string | null
  readonly masking: MaskingCounts | null
  readonly rows: number | null
}

/** 8, open-record: the journal has the opening line */
export interface OpenedCall extends MaskedCall {
  readonly opened: true
}

/** Any state, for the catch and the record: what is known of a call that may have ended anywhere. */
export type Furthest = ReceivedCall &
  Partial<Omit<PermittedCall, keyof ReceivedCall | 'match'>> & { readonly match?: Match } & Partial<
    Pick<OpenedCall, 'sealed' | 'answer' | 'reply' | 'opened'>
  >
