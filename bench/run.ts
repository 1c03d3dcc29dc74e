/** npm run bench [-- ID-PREFIX] [--json FILE]: prints ratios measured in this one run. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { detectSuite } from './detect.ts'
import { learnSuite } from './learn.ts'
import { linkageSuite } from './linkage.ts'
import { maskSuite } from './mask.ts'
import { researchSuite } from './research.ts'
import { roadSuite } from './road.ts'
import { rulesSuite } from './rules.ts'
import type { Row, Suite } from './suite.ts'

const SUITES: readonly Suite[] = [
  maskSuite,
  researchSuite,
  detectSuite,
  roadSuite,
  rulesSuite,
  learnSuite,
  linkageSuite,
]

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const prefix = positionals[0] ?? ''
const rows: Row[] = []
process.stdout.write(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'CPU'}\n`)
const started = performance.now()
const stolenBefore = stolenTicks()
for (const suite of SUITES) {
  if (!suite.ids.some((id) => id.startsWith(prefix) || prefix.startsWith(id))) continue
  await suite.run(prefix, (row, detail) => {
    rows.push(row)
    const verdict = row.holds === null ? '' : row.holds ? 'holds' : 'MISSED'
    const bar = row.bar === null ? '' : `bar ${row.bar}`
    process.stdout.write(
      `${row.id.padEnd(24)} ${row.value.toFixed(2).padStart(8)} ${row.unit.padEnd(28)} ${bar.padEnd(10)} ${verdict.padEnd(7)} ${detail}\n`,
    )
  })
}
const stolen = stolenTicks() - stolenBefore
if (Number.isFinite(stolen)) {
  const share = stolen / ((performance.now() - started) / 10) / cpus().length
  process.stdout.write(`the host took ${(share * 100).toFixed(0)} % of this machine's CPU time meanwhile\n`)
}
if (values.json !== undefined) writeFileSync(values.json, rows.map((r) => `${JSON.stringify(r)}\n`).join(''))
process.stdout.write(
  `${rows.length} results in ${((performance.now() - started) / 1000).toFixed(0)} s; ${rows.filter((r) => r.holds === false).length} bars missed\n`,
)
if (rows.length === 0) {
  process.stderr.write(`no benchmark id starts with "${prefix}"; known: ${SUITES.flatMap((s) => s.ids).join(' ')}\n`)
  process.exitCode = 2
} else if (rows.some((r) => r.holds === false)) process.exitCode = 1

/** Hundredths of a second that other guests of the host had instead of us: where it is much, figures are rough. */
function stolenTicks(): number {
  try {
    return Number(/^cpu +(?:\d+ +){7}(\d+)/.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? NaN)
  } catch {
    return NaN
  }
}
