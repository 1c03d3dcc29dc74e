/** Shipped elements and bindings under policies of the test's own: one that hides what it does not name, one that keeps. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isGatewayError } from '../../../src/base/errors.ts'
import { formatProblem } from '../../../src/base/problem.ts'
import {
  type Counts,
  compilePlan,
  compileRules,
  type FormatName,
  maskPayload,
  NO_HINTS,
  type Plan,
  Pseudonyms,
  type RuleSet,
} from '../../../src/mask/index.ts'
import { RING, TODAY } from '../fixtures.ts'

const RULES = fileURLToPath(new URL('../../../rules/', import.meta.url))
const LIMITS = { maxDepth: 512, maxBytes: 64 << 20 }
const pseudonyms = new Pseudonyms(RING)

export const OUTSIDE = `policy: outside
for: { roles: [outside] }
floors: { level-5: drop }
elements:
  person-name: mask
  resident-id: { method: mask, first: 1, last: 2 }
  mobile: mask
  lab-item: keep
  lab-value: keep
  lab-range: keep
  report-text: redact
  facility: keep
  diagnosis: keep
  department: keep
  resource-id: keep
undecided: drop
unknown: redact
`
export const CARE = `policy: care
for: { roles: [care], scenarios: [treatment] }
direct-care: true
basis: approved for tests
elements: { person-name: keep, resident-id: mask, mobile: mask, address: { method: truncate, keep: city } }
undecided: keep
unknown: { treatment: keep, approval: test, expires: 2099-01-01 }
`

export interface RuleText {
  readonly path: string
  readonly text: string
}

/** elements.yaml and bindings/ as shipped */
export const shippedBindings = (): RuleText[] =>
  ['elements.yaml', ...readdirSync(`${RULES}bindings`).map((name) => `bindings/${name}`)].map((path) => ({
    path,
    text: readFileSync(RULES + path, 'utf8'),
  }))

export function rulesOf(more: readonly RuleText[] = []): RuleSet {
  const { rules, problems } = compileRules([
    ...shippedBindings(),
    { path: 'policies/outside.yaml', text: OUTSIDE },
    { path: 'policies/care.yaml', text: CARE },
    ...more,
  ])
  assert.ok(rules, problems.map(formatProblem).slice(0, 5).join('\n'))
  return rules
}

export function planOf(
  role: string,
  format: FormatName = 'json',
  rules: RuleSet = rulesOf(),
  more: { readonly rows?: string; readonly interfaceId?: string } = {},
): Plan {
  const plan = compilePlan(
    rules,
    {
      role,
      scenario: 'treatment',
      recipient: 'county',
      institution: 'county',
      provider: 'teaching',
      purpose: null,
      project: 'p1',
      interfaceId: more.interfaceId ?? 'test',
      format,
      direction: 'response',
      policy: null,
      rows: more.rows ?? null,
    },
    { pseudonyms, today: () => TODAY },
  )
  assert.ok(plan, role)
  return plan
}

/** Masked text and counts, or the code of the refusal as text. */
export function run(plan: Plan, text: string): { readonly text: string; readonly counts: Counts | null } {
  try {
    const { body, counts } = maskPayload(plan, Buffer.from(text), NO_HINTS, LIMITS)
    return { text: body.toString(), counts }
  } catch (error) {
    if (!isGatewayError(error)) throw error
    return { text: error.code, counts: null }
  }
}

export const mask = (plan: Plan, text: string): string => run(plan, text).text
