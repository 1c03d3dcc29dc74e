/** Selectors to copy, for whoever has to mend one. */
import type { Say } from '../../base/fields.ts'
import type { FormatName } from '../model.ts'

export const EXAMPLE: Say = {
  zh: 'Patient.name、PID-5、$.a.b、brxm、{ 键: xm, 范围: patient } 或 { 标签: 身份证号 }',
  en: 'Patient.name, PID-5, $.a.b, brxm, { key: xm, in: patient } or { pair: 身份证号 }',
}

const JSON_PATHS: Say = {
  zh: "$.data.list[*].name、$.data['name']，或单写一个键 brxm",
  en: "$.data.list[*].name, $.data['name'] or a key alone, brxm",
}

/** One or two selectors of each notation. */
export const NOTATION_EXAMPLES: Readonly<Record<FormatName, Say>> = {
  json: JSON_PATHS,
  ndjson: JSON_PATHS,
  fhir: {
    zh: "Patient.name 或 Patient.telecom.where(system = 'phone')",
    en: "Patient.name or Patient.telecom.where(system = 'phone')",
  },
  hl7v2: { zh: 'PID-5 或 PID-3[5=NNCHN].1', en: 'PID-5 or PID-3[5=NNCHN].1' },
}

/** An ambiguous key with the object around it. */
export const scoped = (key: string): Say => ({
  zh: `{ 键: ${key}, 范围: patient }，若报文是 {"patient": {"${key}": …}}；patient 换成报文里包着 ${key} 的那个键`,
  en: `{ key: ${key}, in: patient } where the payload reads {"patient": {"${key}": ...}}; for patient write the key that holds the object around ${key}`,
})
