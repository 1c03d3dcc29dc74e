import assert from 'node:assert/strict'
import { test } from 'node:test'
import { levelOf, RAISES } from '../../src/mask/raise.ts'
import { rulesOf } from './language/fixture.ts'

test('levels by element and raise: calm, sign, minor, both', () => {
  const rules = rulesOf()
  const levels = (id: string) => RAISES.map((raise) => levelOf(rules.elementById.get(id)!, raise))
  assert.deepEqual(levels('person-name'), [4, 5, 5, 5])
  assert.deepEqual(levels('birth-date'), [3, 5, 3, 5])
  assert.deepEqual(levels('lab-value'), [2, 5, 2, 5])
  assert.deepEqual(levels('credential'), [5, 5, 5, 5])
  assert.deepEqual(levels('facility'), [1, 1, 1, 1])
})
