/** What has run out on a day: reviews that were due, approvals that ended (rules-language.md, review and exceptions). */

import type { Position } from '../base/problem.ts'
import { isOver } from './choose.ts'
import type { Policy } from './model.ts'

export interface Due {
  /** a review nobody did; the approval of an exception or of `unknown: keep`, which holds no more */
  readonly what: 'review' | 'exception' | 'unknown'
  readonly policy: string
  /** YYYY-MM-DD, the last good day */
  readonly day: string
  readonly at: Position
}

/** @param today YYYY-MM-DD in the configured zone */
export function dueOf(policies: readonly Policy[], today: string): Due[] {
  const due: Due[] = []
  for (const { id, review, cells, unknown, at } of policies) {
    if (review !== null && review < today) due.push({ what: 'review', policy: id, day: review, at })
    for (const cell of [...cells.values()].flat())
      if (isOver(cell.exception, today))
        due.push({ what: 'exception', policy: id, day: cell.exception!.expires, at: cell.at })
    if (unknown !== null && isOver(unknown, today))
      due.push({ what: 'unknown', policy: id, day: unknown.expires!, at: unknown.at })
  }
  return due
}
