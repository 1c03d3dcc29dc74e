/** The 17 FHIR and 12 HIS selectors of the masking benchmark, once as rules for Veilgate and once as data for its peers. */
import { TERMS } from './payloads.ts'

export type Op = 'name' | 'id' | 'phone' | 'redact' | 'year' | 'dict'

export const FHIR_PATHS: readonly (readonly [type: string, path: string, op: Op])[] = [
  ['Patient', 'name.text', 'name'],
  ['Patient', 'name.family', 'redact'],
  ['Patient', 'name.given', 'redact'],
  ['Patient', 'identifier.value', 'id'],
  ['Patient', 'telecom.value', 'phone'],
  ['Patient', 'address.text', 'redact'],
  ['Patient', 'address.line', 'redact'],
  ['Patient', 'birthDate', 'year'],
  ['Patient', 'contact.name.text', 'name'],
  ['Patient', 'contact.telecom.value', 'phone'],
  ['Encounter', 'subject.display', 'name'],
  ['Observation', 'subject.display', 'name'],
  ['MedicationRequest', 'subject.display', 'name'],
  ['Encounter', 'diagnosis.condition.display', 'dict'],
  ['Encounter', 'reasonCode.text', 'dict'],
  ['Encounter', 'participant.individual.display', 'name'],
  ['MedicationRequest', 'requester.display', 'name'],
]

export const HIS_PATHS: readonly (readonly [key: string, op: Op])[] = [
  ['patientName', 'name'],
  ['idCard', 'id'],
  ['phone', 'phone'],
  ['address', 'redact'],
  ['birthDate', 'year'],
  ['contactName', 'name'],
  ['contactPhone', 'phone'],
  ['insuranceNo', 'id'],
  ['medicalRecordNo', 'redact'],
  ['doctorName', 'name'],
  ['nurseName', 'name'],
  ['diagnosisName', 'dict'],
]

/** Segment, field, component of the HL7 benchmark: 14 fields, every component of them that carries a value of its own. */
export const HL7_PLACES: readonly (readonly [segment: string, field: number, component: number, op: Op])[] = [
  ['PID', 3, 1, 'id'],
  ['PID', 5, 1, 'name'],
  ['PID', 5, 2, 'redact'],
  ['PID', 7, 1, 'year'],
  ['PID', 11, 1, 'redact'],
  ['PID', 11, 3, 'redact'],
  ['PID', 11, 5, 'redact'],
  ['PID', 13, 7, 'phone'],
  ['PID', 19, 1, 'id'],
  ['NK1', 2, 1, 'name'],
  ['NK1', 2, 2, 'redact'],
  ['NK1', 4, 1, 'redact'],
  ['NK1', 5, 1, 'phone'],
  ['PV1', 7, 2, 'name'],
  ['PV1', 7, 3, 'redact'],
  ['OBR', 16, 2, 'name'],
  ['OBR', 16, 3, 'redact'],
  ['DG1', 3, 2, 'redact'],
]

const ELEMENTS = `elements:
  bench-name:   { zh: 名, kind: text, level: 4 }
  bench-id:     { zh: 号, kind: text, level: 4 }
  bench-phone:  { zh: 话, kind: text, level: 4 }
  bench-redact: { zh: 文, kind: text, level: 4 }
  bench-year:   { zh: 日, kind: date, level: 3 }
  bench-dict:   { zh: 诊, kind: text, level: 3 }
`

const POLICY = `policy: bench
basis: bench
owner: bench
review: 2099-01-01
for: { roles: [bench] }
elements:
  bench-name: { method: mask, keep: "1+0", length: same }
  bench-id: { method: mask, keep: "6+4", length: same }
  bench-phone: { method: mask, keep: "3+4", length: same }
  bench-redact: redact
  bench-year: year
  bench-dict: { method: substitute, dictionary: bench, otherwise: redact }
undecided: keep
unknown: keep
`

function bindings(format: string, selectors: readonly (readonly [string, Op])[]): string {
  const by = new Map<string, string[]>()
  for (const [selector, op] of selectors) by.set(op, [...(by.get(op) ?? []), JSON.stringify(selector)])
  return `format: ${format}\n${[...by].map(([op, list]) => `bench-${op}: [${list.join(', ')}]\n`).join('')}`
}

/** A whole rules folder for one benchmark format. */
export function benchRules(format: 'fhir' | 'json' | 'hl7v2'): { path: string; text: string }[] {
  const selectors =
    format === 'fhir'
      ? FHIR_PATHS.map(([type, path, op]) => [`${type}.${path}`, op] as const)
      : format === 'json'
        ? HIS_PATHS.map(([key, op]) => [`$.data[*].${key}`, op] as const)
        : HL7_PLACES.map(([segment, field, component, op]) => [`${segment}-${field}.${component}`, op] as const)
  const rows = [...TERMS].map(([term, replacement]) => `${term},${replacement},,field,,,,,,,2020-01-01,,active,1,a,b,`)
  return [
    { path: 'elements.yaml', text: ELEMENTS },
    { path: `bindings/bench-${format}.yaml`, text: bindings(format, selectors) },
    // HL7's places hold no dictionary text, and a line that never acts is refused
    {
      path: 'policies/bench.yaml',
      text: format === 'hl7v2' ? POLICY.replace(/^ {2}bench-dict: .*\n/m, '') : POLICY,
    },
    {
      path: 'dictionaries/bench.csv',
      text: `term,replacement,kind,mode,aliases,not_before,not_after,roles,code,code_system,effective_from,effective_to,status,batch,author,approver,note\n${rows.join('\n')}\n`,
    },
  ]
}
