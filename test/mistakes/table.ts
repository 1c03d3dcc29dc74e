/**
 * Thirty mistakes people make in rules files, dictionaries, Excel batches and key files. Each says what must be told;
 * `mend` is what its reader should do having seen the file and the message only.
 */
import { FOLDER, RESEARCH_ZH } from '../mask/language/fixture.ts'

export interface Mistake {
  readonly name: string
  readonly kind: 'yaml' | 'csv' | 'xlsx' | 'keys'
  /** the file in error: path in the folder */
  readonly path: string
  readonly text: string
  /** rows of an Excel batch, instead of text */
  readonly rows?: readonly (readonly string[])[]
  /** of the key file; default 0600 */
  readonly mode?: number
  readonly command?: readonly string[]
  readonly secret?: string
  /** what the output must hold: place and code, then words that say what to do */
  readonly told: readonly RegExp[]
  readonly mend: string
}

export const BASE: Readonly<Record<string, string>> = {
  ...FOLDER,
  'institutions.yaml': `institutions:
  teaching: { zh: 附属教学医院, region: "500103", certificates: [], cidrs: [127.0.0.0/8], scenarios: [treatment, research] }
  county: { zh: 县医院, region: "500230", certificates: [], cidrs: [10.2.0.0/16], scenarios: [treatment] }
`,
  'interfaces/teaching.yaml': `provider: teaching
upstream: { base: "http://127.0.0.1:18081" }
entries:
  his.inpatient-record:
    zh: 住院病历查询
    status: published
    call: GET /teaching/inpatients/{no}
    to: /api/zyjl/{no}
    format: json
    roles: [researcher]
`,
}

function yaml(
  name: string,
  path: string,
  from: string,
  to: string,
  told: readonly RegExp[],
  mend: string,
  base?: string,
): Mistake {
  const text = base ?? BASE[path]!
  if (!text.includes(from)) throw new Error(`${name}: the text to change is not there`)
  return { name, kind: 'yaml', path, text: text.replace(from, to), told, mend }
}

const R = 'policies/research.yaml'
const B = 'bindings/his.yaml'
const E = 'elements.yaml'
const I = 'institutions.yaml'
const T = 'interfaces/teaching.yaml'

