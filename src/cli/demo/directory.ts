/** The demo's institutions.yaml and interfaces/*.yaml: shipped rules with this run's certificates and ports. */
import type { Systems } from './systems.ts'

export interface DirectoryFacts {
  readonly systems: Pick<Systems, 'teaching' | 'county' | 'research'>
  /** institution -> lower-case hex SHA-256 of its certificates */
  readonly certificates: Readonly<Record<Institution, readonly string[]>>
}

export type Institution = 'teaching' | 'county' | 'research'

export const INTERFACES = {
  record: 'his.inpatient-record',
  referral: 'fhir.referral',
  report: 'lis.report',
  outpatient: 'county.outpatient-record',
  registry: 'research.registry',
} as const

/** What the road of `rules/interfaces/` becomes for one run; path below the rules folder -> text. */
export function directoryFiles({ systems, certificates }: DirectoryFacts): ReadonlyMap<string, string> {
  return new Map([
    ['institutions.yaml', institutions(certificates)],
    ['interfaces/teaching.yaml', teaching(systems.teaching)],
    ['interfaces/county.yaml', county(systems.county)],
    ['interfaces/research.yaml', research(systems.research)],
  ])
}

function institutions(certificates: DirectoryFacts['certificates']): string {
  const one = (id: Institution, zh: string, region: string, scenarios: string) => `  ${id}:
    zh: ${zh}
    region: "${region}"
    certificates: [${certificates[id].map((sha256) => `{ sha256: ${sha256} }`).join(', ')}]
    cidrs: [127.0.0.0/8, "::1/128"]
    scenarios: [${scenarios}]
`
  return `institutions:
${one('teaching', '附属教学医院', '500103', 'treatment, consultation, referral, insurance')}${one(
  'county',
  '县人民医院',
  '500230',
  'treatment, consultation, referral, insurance',
)}${one('research', '医学数据研究中心', '500112', 'research, third-party')}`
}

const teaching = (base: string): string => `provider: teaching
upstream: { base: "${base}" }
entries:
  ${INTERFACES.record}:
    zh: 住院病历查询
    status: published
    call: GET /teaching/inpatients/{no}
    to: /api/zyjl/{no}
    format: json
    roles: [doctor, nurse, billing, researcher, third-party]
    class: key
  ${INTERFACES.referral}:
    zh: 转诊文档读取
    status: published
    call: GET /teaching/fhir/Bundle/{id}
    to: /fhir/Bundle/{id}
    format: fhir
    roles: [doctor, nurse, researcher, third-party]
  ${INTERFACES.report}:
    zh: 检验报告读取
    status: published
    call: GET /teaching/hl7/reports/{no}
    to: /hl7/report/{no}
    format: hl7v2
    roles: [doctor, nurse, researcher]
`

const county = (base: string): string => `provider: county
upstream: { base: "${base}" }
entries:
  ${INTERFACES.outpatient}:
    zh: 门诊病历查询
    status: published
    call: GET /county/outpatients/{no}
    to: /api/mzjl/{no}
    format: json
    roles: [doctor, nurse]
`

const research = (base: string): string => `provider: research
upstream: { base: "${base}" }
entries:
  ${INTERFACES.registry}:
    zh: 科研登记
    status: published
    call: POST /research/registry
    to: /intake
    format: hl7v2
    roles: [doctor]
    request: { policy: research }
`
