/**
 * More mistakes real staff make, one a line: what was changed in a sound folder, and the whole of what is told. Places and
 * sentences are held, so that no message becomes weaker unseen.
 */
import { RESEARCH_ZH } from '../mask/language/fixture.ts'
import { BASE } from './table.ts'

export interface Slip {
  readonly name: string
  readonly path: string
  readonly text: string
  /** the only problem: `line:col severity code`, then words of its sentence and its expectation, in this order */
  readonly at: string
  readonly words: readonly string[]
}

const PATHS = {
  R: 'policies/research.yaml',
  B: 'bindings/his.yaml',
  E: 'elements.yaml',
  I: 'institutions.yaml',
  T: 'interfaces/teaching.yaml',
  A: 'anomalies.yaml',
  X: 'policies/research.test.yaml',
} as const

function edit(file: keyof typeof PATHS, from: string, to: string, at: string, ...words: string[]): Slip {
  const path = PATHS[file]
  const zh = /\p{Script=Han}/u.test(from) && file === 'R'
  const base = zh ? RESEARCH_ZH : BASE[path]!
  if (!base.includes(from)) throw new Error(`${from} is not in ${path}`)
  return { name: `${path}: ${to.split('\n')[0]}`, path, text: base.replace(from, to), at, words }
}

const whole = (path: string, text: string, at: string, ...words: string[]): Slip => ({
  name: `${path}: ${text.split('\n', 1)[0]}`,
  path,
  text,
  at,
  words,
})

const POST = 'request: { policy: none }\n    '
const ENTRY = '    call: GET /teaching/inpatients/{no}\n    to: /api/zyjl/{no}\n    format: json\n'

const SYNTAX: readonly Slip[] = [
  edit('R', 'owner: info', 'owner：info', '3:6 error yaml-colon', '(：) stands behind "owner"', 'a colon and a blank'),
  edit(
    'R',
    '  出生日期: 年份',
    '  出生日期：年份',
    '13:7 error yaml-colon',
    '“出生日期”之后是全角冒号',
    '半角冒号加一个空格',
  ),
  edit('R', '{ 宽度: 5', '{ 宽度：5', '14:15 error yaml-colon', '“宽度”之后是全角冒号'),
  edit('R', '宽度: 5, ', '宽度: 5，', '14:18 error yaml-width', '全角符号“，”', '半角逗号'),
  edit('R', '[researcher]', '[researcher、nurse]', '5:26 error yaml-width', 'full-width 、', 'commas between items'),
  edit('E', 'zh: 姓名', 'zh: “姓名”', '2:22 error yaml-quotes', 'the quotes “”', 'no quotes, or straight ones'),
  edit('R', 'owner: info', 'owner:info', '3:6 error yaml-blank', 'no blank stands behind the colon of "owner"'),
  edit('R', '[researcher]', '[researcher', '5:15 error yaml-bracket', 'the bracket [ has no partner'),
  edit('R', '[research] }', '[research]', '5:6 error yaml-bracket', 'the bracket { has no partner'),
  edit('R', '  birth-date', 'birth-date', '10:1 error yaml-indent', 'line 9', '2 blanks'),
  edit('R', '  birth-date', '    birth-date', '10:5 error yaml-indent', 'line 9', '2 blanks'),
  edit(
    'B',
    '[brxm, { key: xm, in: patient }]',
    '\n  - brxm\n  { key: xm, in: patient }',
    '4:3 error yaml-dash',
    'line 3 begins with a dash',
    'before none of them',
  ),
  edit('T', ':18081"', ':18081', '2:19 error yaml-open-quote', 'never closed', 'a closing quote at the end'),
  edit('T', '    zh:', '\t zh:', '5:1 error yaml-tab', 'a tab', 'blanks only'),
  edit('E', '  person-name: {', '  - person-name: {', '3:3 error yaml-dash', 'line 2 begins with a dash'),
  edit(
    'T',
    'format',
    `${POST}query: [{ name: no, pattern: "\\d+" }]\n    format`,
    '10:35 error yaml-escape',
    'a backslash in double quotes',
    "single quotes, such as '\\d+'",
  ),
]

