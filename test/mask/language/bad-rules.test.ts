import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules, MAX_PROBLEMS } from '../../../src/mask/language/index.ts'
import { BINDINGS, compile, ELEMENTS, errors, FOLDER, filesOf, policy, RESEARCH } from './fixture.ts'

const P = 'policies/p.yaml'
const B = 'bindings/b.yaml'
const BASE = 'undecided: drop\nunknown: redact\n'

/** [what, file, text, each problem as `line:col code`, words of message and expectation] */
const TABLE: readonly [string, string, string, readonly string[], RegExp?][] = [
  [
    'unknown key',
    P,
    policy('p', `${BASE}elemnts: {}\n`),
    ['5:1 unknown-key'],
    /did you mean "elements"\?.*expected one of policy, basis/,
  ],
  ['duplicate key', P, policy('p', `${BASE}unknown: drop\n`), ['5:1 yaml-duplicate-key'], /first at line 4/],
  [
    'the same key in both languages',
    P,
    policy('p', `${BASE}未登记: drop\n`),
    ['5:1 yaml-duplicate-key'],
    /same key as "unknown" at line 4/,
  ],
  [
    'element named twice',
    P,
    policy('p', `${BASE}elements:\n  mobile: drop\n  mobile: keep\n`),
    ['7:3 yaml-duplicate-key'],
  ],
  [
    'element named twice, once by its Chinese name',
    P,
    policy('p', `${BASE}elements:\n  mobile: drop\n  手机号: keep\n`),
    ['7:3 element-twice'],
    /line 6/,
  ],
  [
    'unknown element',
    P,
    policy('p', `${BASE}elements: { moblie: drop }\n`),
    ['5:13 unknown-element'],
    /did you mean "mobile"/,
  ],
  [
    'a detector of two elements',
    'elements.yaml',
    ELEMENTS.replace('level: 2, group: clinical', 'level: 2, group: clinical, detect: mobile'),
    ['10:3 detector-twice'],
    /belong to "mobile" at line 4 already.*in one of both lines only/,
  ],
  [
    'unknown method',
    P,
    policy('p', `${BASE}elements: { mobile: dorp }\n`),
    ['5:21 unknown-method'],
    /did you mean "drop".*one of age-band/,
  ],
  ['a number is no prose', P, policy('p', `${BASE}elements: { mobile: scrub }\n`), ['5:21 method-kind'], /code, text/],
  [
    'unknown values scrubbed outside care',
    P,
    policy('p', 'undecided: drop\nunknown: scrub\n'),
    ['4:1 scrub-outside-care'],
    /a bare name passes.*codes-only, redact, drop or withhold/,
  ],
  [
    'a dictionary of several that is none',
    P,
    policy('p', `${BASE}elements: { drug-name: { method: scrub, dictionary: [diagnosis, nowhere] } }\n`),
    ['5:24 unknown-dictionary'],
    /no dictionary "nowhere"/,
  ],
  [
    'unknown parameter',
    P,
    policy('p', `${BASE}elements: { address: { method: truncate, keeep: city } }\n`),
    ['5:42 bad-parameter'],
    /unknown key "keeep" of the method "truncate", did you mean "keep"\? \(expected one of keep/,
  ],
  [
    'wrong parameter',
    P,
    policy('p', `${BASE}elements: { address: { method: truncate, keep: street } }\n`),
    ['5:48 bad-parameter'],
    /one of province, city/,
  ],
  [
    'missing parameter',
    P,
    policy('p', `${BASE}elements: { drug-name: { method: substitute, dictionary: diagnosis } }\n`),
    ['5:24 bad-parameter'],
    /"otherwise" is missing/,
  ],
  [
    'method of another kind',
    P,
    policy('p', `${BASE}elements: { mobile: year }\n`),
    ['5:21 method-kind'],
    /\(for date\) is not for the kind phone of "mobile".*expected one of keep, redact/,
  ],
  [
    'reference method',
    P,
    policy('p', `${BASE}elements: { resource-id: redact }\n`),
    ['5:26 method-reference'],
    /expected one of keep, drop, pseudonym/,
  ],
  ['no for', P, 'policy: p\nundecided: drop\nunknown: redact\n', ['1:1 missing-key'], /"for" is missing/],
  ['empty for', P, policy('p', BASE, '{}'), ['2:6 empty-for']],
  [
    'half an overlay',
    P,
    policy('p', 'undecided: drop\n'),
    ['3:1 half-overlay'],
    /"undecided" stands without "unknown"/,
  ],
  [
    'bad review date',
    P,
    policy('p', `${BASE}review: 2027-02-30\n`),
    ['5:9 bad-value'],
    /"2027-02-30" is no valid "review".*such as 2027-03-31/,
  ],
  [
    'unknown floor',
    P,
    policy('p', `${BASE}floors: { level-6: drop, contakt: drop }\n`),
    ['5:11 unknown-floor', '5:26 unknown-floor'],
  ],
  ['floor of a method for some kinds only', P, policy('p', `${BASE}floors: { level-5: year }\n`), ['5:20 method-kind']],
  [
    'condition in a floor',
    P,
    policy('p', `${BASE}floors: { level-5: { method: drop, when: { purposes: [x] } } }\n`),
    ['5:20 when-here'],
  ],
  ['two unconditional cells', P, policy('p', `${BASE}elements: { mobile: [drop, redact] }\n`), ['5:28 element-twice']],
  ['empty when', P, policy('p', `${BASE}elements: { mobile: { method: drop, when: {} } }\n`), ['5:43 empty-when']],
  ['tab', P, 'policy: p\n\tfor: x\n', ['2:1 yaml-tab'], /blanks only/],
  ['anchor and alias', P, policy('p', `${BASE}basis: &a x\nowner: *a\n`), ['5:11 yaml-anchor', '6:8 yaml-alias']],
  ['tag', P, policy('p', `${BASE}basis: !x y\n`), ['5:11 yaml-tag']],
  ['second document', P, `${policy('p', BASE)}---\npolicy: q\n`, ['5:1 yaml-documents']],
  ['empty file', P, '', ['1:1 yaml-empty']],
  [
    'direct care in research',
    P,
    policy(
      'p',
      `${BASE}direct-care: true\nelements: { diagnosis: keep, drug-name: keep }\n`,
      '{ roles: [d], scenarios: [treatment, research] }',
    ),
    ['5:1 direct-care-scenario'],
  ],
  [
    'unknown element in bindings',
    B,
    'format: json\npersn-name: [brxm]\n',
    ['2:1 unknown-element'],
    /did you mean "person-name"/,
  ],
  ['bad path', B, 'format: fhir\nmobile: [Patient.telecom, "Patient..telecom"]\n', ['2:36 bad-path']],
  ['no format', B, 'mobile: [sjhm]\n', ['1:1 missing-key'], /"format" is missing/],
  ['unknown format', B, 'format: fihr\nmobile: [sjhm]\n', ['1:9 bad-word'], /did you mean "fhir"/],
  [
    'ambiguous initials',
    B,
    'format: json\nmobile: [DH]\n',
    ['2:10 ambiguous-key'],
    /in: patient } where the payload reads/,
  ],
  ['selector with two parts', B, 'format: json\nmobile: [{ key: a, pair: b }]\n', ['2:10 bad-selector']],
  [
    'one key for two elements',
    B,
    'format: json\nmobile: [lxdh]\nperson-name: [LX_DH]\n',
    ['3:15 binding-conflict'],
    /line 2 binds the same place to "mobile"/,
  ],
  ['policy name taken', 'policies/z.yaml', policy('research', BASE, '{ roles: [x] }'), ['1:1 policy-twice']],
  ['test without result', 'policies/research.test.yaml', '- sample: a.json\n', ['1:3 empty-test']],
  [
    'test outside the folder',
    'policies/research.test.yaml',
    '- { sample: ../../a.json, refused: ROLE_DENIED }\n',
    ['1:13 bad-value'],
  ],
  [
    'unknown dictionary',
    P,
    policy('p', `${BASE}elements: { drug-name: { method: substitute, dictionary: nmae, otherwise: redact } }\n`),
    ['5:24 unknown-dictionary'],
    /one of diagnosis/,
  ],
]

