import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../../src/base/problem.ts'
import { compile, errors, policy } from './fixture.ts'

const BASE = 'undecided: drop\nunknown: redact\n'
const codes = (changes: Record<string, string>) =>
  errors(changes).map((l) => l.replace(/^(\S+): error (\S+):.*$/, '$1 $2'))

test('two policies for one role that leave the same but differ name both lines', () => {
  const found = errors({
    'policies/a.yaml': policy('a', `${BASE}elements: { mobile: { method: mask, keep: 3+4 } }\n`),
    'policies/b.yaml': policy('b', 'elements: { mobile: { method: mask, keep: 4+3 } }\n', '{ institutions: [county] }'),
  })
  assert.equal(found.length, 1)
  assert.match(found[0]!, /^policies\/b.yaml:3:21: error equal-treatment: .*policies\/a.yaml:5/)
})

test('the same treatment, a stricter one, or policies that never meet are no conflict', () => {
  const mask = '{ method: mask, keep: 3+4 }'
  const a = { 'policies/a.yaml': policy('a', `${BASE}elements: { mobile: ${mask} }\n`) }
  assert.deepEqual(
    codes({ ...a, 'policies/b.yaml': policy('b', `elements: { mobile: ${mask} }\n`, '{ institutions: [c] }') }),
    [],
  )
  assert.deepEqual(
    codes({ ...a, 'policies/b.yaml': policy('b', 'elements: { mobile: drop }\n', '{ institutions: [c] }') }),
    [],
  )
  const other = policy('b', `${BASE}elements: { mobile: { method: mask, keep: 4+3 } }\n`, '{ roles: [other] }')
  assert.deepEqual(codes({ ...a, 'policies/b.yaml': other }), [])
})

test('when: may only tighten', () => {
  const cell = (method: string) =>
    `${BASE}elements: { mobile: [mask, { method: ${method}, when: { purposes: [x] } }] }\n`
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', cell('keep')) }), ['policies/p.yaml:5:28 when-loosens'])
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', cell('drop')) }), [])
  const undecided = `${BASE}elements: { mobile: { method: redact, when: { purposes: [x] } } }\n`
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', undecided) }), ['policies/p.yaml:5:21 when-loosens'])
})

test('direct care: what must stay clear is not changed by cell, undecided, floor or overlay', () => {
  const scope = '{ roles: [d], scenarios: [treatment] }'
  const good = 'direct-care: true\nundecided: keep\nunknown: redact\nelements: { credential: drop }\n'
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', good, scope) }), [])
  const cell = `direct-care: true\nundecided: keep\nunknown: redact\nelements: { diagnosis: redact, credential: drop }\n`
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', cell, scope) }), ['policies/p.yaml:6:24 care-changed'])
  const silent = 'direct-care: true\nundecided: drop\nunknown: redact\nelements: { diagnosis: keep }\n'
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', silent, scope) }), ['policies/p.yaml:4:12 care-changed'])
  const floor = `${good}floors: { clinical: never-clear }\n`
  assert.deepEqual(
    [...new Set(codes({ 'policies/p.yaml': policy('p', floor, scope) }))],
    ['policies/p.yaml:7:11 care-changed'],
  )
  assert.deepEqual(
    codes({
      'policies/p.yaml': policy('p', good, scope),
      'policies/o.yaml': policy('o', 'elements: { drug-name: redact }\n', '{ institutions: [county] }'),
    }),
    ['policies/o.yaml:3:24 care-changed'],
  )
})

test('level 5 is never kept outside direct care', () => {
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', `${BASE}elements: { credential: keep }\n`) }), [
    'policies/p.yaml:5:25 keep-level-5',
  ])
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', 'undecided: keep\nunknown: redact\n') }), [
    'policies/p.yaml:3:12 keep-level-5',
  ])
  const floored = 'undecided: keep\nunknown: redact\nfloors: { level-5: drop }\n'
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', floored) }), [])
})

test('no exception keeps level 5 outside direct care', () => {
  const exception = 'when: { purposes: [x] }, exception: { approval: 1号, expires: 2099-01-01 } }]'
  const lines = `elements: { credential: [drop, { method: keep, ${exception} }\n`
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', `${BASE}${lines}`) }), ['policies/p.yaml:5:32 keep-level-5'])
  const scope = '{ roles: [d], scenarios: [treatment] }'
  const care = `direct-care: true\nundecided: keep\nunknown: redact\n${lines}`
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', `basis: 3号\n${care}`, scope) }), [])
  const floored = `${BASE}floors: { level-5: drop }\n${lines}`
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', floored) }), [])
})

