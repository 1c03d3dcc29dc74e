/**
 * The release desk: what the console and the commands do with bundles. One implementation (cli/release/desk.ts) over a
 * bundle store. The caller has decided who `who` is and that this person may ask; the desk decides what is released.
 *
 * A release: `submit` a draft -> `prepare` the statement to sign -> the person signs it (WebCrypto ECDSA P-256, or
 * `veilgate rules approve`) -> `approve` with the compact JWS -> `activate` when the verdict says `released: true`.
 * A rollback: `prepare({ act: 'rollback', id })` -> sign -> `approve` -> `activate`.
 */
import type { Problem } from '../base/problem.ts'
import type { ShadowOrder } from '../release/book.ts'
import type { ReleaseCode } from '../release/codes.ts'
import type {
  Act,
  Approver,
  BundleFile,
  BundleRef,
  ChangeClass,
  Claims,
  Entry,
  StatedClass,
  Submission,
} from '../release/model.ts'
import type { Closed } from '../release/proposals.ts'
import type { Attestation } from './bundle-store.ts'

export interface Draft {
  readonly files: readonly BundleFile[]
  /** account that wrote it */
  readonly author: string
  readonly why: string
  /** hash of the bundle the draft was made from: refused when another is in force by now. undefined: not checked */
  readonly basedOn?: string | null
}

/** One thing that a change does, as `rules diff` words it. */
export interface ChangeLine {
  readonly class: ChangeClass
  readonly what: string
  readonly zh: string
  readonly en: string
}

export interface Submitted {
  /** null: the gate refused it and nothing was kept */
  readonly bundle: BundleRef | null
  readonly refused: ReleaseCode | null
  readonly problems: readonly Problem[]
  readonly tests: { readonly passed: number; readonly failed: number }
  readonly class: ChangeClass
  readonly changes: readonly ChangeLine[]
  /** people who must sign */
  readonly needs: number
}

export interface BundleView extends BundleRef {
  readonly submission: Submission
  /** draft: never in force, and open. active: in force now. past: was in force, can be rolled back to */
  readonly state: 'draft' | 'refused' | 'withdrawn' | 'active' | 'past'
  /** who refused or withdrew it, when and why */
  readonly closed: Closed | null
  /** against what is in force now; null for the active one */
  readonly class: StatedClass | null
  readonly needs: number
  /** people whose statements for this change, from what is in force now, are good */
  readonly signed: readonly string[]
  /** a tightening released by one person, still to be looked at by another */
  readonly toReview: boolean
}

export interface StatementRequest {
  readonly act: Act
  /** id or hash (or 8 and more of its hex digits) for release, rollback, review, refuse, shadow */
  readonly id?: string
  /** enrol: the key; remove: only its id counts; destroy: `subject` */
  readonly approver?: Approver
  readonly subject?: string
  readonly parent?: string
  readonly share?: number
  readonly why: string
  /** seconds the statement counts; default 7 days, at most 30; a shadow run ends with it */
  readonly lifetime?: number
}

/**
 * What is to be signed: `base64url(JSON(header)) . base64url(payload)`, ES256, with the header
 * { alg: 'ES256', kid: RFC 7638 thumbprint of the signer's key, typ }. */
export interface Prepared {
  readonly claims: Claims
  /** the exact text of the JWS payload */
  readonly payload: string
  readonly typ: string
  /** people who must sign */
  readonly needs: number
}

export interface Verdict {
  /** may be activated now; for enrol, remove, review, refuse and shadow: has taken effect */
  readonly released: boolean
  readonly refused: ReleaseCode | null
  readonly signed: readonly string[]
  readonly needs: number
}

export interface ReleaseState {
  readonly source: 'folder' | 'store'
  readonly approval: 'required' | 'off'
  readonly active: BundleRef | null
  readonly roster: readonly Approver[]
  /** hash a change of the roster names as its parent */
  readonly rosterHash: string
  /** newest entry whose alarm nobody has reviewed, or null */
  readonly alarm: Entry | null
  /** seq -> why: entries of the history that claim what they do not prove. They moved nothing */
  readonly unproved: ReadonlyMap<number, ReleaseCode>
  /** the candidate that runs beside the rules in force until then; it may be over already */
  readonly shadow: ShadowOrder | null
}

export interface ReleaseDesk {
  state(): Promise<ReleaseState>
  /** Compiles, tests and classes a draft without keeping it. */
  examine(draft: Draft): Promise<Submitted>
  /** The same, and keeps it when the gate lets it through. */
  submit(draft: Draft): Promise<Submitted>
  /** newest first, at most 200 */
  bundles(): Promise<readonly BundleView[]>
  bundle(id: string): Promise<(BundleView & { readonly files: readonly BundleFile[] }) | null>
  /** Rejects with ReleaseError (BUNDLE_UNKNOWN, ROLLBACK_NEVER_ACTIVE, ...). */
  prepare(request: StatementRequest): Promise<Prepared>
  /** Takes a signed statement; kept only when it is good. */
  approve(jws: string): Promise<Verdict>
  /** Puts a bundle in force for every node. */
  activate(id: string, who: string, why: string): Promise<Verdict>
  /**
   * Takes a proposal back: its author withdraws it. Refusing one is signed (`prepare({ act: 'refuse' })` and `approve`) but
   * where approvals are off. Whoever signed it signs again when it is submitted again.
   */
  drop(id: string, how: Closed['how'], who: string, why: string): Promise<Verdict>
  /** Ends the shadow run. */
  stopShadow(who: string, why: string): Promise<Verdict>
  /** newest first; `before` is a seq */
  history(limit: number, before?: number): Promise<readonly Entry[]>
  attestations(): Promise<readonly Attestation[]>
  close(): Promise<void>
}
