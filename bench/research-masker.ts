/** The shipped rules folder under the research policy, and what its peer is given. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compilePlan, compileRules, createRing, maskPayload, NO_HINTS, Pseudonyms } from '../src/mask/index.ts'
import { researchByWalk } from './research-peer.ts'

const RULES = fileURLToPath(new URL('../rules/', import.meta.url))
const LIMITS = { maxDepth: 128, maxBytes: 64 << 20 }
const TODAY = '2026-11-21'
const CALL = { recipient: 'county', scenario: 'research', project: null }

export function researchContestants(): Readonly<Record<'veilgate' | 'peer' | 'bare', (body: Buffer) => Buffer>> {
  const paths = [
    'elements.yaml',
    ...['bindings', 'dictionaries', 'policies'].flatMap((d) => readdirSync(RULES + d).map((n) => `${d}/${n}`)),
  ]
  const files = paths.filter((p) => /\.(?:yaml|csv)$/.test(p) && !p.endsWith('.test.yaml'))
  const { rules, problems } = compileRules(files.map((path) => ({ path, text: readFileSync(RULES + path, 'utf8') })))
  if (rules === null) throw new Error(`shipped rules: ${JSON.stringify(problems[0])}`)
  const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00.000Z'))
  const plan = compilePlan(
    rules,
    {
      ...CALL,
      role: 'researcher',
      institution: 'county',
      provider: 'teaching',
      purpose: null,
      interfaceId: 'bench',
      format: 'json',
      direction: 'response',
      policy: null,
      rows: '$.data.list',
    },
    { pseudonyms, today: () => TODAY },
  )
  if (plan === null) throw new Error('no research policy')
  return {
    veilgate: (body) => maskPayload(plan, body, NO_HINTS, LIMITS).body,
    peer: researchByWalk(rules, pseudonyms.forCall({ ...CALL, holder: 'teaching' }), TODAY),
    bare: (body) => Buffer.from(JSON.stringify(JSON.parse(body.toString()))),
  }
}
