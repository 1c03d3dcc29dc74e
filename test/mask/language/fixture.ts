/** A small rules folder in both languages, and its files put together. */
import assert from 'node:assert/strict'
import { formatProblem } from '../../../src/base/problem.ts'
import { compileRules, type RuleFile } from '../../../src/mask/language/index.ts'
import type { RuleSet } from '../../../src/mask/model.ts'

export const ELEMENTS = `elements:
  person-name: { zh: 姓名, kind: name, level: 4, group: identity }
  resident-id: { zh: 居民身份证号, kind: identifier, level: 4, group: identity-documents, detect: resident-id }
  mobile: { zh: 手机号, kind: phone, level: 4, group: contact, detect: mobile }
  address: { zh: 住址, kind: address, level: 4, group: contact }
  birth-date: { zh: 出生日期, kind: date, level: 3, group: quasi-identifiers }
  resource-id: { zh: 资源标识, kind: identifier, level: 4, group: local-numbers, local: true }
  diagnosis: { zh: 诊断, kind: code, level: 3, group: clinical, sign: icd-10 }
  drug-name: { zh: 药品名称, kind: text, level: 3, group: clinical }
  lab-value: { zh: 检验结果值, kind: number, level: 2, group: clinical }
  credential: { zh: 口令与令牌, kind: identifier, level: 5 }
  facility: { zh: 医疗机构, kind: text, level: 1 }
`

export const BINDINGS = `format: json
person-name: [brxm, { key: xm, in: patient }]
resident-id: [sfzh, { pair: 身份证号 }]
mobile: [sjh]
address: [jtdz]
birth-date: [csrq]
diagnosis: [zdmc]
lab-value: $.data.value
drug-name: ypmc
credential: mm
resource-id: $.data.id
`

export const RESEARCH = `policy: research
basis: 委员会〔2026〕12号
owner: information-department
review: 2027-03-31
for: { roles: [researcher], scenarios: [research] }
floors: { level-5: drop, identity-documents: never-clear }
elements:
  person-name: pseudonym
  resident-id: { method: age-band, width: 5 }
  birth-date: year
  address: { method: truncate, keep: city }
  diagnosis: { method: substitute, dictionary: diagnosis, otherwise: category-code, with-code: true }
  lab-value: keep
undecided: drop
unknown: redact
`

export const RESEARCH_ZH = `# 科研
策略: research
适用: { 场景: [research], 角色: [researcher] }
责任人: information-department
依据: 委员会〔2026〕12号
复核日期: 2027-03-31
未登记: 遮蔽
未定处理: 删除
脱敏:
  检验结果值: 保留
  诊断: { 连同编码: 是, 否则: 类目编码, 字典: diagnosis, 方法: 字典替换 }
  住址: { 方法: 截断, 保留: 市 }
  出生日期: 年份
  居民身份证号: { 宽度: 5, 方法: 年龄段 }
  姓名: 假名
底线: { 证件: 不得明文, 控制级: 删除 }
`

export const DICTIONARY = 'term,replacement,status,author,approver\n癌症,CA,active,a,b\n'

export const FOLDER: Readonly<Record<string, string>> = {
  'elements.yaml': ELEMENTS,
  'bindings/his.yaml': BINDINGS,
  'policies/research.yaml': RESEARCH,
  'dictionaries/diagnosis.csv': DICTIONARY,
}

export const filesOf = (folder: Readonly<Record<string, string | null>>): RuleFile[] =>
  Object.entries(folder).flatMap(([path, text]) => (text === null ? [] : [{ path, text }]))

/** The fixture with some files replaced (null = without). */
export const compile = (changes: Readonly<Record<string, string | null>> = {}) =>
  compileRules(filesOf({ ...FOLDER, ...changes }))

/** Problems in their printed form, warnings left out. */
export const errors = (changes: Readonly<Record<string, string | null>>): string[] =>
  compile(changes)
    .problems.filter((p) => p.severity === 'error')
    .map(formatProblem)

export function rulesOf(changes: Readonly<Record<string, string | null>> = {}): RuleSet {
  const { rules, problems } = compile(changes)
  assert.ok(rules, problems.map(formatProblem).join('\n'))
  return rules
}

/** A policy of its own, with the lines given; `for:` is role `tester` unless said. */
export const policy = (id: string, lines: string, scope = '{ roles: [tester] }'): string =>
  `policy: ${id}\nfor: ${scope}\n${lines}`