test('level 5 is kept in direct care only by a policy that names its approval', () => {
  const scope = '{ roles: [d], scenarios: [treatment] }'
  const care = 'direct-care: true\nundecided: keep\nunknown: redact\n'
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', care, scope) }), ['policies/p.yaml:4:12 keep-level-5'])
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', `basis: 3号\n${care}`, scope) }), [])
})

test('a code and its text are treated alike', () => {
  const lines = 'elements: { diagnosis: keep, drug-name: redact }\n'
  const at = (bindings: string) =>
    codes({ 'bindings/b.yaml': `format: json\n${bindings}`, 'policies/p.yaml': policy('p', `${BASE}${lines}`) })
  assert.deepEqual(at('diagnosis: cpbm\ndrug-name: cpmc\n'), ['policies/p.yaml:5:41 code-text'])
  assert.deepEqual(at('drug-name: cpbm\ndiagnosis: cpmc\n'), ['policies/p.yaml:5:41 code-text'])
  assert.deepEqual(at('diagnosis: [cpbm, cpmc]\n'), [])
  const his: readonly (readonly [string, boolean])[] = [
    ['diagnosis: cyzddm\ndrug-name: cyzdmc\n', true],
    ['diagnosis: zddm\ndrug-name: ryzd\n', true],
    ['diagnosis: ryzd\ndrug-name: zdbm\n', true],
    ['diagnosis: 诊断编码\ndrug-name: 入院诊断\n', true],
    ['diagnosis: $.data.cpdm\ndrug-name: $.data.cpmc\n', true],
    ['diagnosis: { key: code, in: zdlist }\ndrug-name: { key: name, in: zdlist }\n', true],
    ['diagnosis: cpbm\ndrug-name: cp\n', true],
    ['diagnosis: $.a.cpdm\ndrug-name: $.b.cpmc\n', false],
    ['diagnosis: { key: code, in: zdlist }\ndrug-name: { key: name, in: yplist }\n', false],
    ['diagnosis: cpbm\ndrug-name: ypmc\n', false],
    ['diagnosis: mzdm\ndrug-name: { key: mz, in: surgery }\n', false],
  ]
  for (const [bindings, refused] of his)
    assert.deepEqual(at(bindings), refused ? ['policies/p.yaml:5:41 code-text'] : [], bindings)
  const own = (bindings: string) =>
    codes({
      'bindings/b.yaml': 'format: json\ndiagnosis: [cpbm, cpmc]\n',
      'bindings/own.yaml': `interface: his.x\n${bindings}`,
      'policies/p.yaml': policy('p', `${BASE}${lines}`),
    })
  assert.deepEqual(own('drug-name: cpmc\n'), ['policies/p.yaml:5:41 code-text'], 'the code is the format’s')
  assert.deepEqual(own('drug-name: [cpmc, cpbm]\n'), [], 'both lines are the interface’s own')
  const fhir = (bindings: string) =>
    codes({ 'bindings/b.yaml': `format: fhir\n${bindings}`, 'policies/p.yaml': policy('p', `${BASE}${lines}`) })
  assert.deepEqual(fhir('diagnosis: Basic.code.coding.code\ndrug-name: Basic.code.coding.display\n'), [
    'policies/p.yaml:5:41 code-text',
  ])
  const hl7 = (bindings: string) =>
    codes({ 'bindings/b.yaml': `format: hl7v2\n${bindings}`, 'policies/p.yaml': policy('p', `${BASE}${lines}`) })
  assert.deepEqual(hl7('diagnosis: DG1-3.1\ndrug-name: DG1-3.2\n'), ['policies/p.yaml:5:41 code-text'])
  assert.deepEqual(hl7('diagnosis: PV1-3.1\ndrug-name: PV1-3.2\n'), [])
})

test('a line for one half of a coding another line binds whole', () => {
  const lines = 'elements: { diagnosis: keep, drug-name: redact }\n'
  const at = (format: string, bindings: string) =>
    codes({ 'bindings/b.yaml': `format: ${format}\n${bindings}`, 'policies/p.yaml': policy('p', `${BASE}${lines}`) })
  const table: readonly (readonly [string, string, string, boolean])[] = [
    ['hl7v2', 'DG1-3.1', 'DG1-3', true],
    ['hl7v2', 'DG1-3', 'DG1-3.2', true],
    ['hl7v2', '"DG1-3[3=ICD10].1"', 'DG1-3', true],
    ['hl7v2', 'DG1-3.1', 'DG1-4', false],
    ['hl7v2', '[DG1-3.1, DG1-3.2]', 'DG1-3', false],
    ['hl7v2', 'PV1-3.1', 'PV1-3', false],
    ['fhir', `"Basic.code.coding.where(system = 'x').code"`, 'Basic.code', true],
    ['fhir', `"Basic.code.coding.where(system = 'x').display"`, 'Basic.code', true],
    ['fhir', `"Basic.code.coding.where(system = 'x').code"`, 'Condition.code', false],
    ['fhir', 'Dosage.text', 'Dosage', false],
  ]
  for (const [format, kept, treated, refused] of table)
    assert.deepEqual(
      at(format, `diagnosis: ${kept}\ndrug-name: ${treated}\n`),
      refused ? ['policies/p.yaml:5:41 code-text'] : [],
      `${kept} ${treated}`,
    )
})