for (const [what, file, text, places, words] of TABLE)
  test(`refused with its place: ${what}`, () => {
    const found = errors({ [file]: text })
    const got = found.map((line) => /^(\S+):(\d+:\d+): error (\S+):/.exec(line)!)
    assert.deepEqual(
      got.map((m) => `${m[2]} ${m[3]}`),
      places,
      found.join('\n'),
    )
    assert.ok(
      got.every((m) => m[1] === file),
      found.join('\n'),
    )
    if (words !== undefined) assert.match(found.join('\n'), words)
  })

test('messages come in the language of the file', () => {
  const [line] = errors({ [P]: '策略: p\n适用: { 角色: [a] }\n未定处理: 删除\n未登记: 遮蔽\n脱敏: { 手几号: 删除 }\n' })
  assert.match(line!, /5:7: error unknown-element: 未知的数据元“手几号”，是不是“手机号”？/)
})

test('elements: level, kind and name are checked', () => {
  const found = errors({
    'elements.yaml': `${ELEMENTS}  x: { zh: 姓名, kind: nmae, level: 6, colour: red }\n`,
    'bindings/his.yaml': null,
    'policies/research.yaml': null,
  })
  assert.deepEqual(
    found.map((l) => l.replace(/^elements.yaml:(\d+:\d+): error (\S+):.*$/, '$1 $2')),
    ['13:3 element-twice', '13:22 bad-word', '13:35 bad-value', '13:38 unknown-key'],
  )
})