const POLICY: readonly Slip[] = [
  edit('R', 'for: { roles: [researcher], ', 'roles: [researcher]\nfor: { ', '5:1 error unknown-key', 'under "for"'),
  edit('R', 'undecided:', '  undecided:', '14:3 error misplaced-key', 'a key of the policy', 'not indented'),
  edit('R', 'undecided: drop', 'undecided:', '14:11 error bad-cell', 'no method stands here', 'such as drop'),
  edit('R', 'width: 5', 'width: "5"', '9:43 error bad-parameter', '"5" cannot be', 'one of 5, 10, without quotes'),
  edit('R', '2027-03-31', '2027/3/31', '4:9 error bad-value', '"2027/3/31" is no valid "review"', '2027-03-31'),
  edit('R', '2027-03-31', '2027-02-30', '4:9 error bad-value', 'a date that exists'),
  edit('R', 'keep: city', 'width: 5', '11:32 error bad-parameter', 'it belongs to age-band', 'one of keep'),
  edit(
    'R',
    'year',
    '{ method: year, places: 2 }',
    '10:31 error bad-parameter',
    'belongs to round',
    'the word alone: year',
  ),
  edit(
    'R',
    'birth-date: year',
    'birth-date: [year, month]',
    '10:22 error element-twice',
    'line 10 says year',
    '`when:`',
  ),
  edit('R', 'lab-value: keep', 'lab-value: year', '13:14 error method-kind', 'number of "lab-value"', 'round'),
  edit('R', '方法: 截断', '方法: 截短', '12:13 error unknown-method', '是不是“截断”？', '以下之一：'),
  edit('R', '[research] }', '[reserch] }', '5:41 warning scenario-nowhere', 'did you mean "research"?'),
  edit('R', '[research] }', 'any }', '5:40 warning any-word', 'name of one scenario', 'no `scenarios` at all'),
  edit(
    'R',
    'roles: [researcher]',
    'roles: [researcher], institutions: [cuonty]',
    '5:44 error unknown-institution',
    'did you mean "county"?',
  ),
  edit(
    'R',
    'year',
    '[year, { method: drop, when: { interfaces: [his.inpatient] } }]',
    '10:59 error unknown-interface',
    'did you mean "his.inpatient-record"?',
  ),
  edit(
    'R',
    'year',
    '[year, { method: drop, when: { scenarios: [research] } }]',
    '10:46 error unknown-key',
    'unknown key "scenarios"',
    'interfaces, institutions, purposes',
  ),
  edit('R', 'level-5: drop', 'level5: drop', '6:11 error unknown-floor', 'did you mean "level-5"?'),
  edit('R', 'level-5: drop', 'level-5: keep', '6:11 error floor-keeps', 'protects nothing', 'level-5: drop'),
  edit('R', 'never-clear', 'neverclear', '6:46 error unknown-method', 'did you mean "never-clear"?'),
  edit(
    'R',
    'unknown: redact',
    'unknown: mask',
    '15:10 error bad-word',
    '"mask" is no valid "unknown"',
    'codes-only, redact',
  ),
  edit('R', 'policy: research', 'policy: 科研', '1:9 error bad-value', '"科研"', 'such as research'),
  edit('R', 'owner:', 'direct-care: yes\nowner:', '3:14 error bad-value', '"yes"', 'true or false'),
  edit('R', '2027-03-31', '2020-03-31', '4:9 warning review-overdue', '2020-03-31', 'the day of the next one'),
  edit('R', ', otherwise: category-code', '', '12:14 error bad-parameter', '"otherwise" is missing', 'redact, drop'),
]

