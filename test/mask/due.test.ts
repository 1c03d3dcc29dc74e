/** What has run out on a day, with its place. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { dueOf } from '../../src/mask/due.ts'
import { policy, rulesOf } from './language/fixture.ts'

it('a last day is a good day, the next is not', () => {
  const rules = rulesOf({
    'policies/p.yaml': policy(
      'p',
      `review: 2026-11-30
elements:
  mobile: [drop, { method: redact, when: { institutions: [a] }, exception: { approval: n, expires: 2026-12-05 } }]
undecided: drop
unknown: { treatment: keep, approval: n, expires: 2026-12-10 }
`,
    ),
  })
  const due = (day: string) => dueOf(rules.policies, day).map((d) => `${d.policy} ${d.what} ${d.day} ${d.at.line}`)
  assert.deepEqual(due('2026-11-30'), [])
  assert.deepEqual(due('2026-12-11'), ['p review 2026-11-30 1', 'p exception 2026-12-05 5', 'p unknown 2026-12-10 7'])
})
