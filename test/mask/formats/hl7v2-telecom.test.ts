/** XTN: a phone and an e-mail share one repetition; what is dropped goes with the codes that said how to use it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, planOf, rulesOf } from './folded.ts'

const POLICY = (cells: string): string =>
  `policy: tel\nfor: { roles: [tel] }\nelements: { ${cells} }\nundecided: drop\nunknown: redact\n`
const field = (cells: string, pid13: string): string => {
  const rules = rulesOf([{ path: 'policies/tel.yaml', text: POLICY(cells) }])
  const message = `MSH|^~\\&|A|B|C|D|20261121||ADT^A01|1|P|2.5.1\rPID|1||1||||||||||${pid13}|\r`
  return mask(planOf('tel', 'hl7v2', rules), message)
    .split('\r')[1]!
    .split('|')[13]!
}

describe('telecom (XTN)', () => {
  const cases: readonly [string, string, string][] = [
    ['mobile: mask, email: drop', '13812345678^PRN^CP~^NET^Internet^zs@x.com', '138****5678^PRN^CP'],
    ['mobile: drop, email: drop', '13812345678^PRN^CP~^NET^Internet^zs@x.com', ''],
    ['mobile: drop, email: mask', '^NET^Internet^zs@x.com~13812345678^PRN^CP', '^NET^Internet^z***@x.com'],
    ['mobile: drop, email: drop', '13812345678^PRN^CP^zs@x.com', ''],
    ['mobile: drop, email: keep', '13812345678^PRN^CP^zs@x.com', '^^^zs@x.com'],
    ['mobile: drop, email: keep', '^PRN^CP^zs@x.com^86^10^5550000', '^^^zs@x.com^^^'],
    ['mobile: drop, email: keep', '13812345678^PRN^CP~^NET^Internet^zs@x.com', '~^NET^Internet^zs@x.com'],
    ['mobile: keep, email: drop', '13812345678^PRN^CP^zs@x.com', '13812345678^PRN^CP^'],
    ['mobile: keep, email: keep', '13812345678^PRN^CP^zs@x.com', '13812345678^PRN^CP^zs@x.com'],
    ['mobile: drop, email: drop', '^NET^Internet^zs@x.com~^PRN^PH^^^^5550000', ''],
  ]
  for (const [cells, sent, left] of cases) it(`${cells}: ${sent}`, () => assert.equal(field(cells, sent), left))
})
