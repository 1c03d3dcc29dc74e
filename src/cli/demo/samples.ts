/** The demo's payloads: files of data/demo/, byte for byte as the three systems send them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedFolder } from '../shipped.ts'

const read = (name: string): Buffer => readFileSync(join(shippedFolder('data/demo'), name))

export interface Samples {
  readonly inpatient: Buffer
  readonly controlLevel: Buffer
  readonly referral: Buffer
  readonly report: Buffer
  readonly admission: Buffer
}

export const readSamples = (): Samples => ({
  inpatient: read('inpatient.his.json'),
  controlLevel: read('control-level.his.json'),
  referral: read('referral.fhir.json'),
  report: read('report.oru.hl7'),
  admission: read('admission.adt.hl7'),
})

/** Numbers of the invented stay, as its callers ask for them. */
export const STAY = { inpatientNo: 'ZY20260001', controlNo: 'ZY20260002', referral: 'referral-2026-0001' } as const

/** What must never reach a caller outside direct care: the walk looks for it in every such answer. */
export const SECRETS: readonly string[] = [
  '张三丰',
  'ZHANG',
  '李四',
  '500103199003070025',
  '50010319900307002５',
  '13812345678',
  '13900001111',
  '示例路',
  'ZY20260001',
  '00123456',
]
