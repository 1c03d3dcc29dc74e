/**
 * What a release is made of: bundles, the people who may approve, and what they signed. Servers hold public keys only;
 * whoever runs rules verifies every signature itself (rules-language.md, Bundles).
 */

/** What a change does to what leaves, judged on the compiled bundles; everything not proved tighter or same is looser. */
export type ChangeClass = 'same' | 'tighter' | 'looser'

/** One file of a bundle. Tables of samples and dictionaries that are no text are kept as base64. */
export interface BundleFile {
  /** with `/`, relative to the rules folder */
  readonly path: string
  readonly text: string
  readonly encoding: 'utf8' | 'base64'
}

/** A rules folder, whole and immutable. */
export interface Bundle {
  /** `sha256:` over paths and bytes of the files: what is kept and fetched under */
  readonly id: string
  /** `sha256:` over the compiled meaning: what call records and receipts quote */
  readonly hash: string
  readonly files: readonly BundleFile[]
}

export type BundleRef = Pick<Bundle, 'id' | 'hash'>

/** A person who may approve. The key is P-256, its private half never leaves that person's browser or machine. */
export interface Approver {
  /** 1 to 64 of [a-z0-9._-]: who it is in history, in one spelling */
  readonly id: string
  /** base64url coordinates of RFC 7518 6.2.1 */
  readonly x: string
  readonly y: string
}

/**
 * release: put a bundle in force. review: a second person stands by a tightening that is in force already. refuse: what was
 * proposed is not to be released.
 */
export const ACTS = ['release', 'rollback', 'review', 'refuse', 'shadow', 'enrol', 'remove', 'destroy'] as const
export type Act = (typeof ACTS)[number]

/** Class as a statement says it; the class of a release is computed again by everyone who reads it. */
export type StatedClass = ChangeClass | 'rollback' | 'refuse' | 'roster' | 'shadow' | 'destroy'

/** What one person signed: the payload of a JWS (RFC 7515), ES256. */
export interface Claims {
  readonly v: 1
  readonly act: Act
  /** bundle hash; for enrol and remove the person's id, for destroy the name of what is destroyed */
  readonly subject: string
  /** id of the bundle, null where no bundle is meant */
  readonly files: string | null
  /** hash of the bundle in force when it was signed; of the list of approvers; of the keyring. null: nothing in force */
  readonly parent: string | null
  readonly class: StatedClass
  /** seconds since 1970 */
  readonly iat: number
  readonly exp: number
  /** 16 to 64 of [A-Za-z0-9_-], never used twice */
  readonly jti: string
  /** at most 500 characters, for the history */
  readonly why: string
  /** enrol only: the key that is taken up */
  readonly approver?: Approver
  /** shadow only: share of the calls, 0.001 to 1 */
  readonly share?: number
}

/** A statement whose signature is good. */
export interface Statement {
  readonly jws: string
  readonly by: string
  readonly claims: Claims
}

export const ENTRY_KINDS = [
  'submitted',
  'refused',
  'withdrawn',
  'approved',
  'activated',
  'roster',
  'shadow',
  'reviewed',
  'destroyed',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** One line of the history. Only what `statements` prove is believed; the rest is for readers. */
export interface Entry {
  /** from 1, without a gap */
  readonly seq: number
  /** RFC 3339, UTC; never before the entry before it */
  readonly at: string
  /** account or approver */
  readonly who: string
  readonly kind: EntryKind
  readonly why: string
  readonly bundle: BundleRef | null
  /** hash of what was in force before */
  readonly parent: string | null
  readonly class: StatedClass | null
  /** compact JWS */
  readonly statements: readonly string[]
  /** one person rolled back, or released what must be reviewed: somebody should look */
  readonly alarm: boolean
  /** hash of the entry before, 64 zeros at the first */
  readonly prev: string
  /** hex SHA-256 over all other members in canonical form */
  readonly hash: string
}

export type EntryDraft = Omit<Entry, 'seq' | 'prev' | 'hash'>

/** The end of a history; seq 0: there is none yet. */
export interface Head {
  readonly seq: number
  readonly hash: string
}

/** What is kept beside a bundle's files. Written by who submitted it, believed by nobody who runs it. */
export interface Submission {
  readonly author: string
  /** RFC 3339, UTC */
  readonly at: string
  readonly why: string
  /** hash of what was in force when it was submitted */
  readonly parent: string | null
  readonly class: ChangeClass
  readonly tests: { readonly passed: number; readonly failed: number }
}
