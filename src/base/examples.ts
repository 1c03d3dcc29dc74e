/** One value to copy for each required key of the rules, as it stands behind the colon. */
import type { Say } from './problem.ts'
import type { Context, Lang } from './vocabulary.ts'

const EXAMPLES: Readonly<Partial<Record<Context, Readonly<Record<string, string | Say>>>>> = {
  policy: {
    policy: 'research',
    for: {
      zh: '{ 角色: [researcher], 场景: [research] }',
      en: '{ roles: [researcher], scenarios: [research] }',
    },
  },
  cell: { method: { zh: '遮蔽', en: 'redact' } },
  unknown: { treatment: { zh: '遮蔽', en: 'redact' }, approval: '12号', expires: '2027-03-31' },
  exception: { approval: '12号', expires: '2027-03-31' },
  'elements-file': {
    elements: {
      zh: '其下每行一个数据元，如 mobile: { 名称: 手机号, 类型: 电话, 级别: 重要 }',
      en: 'and below it one line each, such as mobile: { zh: 手机号, kind: phone, level: 4 }',
    },
  },
  element: { zh: '手机号', kind: { zh: '电话', en: 'phone' }, level: { zh: '重要', en: '4' } },
  'bindings-file': { format: 'json' },
  'rule-test': { sample: 'referral.fhir.json', refused: 'combination' },
  'institutions-file': {
    institutions: {
      zh: '其下每行一家，如 county: { 名称: 县医院, 证书: [], 网段: [10.1.0.0/16] }',
      en: 'and below it one each, such as county: { zh: 县医院, certificates: [], cidrs: [10.1.0.0/16] }',
    },
  },
  institution: {
    zh: '县医院',
    certificates: { zh: '[{ 指纹: 64 位十六进制 }]', en: '[{ sha256: 64 hex digits }]' },
    cidrs: '[10.1.0.0/16]',
  },
  certificate: { sha256: { zh: '64 位十六进制', en: '64 hex digits' } },
  'interfaces-file': {
    provider: { zh: 'teaching（institutions.yaml 中的机构）', en: 'teaching (an institution of institutions.yaml)' },
    entries: {
      zh: '其下每个接口一段，如 his.inpatient-record:',
      en: 'and below it one block for each interface, such as his.inpatient-record:',
    },
  },
  upstream: { base: 'https://his.example:8443' },
  secret: { file: { zh: '路径', en: 'PATH' } },
  credential: { header: 'Authorization' },
  entry: {
    zh: '住院病历查询',
    status: { zh: '发布', en: 'published' },
    call: 'GET /teaching/inpatients/{no}',
    format: 'json',
    roles: '[researcher]',
  },
  'entry-fhir': {
    base: '/teaching/fhir',
    types: { zh: '{ Patient: [读取] }', en: '{ Patient: [read] }' },
  },
  'query-parameter': { name: 'no' },
  'entry-request': { policy: { zh: '无', en: 'none' } },
  'entry-hl7': { status: { zh: '按错误', en: 'code' } },
  anomaly: { zh: '拒绝突增', detector: 'denied-burst', window: '5m', threshold: '10' },
}

/** Null: none is kept for it. */
export function exampleOf(context: Context, key: string, lang: Lang): string | null {
  const found = EXAMPLES[context]?.[key] ?? null
  return found === null || typeof found === 'string' ? found : found[lang]
}
