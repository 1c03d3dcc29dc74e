/**
 * One contestant of mask.research in its own process: `veilgate|peer|bare`. Distinct payloads are cycled, twice before
 * anything is measured: a busy machine would measure the compiler else.
 */
import { researchContestants } from './research-masker.ts'
import { researchList } from './research-payload.ts'
import { contestant } from './rounds.ts'

const who = process.argv[2] as 'veilgate' | 'peer' | 'bare'
const payloads = Array.from({ length: 300 }, (_, i) => researchList(20_000, i + 1))
const mask = researchContestants()[who]
for (let i = 0; i < 2; i++) for (const payload of payloads) mask(payload)
let at = 0
let sink = 0
contestant(() => {
  const payload = payloads[at]!
  at = at + 1 === payloads.length ? 0 : at + 1
  sink ^= mask(payload)[0]!
  return payload.length
})
process.on('exit', () => {
  if (sink === -1) process.stdout.write('')
})
