/** rules.scale: a consortium of 16,378 tables with 303,881 fields compiled, and what a call costs under it. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRing } from '../src/base/keyring.ts'
import { compilePlan, compileRules, maskPayload, NO_HINTS, Pseudonyms, type RuleSet } from '../src/mask/index.ts'
import { FIELDS, fieldKey, interfaceOf, scaleBindings, TABLES } from '../test/mask/language/scale-folder.ts'
import { type Suite, wanted } from './suite.ts'

const RULES = new URL('../rules/', import.meta.url)
const read = (path: string) => ({ path, text: readFileSync(new URL(path, RULES), 'utf8') })
const POLICY = `policy: outside
for: { roles: [outside] }
elements: { person-name: mask, resident-id: redact, mobile: mask, lab-item: keep, lab-value: keep }
undecided: drop
unknown: redact
`
const LIMITS = { maxDepth: 64, maxBytes: 64 << 20 }
const ROUNDS = 9

export const rulesSuite: Suite = {
  ids: ['rules.scale.compile', 'rules.scale.memory', 'rules.scale.call'],
  async run(prefix, emit) {
    if (!['rules.scale.compile', 'rules.scale.memory', 'rules.scale.call'].some((id) => wanted(id, prefix))) return
    const shared = [
      read('elements.yaml'),
      ...readdirSync(new URL('bindings', RULES)).map((name) => read(`bindings/${name}`)),
      { path: 'policies/outside.yaml', text: POLICY },
    ]
    const small = compiled([...shared, ...scaleBindings({ tables: 10, fields: 190 })])
    const files = [...shared, ...scaleBindings()]
    const before = process.memoryUsage().rss
    const from = process.cpuUsage()
    const large = compiled(files)
    const { user, system } = process.cpuUsage(from)
    const seconds = (user + system) / 1e6
    const grown = (process.memoryUsage().rss - before) / 1e6
    const detail = `${TABLES} tables, ${FIELDS} fields`
    emit({ id: 'rules.scale.compile', value: seconds, unit: 's of CPU', bar: 3, holds: seconds < 3 }, detail)
    emit({ id: 'rules.scale.memory', value: grown, unit: 'MB resident', bar: 300, holds: grown < 300 }, detail)
    const ratio = callRatio(small, large)
    emit(
      { id: 'rules.scale.call', value: ratio, unit: 'x of a small folder', bar: 1.05, holds: ratio < 1.05 },
      'median',
    )
  },
}

function compiled(files: Parameters<typeof compileRules>[0]): RuleSet {
  const { rules, problems } = compileRules(files)
  if (rules === null) throw new Error(JSON.stringify(problems.slice(0, 3)))
  return rules
}

/** Both in turn, round by round, so that what else the machine does meets both. */
function callRatio(small: RuleSet, large: RuleSet): number {
  const [a, b] = [caller(small), caller(large)]
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = round % 2 === 0 ? [timed(a), timed(b)] : [timed(b), timed(a)]
    ratios.push(round % 2 === 0 ? second / first : first / second)
  }
  return ratios.toSorted((x, y) => x - y)[ROUNDS >> 1]!
}

function caller(rules: RuleSet): () => void {
  const plan = compilePlan(
    rules,
    {
      role: 'outside',
      scenario: null,
      recipient: 'county',
      institution: 'county',
      provider: 'teaching',
      purpose: null,
      interfaceId: interfaceOf(3),
      format: 'json',
      direction: 'response',
      policy: null,
      rows: null,
    },
    { pseudonyms: new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00Z')), today: () => '2026-11-21' },
  )!
  const row = Object.fromEntries(Array.from({ length: 18 }, (_, n) => [fieldKey(3, n), `张三${n}`]))
  const body = Buffer.from(JSON.stringify({ code: 0, data: { list: Array.from({ length: 40 }, () => row) } }))
  return () => void maskPayload(plan, body, NO_HINTS, LIMITS)
}

function timed(call: () => void): number {
  for (let i = 0; i < 50; i++) call()
  const from = process.cpuUsage()
  for (let i = 0; i < 400; i++) call()
  const { user, system } = process.cpuUsage(from)
  return user + system
}
