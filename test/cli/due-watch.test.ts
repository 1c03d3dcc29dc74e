/** Reviews and approvals that ran out are told of as long as they are, each once a day. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DueWatch } from '../../src/cli/serve/due-watch.ts'
import type { Policy, RuleSet } from '../../src/mask/model.ts'
import type { LogFields } from '../../src/ports/log.ts'
import { rulesOf } from '../mask/language/fixture.ts'

const POLICY = `policy: exc
review: 2026-11-30
for: { roles: [tester] }
elements:
  mobile: [drop, { method: redact, when: { institutions: [county] }, exception: { approval: 文号1, expires: 2026-12-05 } }]
undecided: drop
unknown: { treatment: keep, approval: 文号2, expires: 2026-12-10 }
`

describe('what has run out', () => {
  const rules: RuleSet = rulesOf({ 'policies/exc.yaml': POLICY })
  let today = '2026-11-30'
  const told: [string, LogFields][] = []
  const log = {
    info() {},
    error() {},
    warn: (event: string, fields: LogFields = {}) => void told.push([event, fields]),
  }
  const watch = new DueWatch({ rules: () => rules, today: () => today, log })
  watch.stop()
  const cases: readonly [string, string[], string[]][] = [
    ['2026-11-30', [], []],
    ['2026-12-01', ['REVIEW_OVERDUE'], ['rules.review-overdue']],
    ['2026-12-06', ['REVIEW_OVERDUE', 'APPROVAL_EXPIRED'], ['rules.review-overdue', 'rules.approval-expired']],
    [
      '2026-12-11',
      ['REVIEW_OVERDUE', 'APPROVAL_EXPIRED'],
      ['rules.review-overdue', 'rules.approval-expired', 'rules.approval-expired'],
    ],
  ]
  for (const [day, notes, events] of cases)
    it(`${day}: ${notes.join(', ') || 'nothing'}`, () => {
      today = day
      told.length = 0
      watch.tell()
      watch.tell()
      assert.deepEqual(watch.notes(), notes)
      assert.deepEqual(
        told.map(([event]) => event),
        events,
      )
      assert.ok(told.every(([, f]) => f.file === 'policies/exc.yaml' && f.rule === 'exc'))
    })
  it('without rules nothing is due', () => {
    const empty = new DueWatch({ rules: () => null, today: () => '2099-01-01', log })
    empty.stop()
    assert.deepEqual(empty.notes(), [])
    const none: readonly Policy[] = []
    assert.equal(none.length, empty.due().length)
  })
})
