/** XTN: a phone and an e-mail share one repetition; what is dropped goes with the codes that said how to use it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, planOf, rulesOf } from './folded.ts'

const POLICY = (cells: string): string =>
  `policy: tel\nfor: { roles: [tel] }\nelements: { ${cells} }\nundecided: drop\nunknown: redact\n`
const fieldOf = (cells: string, segment: string, n: number): string => {
  const rules = rulesOf([{ path: 'policies/tel.yaml', text: POLICY(cells) }])
  const message = `MSH|^~\\&|A|B|C|D|20261121||ADT^A01|1|P|2.5.1\r${segment}\r`
  return mask(planOf('tel', 'hl7v2', rules), message)
    .split('\r')[1]!
    .split('|')[n]!
}
const field = (cells: string, pid13: string): string => fieldOf(cells, `PID|1||1||||||||||${pid13}|`, 13)

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
    // Use codes off their shape go too, once.
    ['mobile: drop, email: drop', '13812345678^癌症^张三^zs@x.com', ''],
  ]
  for (const [cells, sent, left] of cases) it(`${cells}: ${sent}`, () => assert.equal(field(cells, sent), left))

  // An OBX-5 of type XTN is a telephone, an e-mail and, where neither may stand, text of the report: three elements.
  const shared: readonly [string, string, string][] = [
    ['mobile: drop, report-text: codes-only', '甲&乙^PRN^CP^x^y', ''],
    ['mobile: drop, report-text: redact', '甲&乙^PRN^CP^x^y', '&^^^***^'],
    ['report-text: codes-only, mobile: drop', 'C73.x00&1992-10-12^142.80&ZY20260143^19101340149^345.90^^146.30^', ''],
  ]
  for (const [cells, sent, left] of shared)
    it(`results, ${cells}: ${sent}`, () => assert.equal(fieldOf(cells, `OBX|1|XTN|||${sent}|`, 5), left))
})
