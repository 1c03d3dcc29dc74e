/** A policy of the cells given, over the shipped elements and bindings, and payloads masked under it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { datasetMap } from '../../src/adapters/dataset-map/index.ts'
import { createRing } from '../../src/base/keyring.ts'
import { compilePlan, compileRules, type FormatName, maskPayload, NO_HINTS, Pseudonyms } from '../../src/mask/index.ts'
import type { RuleSet } from '../../src/mask/model.ts'

const RULES = fileURLToPath(new URL('../../rules/', import.meta.url))
export const RING = createRing(Buffer.alloc(32, 9), '2026-01-01T00:00:00Z')
export const pseudonyms = new Pseudonyms(RING)
export const SHIPPED = ['elements.yaml', ...readdirSync(`${RULES}bindings`).map((n) => `bindings/${n}`)].map(
  (path) => ({
    path,
    text: readFileSync(RULES + path, 'utf8'),
  }),
)

export function rulesWith(cells: string, unknown = 'drop'): RuleSet {
  const text = `policy: methods
basis: 委员会〔2026〕12号
owner: security
review: 2027-03-31
for: { roles: [analyst] }
elements:
${cells
  .trim()
  .split('\n')
  .map((line) => `  ${line.trim()}`)
  .join('\n')}
undecided: drop
unknown: ${unknown}
`
  const { rules, problems } = compileRules([...SHIPPED, { path: 'policies/methods.yaml', text }])
  assert.ok(rules, JSON.stringify(problems))
  return rules
}

interface Call {
  readonly format?: FormatName
  readonly recipient?: string
  readonly project?: string | null
  readonly datasets?: ReturnType<typeof datasetMap>
}

let drawn = 0
export function planOf(rules: RuleSet, { format = 'json', recipient = 'university', project = 'p1', datasets }: Call) {
  const plan = compilePlan(
    rules,
    {
      role: 'analyst',
      scenario: 'research',
      recipient,
      institution: recipient,
      provider: 'teaching',
      purpose: null,
      project,
      interfaceId: 'x',
      format,
      direction: 'response',
      policy: null,
      rows: format === 'json' ? '$.data.list' : null,
    },
    {
      pseudonyms,
      today: () => '2026-11-21',
      random: (n) => Buffer.alloc(n, ++drawn),
      randomIds: datasets ?? datasetMap(null, RING, pseudonyms),
    },
  )
  assert.ok(plan)
  return plan
}

export const LIMITS = { maxDepth: 128, maxBytes: 1 << 22 }
export function mask(rules: RuleSet, payload: unknown, call: Call = {}): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return maskPayload(planOf(rules, call), Buffer.from(text), NO_HINTS, LIMITS).body.toString()
}
