/** What a change does to protection, and how single verdicts add up. Looser is whatever is not proved otherwise. */
import type { Say } from '../../base/fields.ts'
import type { Position } from '../../base/problem.ts'

export type Verdict = 'tighter' | 'looser' | 'same'

export interface Judged {
  readonly verdict: Verdict
  readonly reason: Say
}

/** One difference between two bundles. */
export interface Change extends Judged {
  /** where in the bundle: `mask.policies.research.cells.mobile`, `access.entries.his.bill.roles` */
  readonly path: string
  /** where it was and is written; null = not there, or in no file */
  readonly before: Position | null
  readonly after: Position | null
}

/** One looser part makes the whole looser; otherwise one tighter part makes it tighter. */
export function together(verdicts: Iterable<Verdict>): Verdict {
  let all: Verdict = 'same'
  for (const verdict of verdicts) {
    if (verdict === 'looser') return 'looser'
    if (verdict === 'tighter') all = 'tighter'
  }
  return all
}

export const judged = (verdict: Verdict, zh: string, en: string): Judged => ({ verdict, reason: { zh, en } })
