/** Where the public keys of token issuers come from. The set is swapped whole; a failed reload leaves the last good one. */
import type { KeySet } from '../access/keys.ts'

export interface KeySource {
  current(): KeySet
  /** Reads again. Resolves to true when the set changed; never rejects: what failed is told through the source's listener. */
  reload(): Promise<boolean>
}
