/** Combinations of what leaves, counted over invented people. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { population } from '../../../src/mask/proof/population.ts'
import { type Risk, riskOf } from '../../../src/mask/proof/risk.ts'
import { rivalEffects } from '../../../src/mask/proof/rival-effects.ts'
import { parseResidentId } from '../../../src/mask/resident-id.ts'
import { policy, rulesOf } from '../language/fixture.ts'

const TODAY = '2026-11-21'

function riskWith(cells: string, people = 2000): Risk {
  const rules = rulesOf({
    'policies/research.yaml': null,
    'policies/p.yaml': policy('p', `undecided: drop\nunknown: drop\nelements: { ${cells} }\n`),
  })
  const risks = riskOf(rules, { today: TODAY, people, effects: rivalEffects(rules, TODAY) })
  assert.equal(risks.length, 1)
  return risks[0]!
}

test('nothing leaves: nobody is singled out', () => {
  const { left, combinations, unique, smallest } = riskWith('mobile: drop')
  assert.deepEqual([left, combinations, unique, smallest], [[], [], 0, 2000])
})

test('a combination is named where its parts alone are not', () => {
  const { left, combinations, identified } = riskWith('birth-date: year, address: { method: truncate, keep: city }')
  assert.deepEqual(identified, [])
  assert.deepEqual(left.map((l) => l.element).toSorted(), ['address', 'birth-date'])
  assert.ok(left.every((l) => l.unique < 0.01))
  assert.deepEqual(
    combinations.map((c) => c.elements.toSorted()),
    [['address', 'birth-date']],
  )
})

test('a whole birth date singles out by itself, and is named alone', () => {
  const { combinations } = riskWith('birth-date: keep, address: { method: truncate, keep: city }', 10_000)
  assert.deepEqual(combinations[0]!.elements, ['birth-date'])
  assert.equal(combinations.length, 1)
})

test('3+4 digits of a mobile number name a person', () => {
  assert.deepEqual(riskWith('mobile: mask').identified, ['mobile'])
})

test('what differs with the key tells nothing', () => {
  assert.deepEqual(riskWith('person-name: pseudonym, mobile: pseudonym').left, [])
})

test('a pseudonym without a number of the patient is the token of the name', () => {
  assert.equal(riskWith('person-name: pseudonym').tokenOfName, false)
  const rules = rulesOf({
    'bindings/his.yaml':
      'format: json\nperson-name: brxm\nbirth-date: csrq\naddress: jtdz\ndiagnosis: zdmc\nlab-value: jgz\n',
    'policies/research.yaml': null,
    'policies/p.yaml': policy('p', 'undecided: drop\nunknown: drop\nelements: { person-name: pseudonym }\n'),
  })
  const [risk] = riskOf(rules, { today: TODAY, people: 100, effects: rivalEffects(rules, TODAY) })
  assert.equal(risk!.tokenOfName, true)
})

test('the people are the same every time, and their numbers are sound', () => {
  const people = population(500, TODAY)
  assert.deepEqual(people, population(500, TODAY))
  for (const person of people) {
    const id = parseResidentId(person['resident-id']!)
    assert.ok(id?.checked)
    assert.equal(person['birth-date']!.replaceAll('-', ''), person['resident-id']!.slice(6, 14))
    assert.equal(Number(person['resident-id']![16]) % 2 === 1, person['sex'] === '1')
  }
  assert.equal(new Set(people.map((p) => p['resident-id'])).size, 500)
})
