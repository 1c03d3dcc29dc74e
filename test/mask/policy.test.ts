import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RuleSet } from '../../src/mask/model.ts'
import type { PlanRequest, Raise } from '../../src/mask/plan.ts'
import { compileDecisions, policiesOf } from '../../src/mask/policy.ts'
import { methodByName } from '../../src/mask/transforms/index.ts'
import type { Effects, Method } from '../../src/mask/transforms/transform.ts'
import { policy, rulesOf } from './language/fixture.ts'

const EFFECTS: Effects = {
  today: () => '2026-11-21',
  pseudonym: (_e, _n, value) => `P${value.length}`,
  isOwnToken: () => false,
  term: () => null,
}

const REQUEST: PlanRequest = {
  role: 'tester',
  scenario: null,
  recipient: 'county',
  institution: 'county',
  provider: 'teaching',
  purpose: null,
  interfaceId: 'his.record',
  format: 'json',
  direction: 'response',
  policy: null,
  rows: null,
}

const decide = (rules: RuleSet, request: Partial<PlanRequest> = {}) => {
  const decisions = compileDecisions(rules, { ...REQUEST, ...request }, EFFECTS)
  assert.ok(decisions)
  return {
    ...decisions,
    method: (id: string, raise: Raise = 0) => decisions.decide(rules.elementById.get(id)!, raise).bound.method.name,
    source: (id: string, raise: Raise = 0) => decisions.decide(rules.elementById.get(id)!, raise).why.source,
    byKind: (id: string) => decisions.decide(rules.elementById.get(id)!, 0).keepByKind,
  }
}

const ONE = (lines: string, scope?: string) => rulesOf({ 'policies/p.yaml': policy('p', lines, scope) })

test('all policies whose every key matches apply; none, or overlays alone, is no plan', () => {
  const rules = rulesOf({
    'policies/a.yaml': policy('a', 'undecided: drop\nunknown: drop\n', '{ roles: [x, y], scenarios: [s] }'),
    'policies/b.yaml': policy('b', 'elements: { mobile: drop }\n', '{ institutions: [county] }'),
  })
  const ids = (request: Partial<PlanRequest>) => policiesOf(rules, { ...REQUEST, ...request }).map((p) => p.id)
  assert.deepEqual(ids({ role: 'x', scenario: 's' }), ['a', 'b'])
  assert.deepEqual(ids({ role: 'x', scenario: 's', institution: 'other' }), ['a'])
  assert.deepEqual(ids({ role: 'x' }), ['b'])
  assert.deepEqual(ids({ role: 'z', institution: 'other' }), [])
  assert.equal(compileDecisions(rules, { ...REQUEST, role: 'z', institution: 'other' }, EFFECTS), null)
  assert.equal(compileDecisions(rules, { ...REQUEST, role: 'x' }, EFFECTS), null)
})

test('cell, else undecided; why names policy and line', () => {
  const d = decide(ONE('undecided: redact\nunknown: drop\nelements: { mobile: mask }\n'))
  assert.equal(d.method('mobile'), 'mask')
  assert.equal(d.source('mobile'), 'cell')
  assert.equal(d.method('person-name'), 'redact')
  assert.equal(d.source('person-name'), 'undecided')
  const why = d.decide(d.rules.elementById.get('mobile')!, 0).why
  assert.deepEqual(why, { source: 'cell', policy: 'p', at: { file: 'policies/p.yaml', line: 5, col: 21 } })
  assert.deepEqual(d.unknown.treatment, 'drop')
  assert.deepEqual(d.policies, ['p'])
  assert.equal(d.uncontrolled, false)
})

test('an identifier of references is dropped where the method cannot treat them, and kept as sent in requests', () => {
  const rules = ONE('undecided: redact\nunknown: drop\n')
  assert.equal(decide(rules).method('resource-id'), 'drop')
  const request = decide(rules, { direction: 'request', policy: 'p', role: 'whoever' })
  assert.equal(request.method('resource-id'), 'keep')
  assert.equal(request.method('mobile'), 'redact')
})

test('a request is masked by the policy its entry names', () => {
  assert.deepEqual(decide(rulesOf(), { direction: 'request', policy: 'research', role: 'doctor' }).policies, [
    'research',
  ])
  assert.equal(compileDecisions(rulesOf(), { ...REQUEST, policy: 'nobody' }, EFFECTS), null)
})

test('the treatment that leaves less wins, whatever the order', () => {
  const overlay = policy('b', 'elements: { mobile: drop, address: mask }\n', '{ institutions: [county] }')
  for (const [first, second] of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    const rules = rulesOf({
      [`policies/${first}.yaml`]: policy(
        'a',
        'undecided: redact\nunknown: drop\nelements: { mobile: keep, address: keep }\n',
      ),
      [`policies/${second}.yaml`]: overlay,
    })
    const d = decide(rules)
    assert.equal(d.method('mobile'), 'drop')
    assert.equal(d.method('address'), 'mask')
    assert.equal(d.method('person-name'), 'redact')
    assert.equal(decide(rules, { institution: 'other' }).method('mobile'), 'keep')
  }
})

test('unknown: the strictest of the bases', () => {
  const rules = rulesOf({
    'policies/a.yaml': policy('a', 'undecided: drop\nunknown: { treatment: keep, approval: a, expires: 2027-01-01 }\n'),
    'policies/b.yaml': policy('b', 'undecided: drop\nunknown: withhold\n', '{ institutions: [county] }'),
  })
  const d = decide(rules)
  assert.equal(d.unknown.treatment, 'withhold')
  assert.equal(d.unknown.why.policy, 'b')
  assert.equal(decide(rules, { institution: 'x' }).uncontrolled, true)
})

