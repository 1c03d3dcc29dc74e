/** Loosening that hides: every cell reads as before, and more leaves all the same. One person must not release it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatProblem } from '../../../src/base/problem.ts'
import { compileFolder } from '../../../src/cli/rules/compile-folder.ts'
import { diffRules, type Side } from '../../../src/mask/proof/diff.ts'
import { explainSample } from '../../../src/mask/sample.ts'
import { BASE } from '../../mistakes/table.ts'
import { filesOf } from '../language/fixture.ts'

const CARE = `policy: care
basis: 3号
review: 2027-03-31
direct-care: true
for: { roles: [doctor], scenarios: [treatment] }
elements: { credential: drop, person-name: mask }
undecided: keep
unknown: scrub
`
const E = 'elements.yaml'
const B = 'bindings/his.yaml'
const I = 'interfaces/teaching.yaml'
const R = 'policies/research.yaml'

const FOLDER: Readonly<Record<string, string>> = { ...BASE, 'policies/care.yaml': CARE }

function sideOf(changes: Readonly<Record<string, string>>): Side {
  const { compiled, problems } = compileFolder(filesOf({ ...FOLDER, ...changes }))
  assert.ok(compiled, problems.map(formatProblem).join('\n'))
  return { rules: compiled.rules, tests: compiled.tests, parts: compiled.parts }
}

/** The folder with one text of one file replaced. */
function edit(path: string, from: string, to: string): Readonly<Record<string, string>> {
  const text = FOLDER[path]!
  assert.ok(text.includes(from), from)
  return { [path]: text.replace(from, to) }
}

const classOf = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) =>
  diffRules(sideOf(a), sideOf(b)).class

/** What becomes of the places of a document under these rules, by address. */
function outcomes(changes: Readonly<Record<string, string>>, json: unknown): Record<string, string> {
  const told = explainSample(sideOf(changes).rules, {
    bytes: Buffer.from(JSON.stringify(json)),
    format: 'json',
    role: 'doctor',
    scenario: 'treatment',
    institution: 'teaching',
    purpose: null,
    interfaceId: null,
    date: '2026-11-21',
  })
  assert.ok(told.refused === null)
  return Object.fromEntries(told.leaves.map((l) => [l.address, l.outcome]))
}

