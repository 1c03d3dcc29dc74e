/** Plans of the shipped rules, and of policies of a test's own over the shipped elements and bindings. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { datasetMap } from '../../../src/adapters/dataset-map/index.ts'
import { isGatewayError } from '../../../src/base/errors.ts'
import {
  compilePlan,
  compileRules,
  type FormatName,
  type Masked,
  maskPayload,
  NO_HINTS,
  type Plan,
  type PlanRequest,
  Pseudonyms,
  type RuleSet,
} from '../../../src/mask/index.ts'
import { RING, TODAY } from '../fixtures.ts'

const RULES = fileURLToPath(new URL('../../../rules/', import.meta.url))
const FOLDERS = ['bindings', 'policies', 'dictionaries']
export const LIMITS = { maxDepth: 512, maxBytes: 256 << 20 }
const pseudonyms = new Pseudonyms(RING)
const RANDOM_IDS = datasetMap(null, RING, pseudonyms)

interface RuleText {
  readonly path: string
  readonly text: string
}

export const shippedFiles = (): RuleText[] =>
  ['elements.yaml', ...FOLDERS.flatMap((folder) => readdirSync(RULES + folder).map((name) => `${folder}/${name}`))]
    .filter((path) => /\.(?:yaml|csv)$/.test(path) && !path.endsWith('.test.yaml'))
    .map((path) => ({ path, text: readFileSync(RULES + path, 'utf8') }))

export function rulesWith(more: readonly RuleText[]): RuleSet {
  const { rules, problems } = compileRules([...shippedFiles(), ...more])
  assert.ok(rules, JSON.stringify(problems.slice(0, 3)))
  return rules
}

export const SHIPPED = rulesWith([])

/** A policy for the role of its own name; `cells` are lines `element: cell`. */
export const policy = (id: string, cells: readonly string[], undecided: string, unknown: string): RuleText => ({
  path: `policies/${id}.yaml`,
  text: [
    `policy: ${id}`,
    'basis: test',
    'owner: test',
    'review: 2099-01-01',
    `for: { roles: [${id}] }`,
    cells.length === 0 ? 'elements: {}' : `elements:\n${cells.map((line) => `  ${line}`).join('\n')}`,
    `undecided: ${undecided}`,
    `unknown: ${unknown}`,
    '',
  ].join('\n'),
})

/** Who asks: role and scenario that bring exactly the policy of that name. */
const CALLS: Readonly<Record<string, readonly [role: string, scenario: string | null]>> = {
  consult: ['consultant', 'consultation'],
  research: ['researcher', 'research'],
  'third-party': ['third-party', null],
  billing: ['billing', null],
  nurse: ['nurse', 'treatment'],
  doctor: ['doctor', 'treatment'],
  management: ['manager', null],
  'patient-self': ['patient', null],
}
export const POLICIES = Object.keys(CALLS)

export interface PlanOptions {
  readonly rules?: RuleSet
  readonly rows?: string | null
}

export function planFor(who: string, format: FormatName, { rules = SHIPPED, rows = null }: PlanOptions = {}): Plan {
  const [role, scenario] = CALLS[who] ?? [who, null]
  return planOf({ role, scenario, format, rows, rules })
}

interface Call extends PlanOptions, Partial<Pick<PlanRequest, 'direction' | 'policy' | 'purpose' | 'interfaceId'>> {
  readonly role: string
  readonly scenario: string | null
  readonly format: FormatName
}

/** The plan of one call in all that rules may look at. */
export function planOf({ rules = SHIPPED, ...call }: Call): Plan {
  const plan = compilePlan(
    rules,
    {
      recipient: 'county',
      institution: 'county',
      provider: 'teaching',
      purpose: null,
      project: 'p1',
      interfaceId: 'attacks',
      direction: 'response',
      policy: null,
      rows: null,
      ...call,
    },
    { pseudonyms, today: () => TODAY, random: randomBytes, randomIds: RANDOM_IDS },
  )
  assert.ok(plan, call.role)
  return plan
}

export function maskBytes(plan: Plan, body: Buffer): Masked {
  return maskPayload(plan, body, NO_HINTS, LIMITS)
}

const bytesOf = (payload: unknown): Buffer =>
  Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))

/** The masked text, or the code of the refusal. */
export function mask(plan: Plan, payload: unknown): string {
  try {
    return maskBytes(plan, bytesOf(payload)).body.toString()
  } catch (error) {
    if (!isGatewayError(error)) throw error
    return error.code
  }
}

/** The same as a value. */
export const masked = (plan: Plan, payload: unknown): unknown => JSON.parse(mask(plan, payload))
