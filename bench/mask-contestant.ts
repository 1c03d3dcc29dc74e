/** One masking contestant in its own process: `veilgate|peer format bytes`. Distinct payloads are cycled. */

import { fhirBundle, hisList, oruMessage } from './payloads.ts'
import { maskFhirByWalk, maskHisByWalk, maskHl7BySplit } from './peers.ts'
import { contestant } from './rounds.ts'
import { veilgateMasker } from './veilgate-masker.ts'

const [who, format, size] = process.argv.slice(2) as ['veilgate' | 'peer', 'fhir' | 'his' | 'hl7v2', string]
const SET_BYTES = 12_000_000
const MAX_SET = 600

const make = { fhir: fhirBundle, his: hisList, hl7v2: oruMessage }[format]
const peer = { fhir: maskFhirByWalk, his: maskHisByWalk, hl7v2: maskHl7BySplit }[format]
const first = make(Number(size), 1)
const count = Math.max(2, Math.min(MAX_SET, Math.floor(SET_BYTES / first.length)))
const payloads = Array.from({ length: count }, (_, i) => make(Number(size), i + 1))
const mask = who === 'peer' ? peer : await veilgateMasker(format === 'his' ? 'json' : format)

let at = 0
let sink = 0
contestant(() => {
  const payload = payloads[at]!
  at = at + 1 === count ? 0 : at + 1
  sink ^= mask(payload)[0]!
  return payload.length
})
process.on('exit', () => {
  if (sink === -1) process.stdout.write('')
})
