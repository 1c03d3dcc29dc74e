import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemList } from '../../../src/base/problem.ts'
import { SHIPPED } from '../../../src/mask/language/catalogue.ts'
import { checkAnyWord } from '../../../src/mask/language/checks/any-word.ts'
import { Checks } from '../../../src/mask/language/checks/checks.ts'
import { checkDirectory, type EntryFacts } from '../../../src/mask/language/checks/directory.ts'
import { checkDue } from '../../../src/mask/language/checks/due.ts'
import { filesOf, policy, RESEARCH, rulesOf } from './fixture.ts'

const AT = { file: 'interfaces/x.yaml', line: 4, col: 3 }
const ENTRY: EntryFacts = {
  id: 'his.record',
  format: 'json',
  roles: ['researcher'],
  requestPolicy: null,
  queryElements: [],
  masked: true,
  at: AT,
}

const COUNTY = { status: 'active', contract: { to: null }, scenarios: null, at: AT }

function told(changes: Readonly<Record<string, string>>, check: (checks: Checks) => void): string[] {
  const problems = new ProblemList()
  check(new Checks(rulesOf(changes), SHIPPED, problems, filesOf(changes)))
  return problems.sorted().map((p) => `${p.file}:${p.line} ${p.severity} ${p.code}`)
}

test('directory: policies, elements, interfaces, institutions and roles that the other side does not know', () => {
  const facts = (entry: Partial<EntryFacts>) => ({
    entries: [{ ...ENTRY, ...entry }],
    institutions: new Map([['county', COUNTY]]),
  })
  const run = (entry: Partial<EntryFacts>, changes: Readonly<Record<string, string>> = {}) =>
    told(changes, (checks) => checkDirectory(checks, facts(entry)))
  assert.deepEqual(run({}), [])
  assert.deepEqual(run({ requestPolicy: 'reserch' }), ['interfaces/x.yaml:4 error unknown-policy'])
  assert.deepEqual(run({ requestPolicy: 'research' }), [])
  assert.deepEqual(run({ queryElements: ['moblie'] }), ['interfaces/x.yaml:4 error unknown-element'])
  assert.deepEqual(run({ roles: ['doctor'] }), ['interfaces/x.yaml:4 warning role-without-policy'])
  assert.deepEqual(run({ roles: ['doctor'], masked: false }), [])
  assert.deepEqual(run({}, { 'bindings/o.yaml': 'interface: his.other\nmobile: [a]\naddress: [b]\n' }), [
    'bindings/o.yaml:1 error unknown-interface',
  ])
  const cell =
    'undecided: redact\nunknown: drop\nelements: { mobile: { method: drop, when: { interfaces: [a], institutions: [b] } } }\n'
  assert.deepEqual(run({}, { 'policies/p.yaml': policy('p', cell) }), [
    'policies/p.yaml:5 error unknown-interface',
    'policies/p.yaml:5 error unknown-institution',
  ])
})

test('X58: a when: of interfaces the policy never meets', () => {
  const lines = (id: string) =>
    `undecided: redact\nunknown: drop\nelements: { mobile: { method: drop, when: { interfaces: [${id}] } } }\n`
  const run = (roles: string, entry: Partial<EntryFacts> = {}) =>
    told({ 'policies/p.yaml': policy('p', lines('his.record'), `{ roles: [${roles}] }`) }, (checks) =>
      checkDirectory(checks, { entries: [{ ...ENTRY, ...entry }], institutions: new Map() }),
    )
  assert.deepEqual(run('guest'), ['policies/p.yaml:5 error never-matches'])
  assert.deepEqual(run('guest', { requestPolicy: 'p' }), [])
  assert.deepEqual(run('guest', { roles: ['researcher', 'guest'] }), [])
})

test('dates that have passed are warnings', () => {
  const run = (day: string, changes: Readonly<Record<string, string>> = {}) =>
    told(changes, (checks) => checkDue(checks, day))
  assert.deepEqual(run('2027-03-31'), [])
  assert.deepEqual(run('2027-04-01'), ['policies/research.yaml:1 warning review-overdue'])
  const keep = RESEARCH.replace('unknown: redact', 'unknown: { treatment: keep, approval: x, expires: 2026-12-31 }')
  assert.deepEqual(run('2027-01-01', { 'policies/research.yaml': keep }), [
    'policies/research.yaml:15 warning approval-expired',
  ])
})

test('a word for "every" where names are meant is told, once: where the directory has it, or in the policy', () => {
  const scope = (text: string) => ({ 'policies/p.yaml': policy('p', 'undecided: drop\nunknown: redact\n', text) })
  const run = (changes: Readonly<Record<string, string>>, entry: Partial<EntryFacts> | null, more = {}) =>
    told(changes, (checks) =>
      checkAnyWord(
        checks,
        entry === null
          ? null
          : { entries: [{ ...ENTRY, ...entry }], institutions: new Map([['county', { ...COUNTY, ...more }]]) },
      ),
    )
  const here = ['policies/p.yaml:2 warning any-word']
  assert.deepEqual(run(scope('{ roles: [t], scenarios: any }'), {}), here)
  assert.deepEqual(run(scope('{ roles: [t], scenarios: any }'), null), here)
  assert.deepEqual(run(scope('{ roles: 任意 }'), {}), here)
  assert.deepEqual(run(scope('{ roles: [t], scenarios: ["*", research] }'), {}), here)
  const there = ['interfaces/x.yaml:4 warning any-word']
  assert.deepEqual(run(scope('{ roles: [t], scenarios: any }'), { scenarios: ['any'] }), there)
  assert.deepEqual(run(scope('{ roles: [all] }'), { roles: ['all'] }), there)
  assert.deepEqual(run({}, {}, { scenarios: ['ALL'] }), there)
  assert.deepEqual(run(scope('{ roles: [anyone-else], scenarios: [any-care] }'), {}), [])
})
