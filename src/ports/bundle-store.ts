/**
 * Where bundles, the history of releases and what nodes say of themselves are kept: one file for a single node, Redis
 * for several. Nothing in it is secret and nothing in it is believed: readers verify ids, hashes and signatures.
 */
import type { Bundle, BundleRef, Entry, Head, Submission } from '../release/model.ts'

export interface StoredBundle extends Bundle {
  readonly submission: Submission
}

/** A bundle without its files. */
export type BundleHead = BundleRef & { readonly submission: Submission }

/** What one node says of itself. */
export interface Attestation {
  readonly node: string
  /** hash of the bundle its calls run under; null: none */
  readonly hash: string | null
  /** RFC 3339, UTC: since when */
  readonly since: string
  /** RFC 3339, UTC: when it was last heard of */
  readonly seen: string
  /** fingerprint of its keyring, telling nothing of the keys */
  readonly keyring: string
  /** why it is not ready, and what it wants to be known; codes */
  readonly notes: readonly string[]
  readonly shadow: ShadowCounts | null
}

/** A candidate beside the rules in force on the same traffic. Figures only. */
export interface ShadowCounts {
  /** id of the candidate */
  readonly bundle: string
  /** calls compared, and calls that were left out because the run is bounded */
  readonly calls: number
  readonly skipped: number
  /** calls whose reply would differ */
  readonly differing: number
  /** leaves the candidate would treat otherwise: by a method that leaves less, more, or as much */
  readonly tighter: number
  readonly looser: number
  readonly other: number
  /** calls the candidate would fail, by code */
  readonly errors: Readonly<Record<string, number>>
}

/** Every method rejects with BundleStoreError when the store cannot be reached. */
export interface BundleStore {
  /** Keeps a bundle under its id, and the first submission of it. False: it was there already. */
  putBundle(bundle: StoredBundle): Promise<boolean>
  bundle(id: string): Promise<StoredBundle | null>
  /** newest first */
  bundles(limit: number): Promise<readonly BundleHead[]>
  /** The end of the history: what nodes ask for. */
  head(): Promise<Head>
  /** Appends when the history still ends with `entry.prev`; false otherwise, and nothing is changed. */
  append(entry: Entry): Promise<boolean>
  /** Entries after `seq`, oldest first. */
  entries(after: number, limit: number): Promise<readonly Entry[]>
  /** Replaces what this node said before. */
  attest(attestation: Attestation): Promise<void>
  /** by node name */
  attestations(): Promise<readonly Attestation[]>
  close(): Promise<void>
}

export class BundleStoreError extends Error {
  override readonly name = 'BundleStoreError'
  readonly code: 'STORE_UNAVAILABLE' | 'STORE_VERSION' | 'STORE_DAMAGED' | 'STORE_NOT_DURABLE'
  constructor(code: BundleStoreError['code']) {
    super(code)
    this.code = code
  }
}