describe('rules diff, hidden loosening', () => {
  it('a detector given to an element: its hits leave as that element does', () => {
    const without = edit(E, ', detect: mobile', '')
    const moved = { [E]: without[E]!.replace('level: 2, group: clinical', 'level: 2, group: clinical, detect: mobile') }
    assert.equal(classOf(without, moved), 'looser')
    const dropped = { [E]: without[E]!.replace('level: 5 }', 'level: 5, detect: mobile }') }
    assert.equal(classOf(without, dropped), 'tighter', 'every policy drops it')
  })

  it('a new element that some policy does not drop, bound or not', () => {
    const plate = (more: string) =>
      edit(E, '  facility:', `  plate: { zh: 车牌号, kind: identifier, level: 5${more} }\n  facility:`)
    assert.equal(classOf({}, plate('')), 'looser', 'care keeps what it does not name')
    const named = edit('policies/care.yaml', 'credential: drop', 'credential: drop, plate: drop')
    const bound = edit(B, 'credential: mm', 'credential: mm\nplate: cph')
    assert.equal(classOf({}, { ...plate(''), ...named, ...bound }), 'tighter')
  })

  it('an approved exception that holds longer', () => {
    const until = (day: string) =>
      edit(
        R,
        'birth-date: year',
        `birth-date: [year, { method: month, when: { purposes: [x] }, exception: { approval: 1号, expires: ${day} } }]`,
      )
    assert.equal(classOf(until('2026-12-31'), until('2027-12-31')), 'looser')
    assert.equal(classOf(until('2020-12-31'), until('2027-12-31')), 'looser', 'over already')
    assert.equal(classOf(until('2026-12-31'), until('2026-11-30')), 'tighter')
    assert.equal(classOf(until('2026-12-31'), {}), 'tighter')
  })

  it('the policy on whose account kept values are held against their kind', () => {
    const care = { 'policies/care.yaml': CARE.replace('unknown: scrub', 'unknown: redact') }
    const second = care['policies/care.yaml']
      .replace('policy: care', 'policy: second')
      .replace('direct-care: true\n', '')
    const both = { ...care, 'policies/second.yaml': second }
    const json = { data: { value: '张三' } }
    assert.notEqual(outcomes(both, json)['$.data.value'], 'kept')
    assert.equal(outcomes(care, json)['$.data.value'], 'kept')
    assert.equal(classOf(both, care), 'looser')
    assert.equal(classOf(care, both), 'tighter')
    const elsewhere = { ...care, 'policies/second.yaml': second.replace('[treatment]', '[surgery]') }
    assert.equal(classOf(both, elsewhere), 'looser')
  })

  it('a binding every policy drops takes a name away from those that are looked for in texts', () => {
    const json = { patient: { brxm: '钱学文' }, memo: '钱学文今日复查' }
    const taken = (line: string) => edit(B, 'credential: mm', `credential: [mm, ${line}]`)
    assert.equal(outcomes({}, json)['$.memo'], 'replaced')
    for (const line of ['$.patient.brxm', `"$.patient['BR_XM']"`, '{ key: brxm, in: patient }']) {
      assert.equal(outcomes(taken(line), json)['$.memo'], 'kept', line)
      assert.equal(classOf({}, taken(line)), 'looser', line)
    }
    assert.equal(classOf({}, taken('pwd')), 'tighter', 'a key that was nobody’s')
    assert.equal(classOf({}, taken('身份证号')), 'looser', 'a label of pairs')
    assert.equal(classOf({}, taken('"$.list[*].value"')), 'looser', 'where values of pairs stand')
  })

  it('direct care, given or taken away: drugs and doses are held to stay as they are by it', () => {
    const care = {
      'policies/care.yaml': CARE.replace('unknown: scrub', 'unknown: redact')
        .replace('undecided: keep', 'undecided: drop')
        .replace('person-name', 'drug-name: keep, diagnosis: keep, person-name'),
    }
    const not = { 'policies/care.yaml': care['policies/care.yaml'].replace('direct-care: true\n', '') }
    assert.equal(classOf(care, not), 'looser')
    assert.equal(classOf(not, care), 'looser')
  })

  it('a required parameter taken away: the query is no longer narrowed', () => {
    const query = (lines: string) => ({ [I]: `${FOLDER[I]!}    request: { policy: none }\n    query:\n${lines}` })
    const page = '      - { name: page }\n'
    const both = query(`${page}      - { name: no, required: true }\n`)
    assert.equal(classOf(both, query(page)), 'looser')
    assert.equal(
      classOf(both, query('      - { name: no, required: true }\n')),
      'tighter',
      'one that could be left out',
    )
  })

  it('an entry that leaves the routes gives its calls to a wider path', () => {
    const special = `  his.special:
    zh: 特别
    status: published
    call: GET /teaching/inpatients/special
    to: /api/special
    format: json
    roles: [doctor]
`
    const narrow = { [I]: FOLDER[I]! + special }
    assert.equal(classOf(narrow, {}), 'looser')
    const status = (word: string) => ({ [I]: FOLDER[I]! + special.replace('published', word) })
    assert.equal(classOf(narrow, status('draft')), 'looser')
    assert.equal(classOf(narrow, status('suspended')), 'tighter', 'still its own path')
    const apart = (text: string) => ({
      [I]: FOLDER[I]! + text.replace('GET', 'POST') + '    request: { policy: none }\n    approval: 1号\n',
    })
    assert.equal(classOf(apart(special), {}), 'tighter', 'another method')
  })
})
