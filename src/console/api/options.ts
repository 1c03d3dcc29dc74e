/** What the API is made of. */
import type { CallQueries } from '../../ports/call-queries.ts'

export interface ApiOptions {
  /** the one bearer secret, at least 32 characters, from the keyring */
  readonly secret: string
  readonly queries: CallQueries
  /** IANA zone of periods */
  readonly zone: string
  /** ms since 1970 */
  readonly now: () => number
}
