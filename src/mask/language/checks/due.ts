/** Dates that have passed: reviews and approvals of what is uncontrolled. The day comes from outside. */
import type { Checks } from './checks.ts'

/** @param today YYYY-MM-DD in the configured zone */
export function checkDue(checks: Checks, today: string): void {
  for (const policy of checks.rules.policies) {
    if (policy.review !== null && policy.review < today)
      checks.warn(
        policy.at,
        'review-overdue',
        { zh: `应于 ${policy.review} 复核，已逾期`, en: `the review was due on ${policy.review}` },
        { zh: '复核后改写日期', en: 'a review, and a later date' },
      )
    const expires = policy.unknown?.expires ?? null
    if (policy.unknown !== null && expires !== null && expires < today)
      checks.warn(
        policy.unknown.at,
        'approval-expired',
        { zh: `批准已于 ${expires} 到期`, en: `the approval ended on ${expires}` },
        { zh: '新的批准，或别的处理', en: 'a new approval, or another treatment' },
      )
  }
}