test('a floor comes after the cell and nothing loosens it', () => {
  const d = decide(
    ONE(
      'undecided: keep\nunknown: drop\nfloors: { identity-documents: never-clear, contact: redact, level-5: drop }\nelements: { resident-id: keep, mobile: mask, address: drop, credential: redact }\n',
    ),
  )
  assert.equal(d.method('resident-id'), 'redact')
  assert.equal(d.source('resident-id'), 'floor')
  assert.equal(d.method('mobile'), 'redact')
  assert.equal(d.method('address'), 'drop')
  assert.equal(d.source('address'), 'cell')
  assert.equal(d.method('credential'), 'drop')
  assert.equal(d.method('person-name'), 'keep')
})

test('content raises levels: a sign raises identity and clinical elements, a minor identity; facilities never', () => {
  const d = decide(
    ONE('undecided: keep\nunknown: drop\nfloors: { level-5: drop }\nelements: { credential: drop, diagnosis: keep }\n'),
  )
  assert.deepEqual(
    [0, 1, 2, 3].map((r) => d.method('diagnosis', r as Raise)),
    ['keep', 'drop', 'keep', 'drop'],
  )
  assert.deepEqual(
    [0, 1, 2, 3].map((r) => d.method('person-name', r as Raise)),
    ['keep', 'drop', 'drop', 'drop'],
  )
  assert.deepEqual(
    [0, 1, 2, 3].map((r) => d.method('birth-date', r as Raise)),
    ['keep', 'drop', 'keep', 'drop'],
  )
  assert.deepEqual(
    [0, 1, 2, 3].map((r) => d.method('facility', r as Raise)),
    ['keep', 'keep', 'keep', 'keep'],
  )
  assert.equal(d.source('person-name', 1), 'level-5')
  assert.equal(d.levelSearch, true)
  assert.equal(d.dropRaised, true)
})

test('in direct care a floor does not take the name off a child', () => {
  const care =
    'direct-care: true\nundecided: keep\nunknown: drop\nfloors: { level-5: drop }\nelements: { credential: drop }\n'
  const d = decide(ONE(care, '{ roles: [tester], scenarios: [treatment] }'), { scenario: 'treatment' })
  assert.equal(d.method('person-name', 2), 'keep')
  assert.equal(d.method('person-name', 1), 'drop')
})

test('without a level floor content is not searched', () => {
  const d = decide(ONE('undecided: redact\nunknown: drop\nfloors: { identity: drop }\n'))
  assert.equal(d.levelSearch, false)
  assert.equal(d.dropRaised, false)
  assert.equal(d.interest.levelSearch, false)
})

test('keep is judged by kind outside direct care', () => {
  const lines = 'undecided: keep\nunknown: drop\nelements: { credential: drop }\n'
  const outside = decide(ONE(lines))
  assert.equal(outside.byKind('lab-value'), true)
  assert.equal(outside.byKind('diagnosis'), true)
  assert.equal(outside.byKind('birth-date'), true)
  assert.equal(outside.byKind('person-name'), false)
  const inside = decide(ONE(`direct-care: true\n${lines}`, '{ roles: [tester], scenarios: [treatment] }'), {
    scenario: 'treatment',
  })
  assert.equal(inside.byKind('lab-value'), false)
})

test('keep everything reads nothing; anything else does', () => {
  const keep = 'basis: 3号\ndirect-care: true\nundecided: keep\nunknown: keep\n'
  const all = decide(ONE(keep, '{ roles: [tester], scenarios: [treatment] }'), { scenario: 'treatment' })
  assert.equal(all.keepsAll, true)
  assert.equal(all.interest.unknown, false)
  assert.equal(all.rules.elements.some(all.interest.element), false)
  const one = decide(ONE(`${keep}elements: { mobile: drop }\n`, '{ roles: [tester], scenarios: [treatment] }'), {
    scenario: 'treatment',
  })
  assert.equal(one.keepsAll, false)
  assert.deepEqual(
    one.rules.elements.filter(one.interest.element).map((e) => e.id),
    ['mobile'],
  )
})

test('needsSubject follows person-name: pseudonym', () => {
  assert.equal(decide(rulesOf(), { role: 'researcher', scenario: 'research' }).needsSubject, true)
  assert.equal(decide(ONE('undecided: drop\nunknown: drop\n')).needsSubject, false)
})

test('when: holds by interface, institution and purpose, the strictest of several', () => {
  const lines =
    'undecided: drop\nunknown: drop\nelements:\n  mobile:\n    - keep\n    - { method: mask, when: { interfaces: [his.record] } }\n    - { method: drop, when: { institutions: [county], purposes: [audit] } }\n'
  const rules = ONE(lines)
  assert.equal(decide(rules).method('mobile'), 'mask')
  assert.equal(decide(rules, { interfaceId: 'other' }).method('mobile'), 'keep')
  assert.equal(decide(rules, { purpose: 'audit' }).method('mobile'), 'drop')
  assert.equal(decide(rules, { purpose: 'audit', institution: 'x' }).method('mobile'), 'mask')
})

test('a method is prepared once per element and cell', () => {
  let prepared = 0
  const rules = ONE('undecided: drop\nunknown: drop\nelements: { mobile: keep }\n')
  const counting: Method = {
    ...methodByName('keep')!,
    prepare: (params) => {
      prepared++
      return { method: counting, params, apply: () => null, keeps: false }
    },
  }
  compileDecisions(rules, REQUEST, EFFECTS, () => counting)
  assert.equal(prepared, rules.elements.length)
})
