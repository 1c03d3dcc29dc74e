/** Where revocation lists come from. Lists are verified before they count, and swapped whole. */
import type { RevocationSets } from '../access/identify.ts'

export interface RevocationSource {
  current(): RevocationSets
  /** Reads again. Resolves to true when a list changed; never rejects: what failed is told through the source's listener. */
  reload(): Promise<boolean>
}