const PLACES: readonly Slip[] = [
  edit('E', 'level: 2', 'level: high', '10:48 error bad-value', '"high" is no valid "level"', '2 ordinary'),
  edit('E', 'kind: phone', 'kind: telephone', '4:28 error bad-word', '"telephone"', 'phone'),
  edit('E', 'zh: 手机号, ', '', '4:11 error missing-key', '"zh" is missing', 'zh: 手机号'),
  edit('E', 'zh: 住址', 'zh: 手机号', '5:3 error element-twice', 'names the element at line 4', 'of its own'),
  edit('B', '$.data.value', 'PID-5', '8:12 error key-like-path', '"PID-5" does not begin with $', '{ key: PID-5 }'),
  edit('B', '$.data.value', 'data.value', '8:12 error key-like-path', 'no payload has', '$.data.value'),
  edit('B', '[sjh]', '[]', '4:9 error empty-selector', 'protects nothing', 'brxm'),
  edit('B', '[sjh]', '[sjh, brxm]', '4:15 error binding-conflict', 'to "person-name"', 'line 2'),
  edit('B', 'format: json', 'format: hl7', '1:9 error bad-word', 'did you mean "hl7v2"?', 'json, fhir'),
  whole(
    'bindings/f.yaml',
    'format: fhir\nperson-name: [HumanName, Patient.nmae]\n',
    '2:34 error bad-path',
    'Patient has no element nmae, did you mean name?',
    'Patient.name',
  ),
  whole('bindings/f.yaml', 'interface: his.inpatient\nmobile: [abc]\n', '1:12 error unknown-interface', 'did you mean'),
  whole('policies/x.yml', 'policy: x\n', '1:1 error unknown-file', 'did you mean "policies/x.yaml"?'),
  whole('policy/x.yaml', 'policy: x\n', '1:1 error unknown-file', 'did you mean "policies/x.yaml"?'),
  whole(PATHS.X, 'sample: a.json\n', '1:1 error expected-list', 'a list', 'a dash before the first line'),
  whole(PATHS.X, '- sample: a.json\n  expect: { person-name: }\n', '2:26 error bad-expectation', 'removed'),
  whole(
    PATHS.A,
    'anomalies:\n  burst: { detector: denied-burst, window: 5 min, threshold: 9 }\n',
    '2:44 error bad-value',
    '"5 min" is no valid "window"',
    'from 1s to 1d',
  ),
]