test('X58: what can never act is refused', () => {
  const p = (lines: string, scope?: string) => codes({ 'policies/p.yaml': policy('p', lines, scope) })
  assert.deepEqual(p(`${BASE}elements: { facility: keep }\n`), ['policies/p.yaml:5:23 never-matches'])
  assert.deepEqual(p(`${BASE}floors: { level-5: keep }\n`), ['policies/p.yaml:5:11 floor-keeps'])
  const when = `${BASE}elements: { mobile: [mask, { method: drop, when: { institutions: [b] } }] }\n`
  assert.deepEqual(p(when, '{ roles: [t], institutions: [a] }'), ['policies/p.yaml:5:28 never-matches'])
  assert.deepEqual(p(when, '{ roles: [t], institutions: [a, b] }'), [])
  assert.deepEqual(p('elements: { mobile: drop }\n', '{ roles: [nobody] }'), ['policies/p.yaml:1:1 never-matches'])
})

test('an ambiguous key is ambiguous in every spelling', () => {
  for (const path of ['$..xm', "$..['xm']", '$.data..XM', '$..[*].xm', '$.data..[*][*].xm'])
    assert.ok(
      codes({ 'bindings/b.yaml': `format: json\nmobile: "${path}"\n` }).includes('bindings/b.yaml:2:9 ambiguous-key'),
      path,
    )
  assert.deepEqual(codes({ 'bindings/b.yaml': 'format: json\nmobile: "$.data.other.xm"\n' }), [])
})

test('X39: digits shown and birth date left must leave four digits unknown', () => {
  const cells = (id: string, birth: string) =>
    policy('p', `${BASE}elements: { resident-id: ${id}, birth-date: ${birth} }\n`)
  const bad = errors({ 'policies/p.yaml': cells('{ method: mask, keep: 6+4 }', 'keep') })
  assert.equal(bad.length, 1)
  assert.match(bad[0]!, /^policies\/p.yaml:5:26: error combination: .*leave only 0 of 18 digits unknown .*at least 4/)
  assert.deepEqual(codes({ 'policies/p.yaml': cells('{ method: mask, keep: 6+4 }', 'year') }), [])
  assert.deepEqual(codes({ 'policies/p.yaml': cells('{ method: mask, keep: 6+4 }', 'month') }), [
    'policies/p.yaml:5:26 combination',
  ])
  assert.deepEqual(codes({ 'policies/p.yaml': cells('{ method: mask, keep: 1+2 }', 'keep') }), [])
  for (const id of ['{ method: mask, keep: 6+4, length: fixed }', '{ method: mask, keep: 6+3, length: fixed }'])
    assert.deepEqual(codes({ 'policies/p.yaml': cells(id, 'keep') }), ['policies/p.yaml:5:26 combination'], id)
  assert.deepEqual(codes({ 'policies/p.yaml': cells('{ method: mask, keep: 1+2, length: fixed }', 'keep') }), [])
  const narrowed =
    'elements: { resident-id: { method: mask, keep: 6+4 }, birth-date: { method: drop, when: { purposes: [x] } } }'
  const kept = `undecided: keep\nunknown: redact\nfloors: { level-5: drop }\n${narrowed}\n`
  assert.deepEqual(codes({ 'policies/p.yaml': policy('p', kept) }), ['policies/p.yaml:6:26 combination'])
  assert.deepEqual(codes({ 'policies/p.yaml': cells('keep', 'keep') }), [])
  assert.deepEqual(codes({ 'policies/p.yaml': cells('pseudonym', 'keep') }), [])
})

test('a floor that overrules its own policy is a warning', () => {
  const text = policy('p', `${BASE}floors: { contact: never-clear }\nelements: { mobile: keep }\n`)
  const { problems, rules } = compile({ 'policies/p.yaml': text })
  assert.ok(rules)
  assert.deepEqual(
    problems.map(formatProblem).map((l) => l.replace(/: the floor.*/, '')),
    ['policies/p.yaml:6:21: warning floor-overrules'],
  )
})
