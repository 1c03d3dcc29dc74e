/** Brute force: after some failures an account or an address waits, longer each time, and a right guess waits as well. */
import type { Failures } from './model.ts'

export interface Patience {
  /** failures before the first wait */
  readonly free: number
  /** ms without a failure after which everything begins anew */
  readonly forget: number
}

const HOUR = 3_600_000
export const ACCOUNT: Patience = { free: 5, forget: 24 * HOUR }
/** one address may stand for a whole office: mistakes of a day must not add up */
export const ADDRESS: Patience = { free: 20, forget: HOUR }

const FIRST_WAIT = 60_000
const LONGEST_WAIT = HOUR

/** Seconds until an attempt is judged again; 0 = now. */
export function waitOf(failures: Failures | null, now: number): number {
  return failures === null || failures.until <= now ? 0 : Math.ceil((failures.until - now) / 1000)
}

/** One more failure at `now` (ms since 1970). */
export function failed(failures: Failures | null, { free, forget }: Patience, now: number): Failures {
  const before = failures === null || failures.last + forget < now ? 0 : failures.count
  const count = before + 1
  const wait = count < free ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, count - free))
  return { count, until: wait === 0 ? 0 : now + wait, last: now }
}
