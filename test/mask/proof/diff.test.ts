/** What a change of the rules does: a table of changes, each with the verdict it must get. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatProblem } from '../../../src/base/problem.ts'
import { compileFolder } from '../../../src/cli/rules/compile-folder.ts'
import { diffRules, type Side } from '../../../src/mask/proof/diff.ts'
import type { Verdict } from '../../../src/mask/proof/verdict.ts'
import { BASE } from '../../mistakes/table.ts'
import { filesOf } from '../language/fixture.ts'

const FOLDER: Readonly<Record<string, string>> = {
  ...BASE,
  'policies/care.yaml': `policy: care
basis: 3号
review: 2027-03-31
direct-care: true
for: { roles: [doctor], scenarios: [treatment] }
elements: { credential: drop, mobile: [mask, { method: drop, when: { institutions: [county] } }] }
undecided: keep
unknown: redact
`,
  'policies/research.test.yaml': `- sample: a.json
  at: 2026-11-21
  expect: { birth-date: "1990", lab-value: unchanged }
- sample: b.json
  refused: LEVEL5_FORBIDDEN
`,
  'anomalies.yaml': `anomalies:
  burst: { detector: denied-burst, window: 5m, threshold: 10 }
`,
}

function sideOf(changes: Readonly<Record<string, string | null>> = {}): Side {
  const { compiled, problems } = compileFolder(filesOf({ ...FOLDER, ...changes }))
  assert.ok(compiled, problems.map(formatProblem).join('\n'))
  return {
    rules: compiled.rules,
    tests: compiled.tests,
    parts: compiled.parts,
    samples: new Map([['policies/a.json', '1']]),
  }
}

const before = sideOf()
const edited = (path: string, from: string, to: string): Side => {
  assert.ok(FOLDER[path]!.includes(from), from)
  return sideOf({ [path]: FOLDER[path]!.replace(from, to) })
}

const R = 'policies/research.yaml'
const CARE = 'policies/care.yaml'
const T = 'policies/research.test.yaml'
const I = 'interfaces/teaching.yaml'
const A = 'anomalies.yaml'

/** [what, file, from, to, verdict of the whole] */
const TABLE: readonly [string, string, string, string, Verdict][] = [
  ['a comment', R, 'policy: research', '# x\npolicy: research', 'same'],
  ['another approval number', R, '12号', '13号', 'same'],
  ['a cell that leaves less', R, 'birth-date: year', 'birth-date: drop', 'tighter'],
  ['a cell that leaves more', R, 'birth-date: year', 'birth-date: month', 'looser'],
  ['a wider band', R, 'width: 5', 'width: 10', 'tighter'],
  [
    'another treatment that leaves as much',
    CARE,
    'mobile: [mask, ',
    'mobile: [{ method: mask, keep: 3+4 }, ',
    'looser',
  ],
  ['a cell taken away, undecided drops', R, '  lab-value: keep\n', '', 'tighter'],
  ['a cell added over undecided', R, 'lab-value: keep', 'lab-value: keep\n  mobile: mask', 'looser'],
  ['undecided weaker, though every element is named', R, 'undecided: drop', 'undecided: redact', 'looser'],
  ['unknown weaker', R, 'unknown: redact', 'unknown: codes-only', 'looser'],
  ['unknown stricter', R, 'unknown: redact', 'unknown: drop', 'tighter'],
  ['a floor taken away', R, 'level-5: drop, ', '', 'looser'],
  ['a floor weaker', R, 'level-5: drop', 'level-5: redact', 'looser'],
  ['a floor more', R, 'level-5: drop', 'level-5: drop, contact: drop', 'tighter'],
  ['for widened by a role', R, 'roles: [researcher]', 'roles: [researcher, visitor]', 'looser'],
  ['for widened to any scenario', R, ', scenarios: [research]', '', 'looser'],
  ['for narrowed', R, 'scenarios: [research]', 'scenarios: [research], institutions: [county]', 'tighter'],
  ['review postponed', R, '2027-03-31', '2028-03-31', 'looser'],
  ['review earlier', R, '2027-03-31', '2027-01-31', 'tighter'],
  ['direct care: keep no longer judged by kind', CARE, 'mobile: [mask, ', 'mobile: [redact, ', 'tighter'],
  [
    'a when: taken away',
    CARE,
    'mobile: [mask, { method: drop, when: { institutions: [county] } }]',
    'mobile: mask',
    'looser',
  ],
  [
    'a when: more',
    CARE,
    'credential: drop',
    'credential: drop, address: [keep, { method: drop, when: { purposes: [x] } }]',
    'tighter',
  ],
  ['level raised', 'elements.yaml', 'kind: number, level: 2', 'kind: number, level: 3', 'tighter'],
  ['level lowered', 'elements.yaml', 'kind: phone, level: 4', 'kind: phone, level: 3', 'looser'],
  ['a name of an element', 'elements.yaml', 'zh: 手机号', 'zh: 手机号码', 'same'],
  ['a detector taken away', 'elements.yaml', ', detect: mobile', '', 'looser'],
  ['a sign taken away', 'elements.yaml', ', sign: icd-10', '', 'looser'],
  ['a binding taken away', 'bindings/his.yaml', 'mobile: [sjh]\n', '', 'looser'],
  ['a binding narrowed', 'bindings/his.yaml', 'mobile: [sjh]', 'mobile: [{ key: sjh, in: patient }]', 'looser'],
  ['a binding more, kept somewhere', 'bindings/his.yaml', 'mobile: [sjh]', 'mobile: [sjh, sjhm]', 'looser'],
  ['a binding more, dropped everywhere', 'bindings/his.yaml', 'credential: mm', 'credential: [mm, pwd]', 'tighter'],
  ['a replacement changed', 'dictionaries/diagnosis.csv', '癌症,CA', '癌症,C', 'looser'],
  ['a role admitted', I, 'roles: [researcher]', 'roles: [researcher, doctor]', 'looser'],
  ['an entry suspended', I, 'status: published', 'status: suspended', 'tighter'],
  ['another upstream path', I, 'to: /api/zyjl/{no}', 'to: /api/zyjl2/{no}', 'looser'],
  ['a label of an entry', I, '住院病历查询', '住院病历', 'same'],
  [
    'observed, not masked',
    I,
    'format: json',
    'format: json\n    mode: observe\n    approval: 1号\n    expires: 2027-01-01',
    'looser',
  ],
  ['a network more', 'institutions.yaml', '[10.2.0.0/16]', '[10.2.0.0/16, 10.3.0.0/16]', 'looser'],
  ['an institution suspended', 'institutions.yaml', 'zh: 县医院,', 'zh: 县医院, status: suspended,', 'tighter'],
  [
    'a contract longer',
    'institutions.yaml',
    'zh: 县医院,',
    'zh: 县医院, contract: { from: 2026-01-01, to: 2028-01-01 },',
    'tighter',
  ],
  ['an anomaly counted sooner', A, 'threshold: 10', 'threshold: 5', 'tighter'],
  ['an anomaly counted later', A, 'threshold: 10', 'threshold: 20', 'looser'],
  ['an anomaly off', A, 'threshold: 10', 'threshold: 10, enabled: false', 'looser'],
  ['a rule test weaker', T, 'lab-value: unchanged', 'lab-value: no-original', 'tighter'],
  ['a rule test that looks at less', T, ', lab-value: unchanged', '', 'looser'],
  ['a rule test taken away', T, '- sample: b.json\n  refused: LEVEL5_FORBIDDEN\n', '', 'looser'],
  [
    'a rule test more',
    T,
    '- sample: b.json',
    '- { sample: b.json, role: nobody, refused: ROLE_DENIED }\n- sample: b.json',
    'tighter',
  ],
]