const DIRECTORY: readonly Slip[] = [
  edit('I', '10.2.0.0/16', '10.2.3.4/16', '3:66 error cidr-host-bits', '10.2.0.0/16', '10.2.3.4/32'),
  edit('I', '10.2.0.0/16', '10.2.0.7', '3:66 error cidr-syntax', 'no prefix: one host is 10.2.0.7/32'),
  edit('I', '10.2.0.0/16', '10.2.0.1-10.2.0.9', '3:66 error cidr-syntax', '"10.2.0.1-10.2.0.9" is no IP address'),
  edit('I', '"500230"', '50023', '3:30 error bad-value', '"50023" is no valid "region"', '"500230"'),
  edit('I', '  county:', '  County:', '3:3 error bad-name', '"County" is not a valid name', 'expected county'),
  edit('I', '  county:', '  teaching:', '3:3 error yaml-duplicate-key', 'a second time', 'first at line 2'),
  edit(
    'I',
    '"500230", certificates: [',
    '"500230", certificates: [ab',
    '3:55 error expected-map',
    '{ sha256: 64 hex digits }',
  ),
  edit(
    'I',
    '县医院,',
    '县医院, contract: { to: 2021-01-01 },',
    '3:38 warning contract-over',
    '2021-01-01',
    'suspended',
  ),
  edit('T', 'provider: teaching', 'provider: 附属教学医院', '1:11 error unknown-provider', 'one of teaching, county'),
  edit('T', '{no}\n', '{no}?a=1\n', '7:11 error path-template', 'holds no query', 'a path such as'),
  edit('T', 'GET ', 'get ', '7:11 error bad-value', '"get /teaching', 'GET /teaching/inpatients/{no}'),
  edit('T', 'zyjl/{no}', 'zyjl/:no', '8:9 error path-parameters', '"to" has the parameters none', '{no} in "to"'),
  edit('T', '"http://127.0.0.1:18081"', '127.0.0.1:18081', '2:19 error upstream-base', 'https://his.example:8443/api'),
  edit('T', 'http://127', 'http://u:p@127', '2:19 error upstream-base', 'a user name or a password', '`credential:`'),
  edit(
    'T',
    '[researcher]',
    'researcher, nurse',
    '10:12 error bad-value',
    'in square brackets, such as [researcher, nurse]',
  ),
  edit(
    'T',
    '[researcher]',
    '[resercher]',
    '10:13 warning role-without-policy',
    '"resercher"',
    'did you mean "researcher"?',
  ),
  edit('T', 'GET', 'POST', '5:5 error request-policy', 'states the policy of its requests', 'policy: none'),
  edit(
    'T',
    'call: GET',
    'request: { policy: reserch }\n    call: POST',
    '7:24 error unknown-policy',
    'did you mean "research"?',
  ),
  edit('T', 'format', 'timeout: 5 sec\n    format', '9:14 error bad-value', '"5 sec"', 'from 100ms to 10m'),
  edit('T', 'format', 'body: { max: 8MB }\n    format', '9:18 error bad-value', '"8MB" is no valid "max"', '8MiB'),
  edit(
    'T',
    'format',
    `${POST}query: [{ name: no, pattern: "^(?=a)" }]\n    format`,
    '10:34 error pattern-syntax',
    '(?= looks around',
    "'^[0-9]{6,20}$'",
  ),
  edit('T', 'roles:', 'role:', '10:5 error unknown-key', 'did you mean "roles"?'),
  edit(
    'T',
    'http://127.0.0.1:18081"',
    'https://h", tls: { ca: a, cert: b, key: c }',
    '2:60 error expected-map',
    '{ file: PATH }',
  ),
  edit('T', ENTRY, '    fhir: { base: /t, types: { patient: [read] } }\n', '7:32 error bad-name', 'such as Patient'),
]

const D = 'dictionaries/diagnosis.csv'
const HEAD = 'term,replacement,kind,mode,status,author,approver\n'

const CSV: readonly Slip[] = [
  whole(
    D,
    'term;replacement;status;author;approver\n癌症;CA;active;a;b\n',
    '1:1 error dictionary-separator',
    '(;)',
    'commas',
  ),
  whole(D, '术语，替换，状态，编写人，审批人\n', '1:1 error dictionary-separator', '全角逗号', '半角逗号'),
  whole(D, '癌症,CA,active,a,b\n', '1:1 error dictionary-header', '第一行不是表头', '术语,替换,状态,编写人,审批人'),
  whole(
    D,
    `${HEAD}癌症,CA,diagnosis,field,active,a,b,c\n`,
    '2:1 error dictionary-width',
    '8 fields',
    'stands in quotes',
  ),
  whole(D, `${HEAD}癌症,CA,diagnosis,field,actve,a,b\n`, '2:23 error dictionary-status', 'did you mean "active"?'),
  whole(
    D,
    `${HEAD}癌症,13800000000,,,active,a,b\n`,
    '2:4 error dictionary-replacement',
    'an identifier',
    'fewer than five',
  ),
  whole(D, `${HEAD}癌症,CA,,,active,a,\n`, '2:18 error dictionary-approver', 'no approver', 'in_review'),
  whole(
    D,
    'term,replacement,status,author,approver,effective_from\n癌症,CA,active,a,b,2026/1/1\n',
    '2:18 error dictionary-date',
    '"2026/1/1" is no date',
    'such as 2026-11-21',
  ),
]

export const SLIPS: readonly Slip[] = [...SYNTAX, ...POLICY, ...PLACES, ...DIRECTORY, ...CSV]
