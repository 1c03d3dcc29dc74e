/** The linkage attack on a small town: it names people where the rules let it, and never loses the truth. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedRules } from '../../bench/learn.ts'
import { attack, CALLERS } from '../../bench/linkage.ts'
import { policy, rulesOf } from '../mask/language/fixture.ts'

const rules = await shippedRules()

test('the shipped third-party policy gives nobody away', () => {
  const { unique, smallest, answers } = attack(rules, CALLERS['third-party']!, 600)
  assert.ok(answers > 600)
  assert.deepEqual([unique, smallest > 100], [0, true])
})

test('researchers can name some: the year of birth and the day a band changes', () => {
  const { unique, persons } = attack(rules, CALLERS['research']!, 600)
  assert.ok(unique > 0 && unique < persons / 2, String(unique))
})

test('a policy that shows surname, year and sex is caught', () => {
  const loose = rulesOf({
    'policies/p.yaml': policy(
      'p',
      'undecided: drop\nunknown: drop\nelements: { person-name: mask, birth-date: year }\n',
    ),
  })
  const found = attack(
    { ...rules, policies: loose.policies },
    { role: 'tester', scenario: null, institution: 'x' },
    600,
  )
  assert.ok(found.unique > 60, String(found.unique))
})