describe('rules diff', () => {
  for (const [what, path, from, to, verdict] of TABLE)
    it(`${what}: ${verdict}`, () => {
      const diff = diffRules(before, edited(path, from, to))
      assert.equal(
        diff.class,
        verdict,
        JSON.stringify(
          diff.changes.map((c) => [c.path, c.verdict, c.reason.en]),
          null,
          1,
        ),
      )
      for (const change of diff.changes) assert.ok(change.reason.zh !== '' && change.reason.en !== '')
    })

  it('the same rules have no difference, whatever the order of lines', () => {
    const { changes, cells } = diffRules(
      before,
      sideOf({ [R]: FOLDER[R]!.replace('undecided: drop\nunknown: redact\n', 'unknown: redact\nundecided: drop\n') }),
    )
    assert.deepEqual([changes, cells], [[], []])
  })

  it('an exact expectation may follow its cell, and only then', () => {
    const both = sideOf({
      [R]: FOLDER[R]!.replace('birth-date: year', 'birth-date: drop'),
      [T]: FOLDER[T]!.replace('birth-date: "1990"', 'birth-date: removed'),
    })
    assert.equal(diffRules(before, both).class, 'tighter')
    assert.equal(diffRules(before, edited(T, '"1990"', '"1991"')).class, 'looser')
  })

  it('a sample of a test that changed is looser', () => {
    const other = { ...sideOf(), samples: new Map([['policies/a.json', '2']]) }
    assert.equal(diffRules(before, other).class, 'looser')
  })

  it('what no proof knows is looser', () => {
    const other: Side = { ...before, parts: { ...before.parts, approvers: ['a', 'b', 'c'] } }
    const { class: verdict, changes } = diffRules(
      { ...before, parts: { ...before.parts, approvers: ['a', 'b'] } },
      other,
    )
    assert.deepEqual([verdict, changes.map((c) => c.path)], ['looser', ['approvers']])
  })

  it('names the callers, the lines and both treatments of a cell', () => {
    const diff = diffRules(before, edited(R, 'birth-date: year', 'birth-date: drop'))
    const cell = diff.cells.find((c) => c.raised === 'no')!
    assert.deepEqual(
      [cell.element, cell.callers, cell.before?.method, cell.after?.method, cell.after?.at?.line],
      ['birth-date', ['researcher/research'], 'year', 'drop', 10],
    )
    assert.deepEqual(
      diff.changes.map((c) => [c.path, c.before?.line, c.after?.line]),
      [['mask.policies.research.cells.birth-date', 10, 10]],
    )
  })

  it('a policy taken away refuses its callers; an overlay taken away loosens', () => {
    const { class: verdict, cells } = diffRules(before, sideOf({ [R]: null, [T]: null }))
    assert.equal(verdict, 'looser', 'its tests are gone')
    assert.ok(cells.every((c) => c.verdict === 'tighter' && c.after === null))
    const overlay = { 'policies/o.yaml': 'policy: o\nfor: { roles: [researcher] }\nelements: { lab-value: drop }\n' }
    assert.equal(diffRules(before, sideOf(overlay)).class, 'tighter')
    assert.equal(diffRules(sideOf(overlay), before).class, 'looser')
  })
})
