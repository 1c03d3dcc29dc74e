/** Dates that have passed: reviews and approvals of what is uncontrolled. The day comes from outside. */
import type { Say } from '../../../base/fields.ts'
import { type Due, dueOf } from '../../due.ts'
import type { Checks } from './checks.ts'

/** @param today YYYY-MM-DD in the configured zone */
export function checkDue(checks: Checks, today: string): void {
  for (const due of dueOf(checks.rules.policies, today)) {
    const [code, message, expected] = WORDS[due.what](due.day)
    const at = due.what === 'review' ? checks.find(due.at, 'policy', 'review', null) : due.at
    checks.warn(at, code, message, expected)
  }
}

const WORDS: Readonly<Record<Due['what'], (day: string) => readonly [code: string, message: Say, expected: Say]>> = {
  review: (day) => [
    'review-overdue',
    { zh: `应于 ${day} 复核，已逾期`, en: `the review was due on ${day}` },
    {
      zh: '由责任人复核，再写下一次复核的日期',
      en: 'a review by the owner, then the day of the next one',
    },
  ],
  exception: (day) => [
    'approval-expired',
    { zh: `例外已于 ${day} 到期，不再生效`, en: `the exception ended on ${day} and holds no more` },
    {
      zh: '新的批准文号和到期日，或删去此行',
      en: 'the number and last day of a new approval, or the line deleted',
    },
  ],
  unknown: (day) => [
    'approval-expired',
    { zh: `批准已于 ${day} 到期，按遮蔽处理`, en: `the approval ended on ${day}: redact holds instead` },
    {
      zh: '新的批准文号和到期日，或别的处理，如 只留术语',
      en: 'the number and last day of a new approval, or another treatment such as codes-only',
    },
  ],
}
