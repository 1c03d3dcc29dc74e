/**
 * Random documents under random policies: what explain calls kept is in the output byte for byte, what it calls removed
 * or replaced is not, explain and the hot road write the same bytes, and the output can be parsed.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isPrimitive, isResource, propertiesOf, RESOURCES } from '../../../src/mask/formats/fhir-types.ts'
import { explainPayload, type FormatName, NO_HINTS, type Plan, type RuleSet } from '../../../src/mask/index.ts'
import { chance } from '../fixtures.ts'
import { LIMITS, maskBytes, planFor, policy, rulesWith, SHIPPED } from './fixture.ts'

type Pick = (n: number) => number
const POLICIES = 4

function randomRules(pick: Pick): RuleSet {
  const cell = (level: number, references: boolean): string => {
    if (level === 5) return 'drop'
    return ['keep', 'keep', 'drop', references ? 'keep' : 'redact'][pick(4)]!
  }
  return rulesWith(
    Array.from({ length: POLICIES }, (_, i) =>
      policy(
        `random-${i}`,
        SHIPPED.elements.map((e) => `${e.id}: ${cell(e.level, e.id === 'resource-id')}`),
        'drop',
        i % 2 === 0 ? 'redact' : 'drop',
      ),
    ),
  )
}

/** Values that are unlike each other, and shaped as their places want them, so that kept ones stay. */
class Values {
  readonly #pick: Pick
  #count = 0

  constructor(pick: Pick) {
    this.#pick = pick
  }

  word(): string {
    return `v${this.#count++}x`
  }

  of(type: string): string {
    const n = this.#count++
    if (type === 'boolean') return 'true'
    if (type === 'decimal') return `${n}.${this.#pick(9)}0`
    if (/[iI]nt/.test(type)) return String(n)
    if (type === 'date') return `"${1900 + (n % 120)}-0${1 + this.#pick(9)}-1${this.#pick(9)}"`
    if (type === 'dateTime' || type === 'instant') return `"2020-01-01T00:00:00.${String(n).padStart(6, '0')}Z"`
    return `"v${n}x"`
  }
}

function fhirText(pick: Pick, values: Values): string {
  const build = (type: string, depth: number): string => {
    if (isPrimitive(type) || type === 'Element') return values.of(type)
    if (type === 'Resource') return build(RESOURCES[pick(RESOURCES.length)]!, depth)
    const members = new Map<string, string>()
    if (isResource(type)) members.set('resourceType', JSON.stringify(type))
    const properties = [...propertiesOf(type)]
    for (let n = depth > 2 ? 1 : 1 + pick(5); n > 0; n--) {
      const [key, property] = properties[pick(properties.length)]!
      const inner = property.types[pick(property.types.length)]!.type
      if (members.has(key) || (depth > 3 && !isPrimitive(inner))) continue
      const one = (): string => build(inner, depth + 1)
      members.set(
        key,
        property.list ? `[${Array.from({ length: 1 + pick(3) }, one).join(pick(3) ? ',' : ' , ')}]` : one(),
      )
    }
    if (members.size === 0) members.set('id', values.of('string'))
    return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}${pick(3) ? ':' : ' : '}${value}`).join(pick(3) ? ',' : ',\n')}}`
  }
  return build(pick(2) ? 'Bundle' : RESOURCES[pick(RESOURCES.length)]!, 0)
}

function hisText(pick: Pick, values: Values): string {
  const known = SHIPPED.bindings.flatMap((b) => (b.format === 'json' && b.key !== null ? [b.key] : []))
  const build = (depth: number): string => {
    if (depth > 3 || pick(3) === 0) return values.of(['string', 'decimal', 'date', 'integer'][pick(4)]!)
    if (pick(3) === 0) return `[${Array.from({ length: 1 + pick(3) }, () => build(depth + 1)).join()}]`
    const keys = new Set(
      Array.from({ length: 1 + pick(5) }, () => (pick(4) ? known[pick(known.length)]! : values.word())),
    )
    return `{${[...keys].map((key) => `${JSON.stringify(key)}: ${build(depth + 1)}`).join()}}`
  }
  return build(0)
}

function hl7Text(pick: Pick, values: Values): string {
  const names = [
    'PID',
    'PD1',
    'NK1',
    'GT1',
    'IN1',
    'PV1',
    'OBR',
    'OBX',
    'NTE',
    'DG1',
    'PR1',
    'AL1',
    'ORC',
    'RXE',
    'ZPI',
  ]
  const field = (): string =>
    Array.from({ length: 1 + pick(pick(3) === 0 ? 6 : 1) }, () => (pick(4) ? values.word() : '')).join('^')
  const segment = (): string => `${names[pick(names.length)]!}|${Array.from({ length: 1 + pick(20) }, field).join('|')}`
  return `MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|P|2.5\r${Array.from({ length: 1 + pick(5) }, segment).join('\r')}`
}

/** Scalars of JSON text, or values of HL7 v2 text, as they stand. */
const leavesOf = (text: string, format: FormatName): string[] =>
  format === 'hl7v2'
    ? text.split(/[|^~&\r]/).filter((v) => v !== '')
    : [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.]*|true/g)].flatMap((m) => (m[1] === undefined ? [m[0]] : []))

function judge(plan: Plan, text: string): void {
  const body = Buffer.from(text)
  const out = maskBytes(plan, body).body.toString()
  const explained = explainPayload(plan, body, NO_HINTS, LIMITS)
  assert.equal(explained.body.toString(), out, text)
  if (plan.format !== 'hl7v2') JSON.parse(out)
  const left = new Map<string, number>()
  for (const leaf of leavesOf(out, plan.format)) left.set(leaf, (left.get(leaf) ?? 0) + 1)
  let survived = 0
  for (const leaf of leavesOf(text, plan.format)) {
    const n = left.get(leaf) ?? 0
    if (n === 0) continue
    left.set(leaf, n - 1)
    survived++
  }
  const kept = explained.leaves.filter((l) => l.outcome === 'kept').length
  assert.ok(survived >= kept, `${kept} kept, ${survived} there\n${text}\n${out}`)
}

const TEXTS: Readonly<Record<string, (pick: Pick, values: Values) => string>> = {
  fhir: fhirText,
  json: hisText,
  hl7v2: hl7Text,
}

describe('random documents under random policies', () => {
  const pick = chance(2026)
  const rules = randomRules(pick)
  for (const [format, textOf] of Object.entries(TEXTS)) {
    it(format, () => {
      const values = new Values(pick)
      const plans = Array.from({ length: POLICIES }, (_, i) => planFor(`random-${i}`, format as FormatName, { rules }))
      for (let n = 0; n < 600; n++) judge(plans[n % POLICIES]!, textOf(pick, values))
    })
  }
})