const YAML: readonly Mistake[] = [
  yaml(
    'a key misspelt',
    R,
    'undecided: drop',
    'undecide: drop',
    [/research\.yaml:\d+:1: error unknown-key: .*did you mean "undecided"/],
    'write undecided',
  ),
  yaml(
    'a key misspelt in Chinese',
    R,
    '未定处理: 删除',
    '未定处置: 删除',
    [/research\.yaml:\d+:1: error unknown-key: .*是不是“未定处理”/],
    '写“未定处理”',
    RESEARCH_ZH,
  ),
  yaml(
    'an element misspelt',
    R,
    'birth-date: year',
    'birthdate: year',
    [/unknown-element: .*did you mean "birth-date"/],
    'write birth-date',
  ),
  yaml(
    'an element twice',
    R,
    '  birth-date: year',
    '  birth-date: year\n  出生日期: drop',
    [/element-twice: .*stands at line \d+ already/],
    'keep one of the two lines',
  ),
  yaml(
    'a method misspelt',
    R,
    'person-name: pseudonym',
    'person-name: psuedonym',
    [/unknown-method: .*did you mean "pseudonym"/],
    'write pseudonym',
  ),
  yaml('a parameter misspelt', R, 'width: 5', 'witdh: 5', [/bad-parameter: .*witdh.*\(expected.*width/], 'write width'),
  yaml(
    'a value out of range',
    R,
    'width: 5',
    'width: 500',
    [/bad-parameter: .*width.*\(expected/],
    'write a width in the range told',
  ),
  yaml(
    'a tab for indentation',
    R,
    '  birth-date: year',
    '\tbirth-date: year',
    [/research\.yaml:\d+:\d+: error yaml-[a-z-]+: .*(?:tab|blank)/i],
    'indent by blanks',
  ),
  yaml(
    'an anchor',
    R,
    'birth-date: year',
    'birth-date: &x year',
    [/yaml-[a-z-]+: .*anchor/i],
    'write the value itself',
  ),
  yaml(
    'visible digits of the number beside the birth date',
    R,
    'resident-id: { method: age-band, width: 5 }\n  birth-date: year',
    'resident-id: { method: mask, keep: 6+4 }\n  birth-date: keep',
    [/combination: .*unknown.*\(expected at least 4 unknown digits: /],
    'show fewer digits, or no birth date',
  ),
  yaml(
    'level 5 kept outside care',
    R,
    'floors: { level-5: drop, identity-documents: never-clear }\nelements:\n',
    'elements:\n  credential: keep\n',
    [/keep-level-5: .*level 5.*\(expected credential: drop\)/],
    'drop it',
  ),
  yaml(
    'only half of the defaults',
    R,
    'unknown: redact\n',
    '',
    [/half-overlay: "undecided" stands without "unknown" \(expected both/],
    'add unknown, or take undecided away',
  ),
  yaml(
    'ambiguous initials without a scope',
    B,
    '{ key: xm, in: patient }',
    'xm',
    [/his\.yaml:2:\d+: error ambiguous-key: .*姓名\/项目.*\{ key: xm, in:/],
    'say in which object xm stands',
  ),
  yaml('a path that is none', B, '$.data.value', '$.data[value', [/bad-path: /], 'close the bracket or quote the name'),
  yaml(
    'a level that is none',
    E,
    'kind: phone, level: 4',
    'kind: phone, level: 6',
    [/elements\.yaml:4:\d+: error bad-value: "6" is no valid "level".*from 1 to 5: 1 public .*level: 4/],
    'a level from 1 to 5',
  ),
  yaml(
    'a network that is none',
    I,
    '10.2.0.0/16',
    '10.2.0.0/46',
    [/institutions\.yaml:3:\d+: error [a-z-]+: /],
    'a prefix of at most 32 bits',
  ),
  yaml(
    'an interface without a provider',
    T,
    'provider: teaching',
    'provider: teachng',
    [/unknown-provider: .*teachng.*\(expected .*teaching/],
    'write teaching',
  ),
]

const HEAD = 'term,replacement,kind,mode,status,author,approver\n'
const D = 'dictionaries/diagnosis.csv'
const csv = (name: string, text: string, told: readonly RegExp[], mend: string): Mistake => ({
  name,
  kind: 'csv',
  path: D,
  text,
  told,
  mend,
})

const CSV: readonly Mistake[] = [
  csv(
    'a column nobody knows',
    'term,replacment,status,author,approver\n癌症,CA,active,a,b\n',
    [/diagnosis\.csv:1:\d+: error .*replacment/],
    'write replacement',
  ),
  csv(
    'a term twice',
    `${HEAD}癌症,CA,diagnosis,field,active,a,b\n癌症,恶性肿瘤,diagnosis,field,active,a,b\n`,
    [/diagnosis\.csv:3:\d+: error .*癌症/],
    'keep one of both rows',
  ),
  csv(
    'approved by its own author',
    `${HEAD}癌症,CA,diagnosis,field,active,a,a\n`,
    [/diagnosis\.csv:2:\d+: error .*approver/i],
    'another person approves',
  ),
  csv(
    'a replacement that is a term',
    `${HEAD}癌症,肿瘤,diagnosis,field,active,a,b\n肿瘤,CA,diagnosis,field,active,a,b\n`,
    [/diagnosis\.csv:\d+:\d+: error /],
    'replace by what is no term itself',
  ),
  csv(
    'a quote that is not closed',
    `${HEAD}"癌症,CA,diagnosis,field,active,a,b\n`,
    [/diagnosis\.csv:\d+:\d+: error .*quot/i],
    'close the quote',
  ),
  csv(
    'a delimiter of HL7 in a replacement',
    `${HEAD}癌症,C|A,diagnosis,field,active,a,b\n`,
    [/diagnosis\.csv:2:\d+: error /],
    'a replacement without | ^ ~ \\ &',
  ),
]

const XLSX_HEAD = ['术语', '替换', '类别', '方式', '编写人', '审批人', '状态']
const xlsx = (name: string, rows: readonly (readonly string[])[], told: readonly RegExp[], mend: string): Mistake => ({
  name,
  kind: 'xlsx',
  path: 'batch.xlsx',
  text: '',
  rows,
  told,
  mend,
})

const XLSX: readonly Mistake[] = [
  xlsx(
    'a heading misspelt',
    [
      ['术语', '替换词', '类别', '方式', '编写人', '审批人', '状态'],
      ['癌症', 'CA', '诊断', '字段', '甲', '乙', '启用'],
    ],
    [/batch\.xlsx.*替换词/],
    '把“替换词”改为“替换”',
  ),
  xlsx(
    'approved by its own author',
    [XLSX_HEAD, ['癌症', 'CA', '诊断', '字段', '甲', '甲', '启用']],
    [/batch\.xlsx:2:\d+: error .*审批人/],
    '由另一人审批',
  ),
  xlsx(
    'a row without its term',
    [XLSX_HEAD, ['', 'CA', '诊断', '字段', '甲', '乙', '启用']],
    [/batch\.xlsx:2|batch\.xlsx.*2/],
    '填写术语',
  ),
]

const KEYS: readonly Mistake[] = [
  {
    name: 'a ring others may read',
    kind: 'keys',
    path: 'ring.json',
    text: '{}',
    mode: 0o644,
    told: [/ring\.json: is readable by group or others; make it 0600/],
    mend: 'chmod 600',
  },
  {
    name: 'a ring that is none',
    kind: 'keys',
    path: 'ring.json',
    text: 'hello\n',
    told: [/ring\.json is no keyring: name the right file with --file.*keys init --file NEW/],
    mend: 'name the keyring file',
  },
  {
    name: 'a secret of a few letters',
    kind: 'keys',
    path: 'new.json',
    text: '',
    command: ['init'],
    secret: 'short',
    told: [/the secret in RING_SECRET is too short: at least 16 bytes, such as/],
    mend: 'a longer secret',
  },
  {
    name: 'no secret named',
    kind: 'keys',
    path: 'ring.json',
    text: '{}',
    secret: '',
    told: [/nothing says where the secret of the ring is: give --secret-file FILE, or --secret-env NAME/],
    mend: '--secret-file or --secret-env',
  },
]

export const MISTAKES: readonly Mistake[] = [...YAML, ...CSV, ...XLSX, ...KEYS]