test('500 errors in one file are 500 problems, each with its line', () => {
  const lines = Array.from({ length: 500 }, (_, i) => `  wrong-${i}: drop`).join('\n')
  const found = errors({ [P]: policy('p', `${BASE}elements:\n${lines}\n`) })
  assert.equal(found.length, 500)
  found.forEach((line, i) => {
    assert.ok(line.startsWith(`${P}:${i + 6}:3: error unknown-element: unknown element "wrong-${i}"`), line)
    assert.match(line, /\(expected one of .+\)$/)
  })
})

test('problems are capped', () => {
  const lines = Array.from({ length: 1500 }, (_, i) => `  wrong-${i}: drop`).join('\n')
  assert.equal(compile({ [P]: policy('p', `${BASE}elements:\n${lines}\n`) }).problems.length, MAX_PROBLEMS)
})

test('problems of all files come at once, sound files are still compared', () => {
  const found = errors({
    [P]: policy('p', `${BASE}elemnts: {}\n`),
    [B]: 'format: json\nx: [a]\n',
    'policies/a.yaml': policy('a', `${BASE}elements: { credential: keep }\n`, '{ roles: [a] }'),
  })
  assert.deepEqual(
    found.map((l) => l.replace(/^(\S+): error (\S+):.*$/, '$1 $2')),
    ['bindings/b.yaml:2:1 unknown-element', 'policies/a.yaml:5:25 keep-level-5', 'policies/p.yaml:5:1 unknown-key'],
  )
})

test('a folder without elements.yaml is refused', () => {
  const { rules, problems } = compileRules(
    filesOf({ 'policies/research.yaml': RESEARCH, 'bindings/his.yaml': BINDINGS }),
  )
  assert.equal(rules, null)
  assert.deepEqual(
    problems.map((p) => p.code),
    ['missing-file'],
  )
})

test('the sound folder has no errors and warns of what is uncontrolled', () => {
  const { rules, problems } = compile({ [P]: policy('p', `undecided: drop\nunknown: keep\n`) })
  assert.ok(rules)
  assert.deepEqual(
    problems.map((p) => [p.severity, p.code, p.file]),
    [['warning', 'uncontrolled', P]],
  )
  const approved = `undecided: drop\nunknown: { treatment: keep, approval: 12号, expires: 2027-01-01 }\n`
  assert.deepEqual(compile({ [P]: policy('p', approved) }).problems, [])
  assert.equal(Object.keys(FOLDER).length, 4)
})
