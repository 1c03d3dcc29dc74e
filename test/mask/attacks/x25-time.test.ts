/**
 * X25 and domain.md 2.6: time grows with the payload and no faster, whatever it is made of. Each shape is masked at one
 * size and at four times the size; the factor allowed is generous, a square would be sixteen. What one payload taught
 * the reader does not stay for ever.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Plan } from '../../../src/mask/index.ts'
import { maskBytes, planFor } from './fixture.ts'

const MSH = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|1|P|2.5\r'
const many = (n: number, make: (i: number) => string, by = ','): string =>
  Array.from({ length: n }, (_, i) => make(i)).join(by)
const word = (i: number): string =>
  i.toString(26).replace(/[0-9a-p]/g, (c) => String.fromCharCode(97 + Number.parseInt(c, 26)))

interface Shape {
  readonly plan: Plan
  readonly make: (n: number) => string
  /** the smaller size */
  readonly n: number
}

const his = planFor('nurse', 'json')
const outside = planFor('third-party', 'json')
const rows = planFor('consult', 'json', { rows: '$.data.list' })
const fhir = planFor('third-party', 'fhir')
const research = planFor('research', 'fhir')
const hl7 = planFor('consult', 'hl7v2')

const SHAPES: Readonly<Record<string, Shape>> = {
  'values without a label': { plan: outside, n: 8000, make: (n) => `[${many(n, (i) => `{"value":${i}}`)}]` },
  pairs: { plan: outside, n: 4000, make: (n) => `[${many(n, (i) => `{"name":"项目${i}","value":"v${i}"}`)}]` },
  'labels in one object': {
    plan: outside,
    n: 5000,
    make: (n) => `{${many(n, (i) => `"name":"项目${i}","value":"v"`)}}`,
  },
  'names never seen': { plan: outside, n: 8000, make: (n) => `{${many(n, (i) => `"x${word(i)}":1`)}}` },
  'names alike at both ends': {
    plan: outside,
    n: 5000,
    make: (n) => `{${many(n, (i) => `"abcd${word(i).padStart(8, 'a')}wxyz":1`)}}`,
  },
  'names that are payload': { plan: his, n: 4000, make: (n) => `{${many(n, (i) => `"键${i}":1`)}}` },
  'counts at the root': {
    plan: rows,
    n: 5000,
    make: (n) => `{${'"total":5,'.repeat(n)}"data":{"list":[${many(n, () => '{"jbdm":"B20"}')}]}}`,
  },
  'a number with a gap': { plan: his, n: 200_000, make: (n) => `{"sjh":"1${' '.repeat(n)}2"}` },
  'an address of blanks': {
    plan: planFor('research', 'json'),
    n: 200_000,
    make: (n) => `{"address":"住址${' '.repeat(n)}x"}`,
  },
  'digits and signs': {
    plan: outside,
    n: 100_000,
    make: (n) => `{"${'1 '.repeat(n)}":1,"${'a@'.repeat(n)}":2,"${'京A'.repeat(n)}":3}`,
  },
  'email parts': {
    plan: planFor('billing', 'json'),
    n: 100_000,
    make: (n) => `{"email":"${'a.'.repeat(n)}","mail":"a@${'b.'.repeat(n)}"}`,
  },
  'diagnoses at length': { plan: rows, n: 100_000, make: (n) => `{"jbdm":"${'A1 '.repeat(n)}"}` },
  'nulls between parts': {
    plan: fhir,
    n: 10_000,
    make: (n) => `{"resourceType":"Patient","name":[{"text":"x","given":[${many(n, () => 'null,"a"')}]}]}`,
  },
  'nulls before parts': {
    plan: fhir,
    n: 10_000,
    make: (n) =>
      `{"resourceType":"Patient","name":[{"text":"x","given":[${'null,'.repeat(n)}${many(n, () => '"a"')}]}]}`,
  },
  'required texts': {
    plan: fhir,
    n: 6000,
    make: (n) => `{"resourceType":"Observation","note":[${many(n, () => '{"text":"a"}')}]}`,
  },
  identifiers: {
    plan: research,
    n: 3000,
    make: (n) => `{"resourceType":"Patient","identifier":[${many(n, (i) => `{"system":"urn:x${i}","value":"${i}"}`)}]}`,
  },
  'values of one identifier': {
    plan: research,
    n: 6000,
    make: (n) => `{"resourceType":"Patient","identifier":[{${many(n, (i) => `"value":"${i % 100}"`)}}]}`,
  },
  'types told last': {
    plan: research,
    n: 1000,
    make: (n) =>
      `{"resourceType":"Bundle","entry":[${many(n, (i) => `{"resource":{"id":"${i}","resourceType":"Patient"}}`)}]}`,
  },
  repetitions: {
    plan: hl7,
    n: 5000,
    make: (n) => `${MSH}PID|1||${'1^^^H^NNCHN~'.repeat(n)}||${'张三~'.repeat(n)}\r`,
  },
  segments: { plan: hl7, n: 8000, make: (n) => MSH + 'PID|1||1||张三\r'.repeat(n) },
  subcomponents: {
    plan: planFor('research', 'hl7v2'),
    n: 8000,
    make: (n) => `${MSH}PID|1||1&${'x&'.repeat(n)}^^^H\r`,
  },
  'batches and trailers': {
    plan: hl7,
    n: 3000,
    make: (n) => `FHS|^~\\&\r${`BHS|^~\\&\r${MSH}DG1|1||B20\r`.repeat(n)}${'BTS|1\r'.repeat(n)}FTS|1\r`,
  },
  escapes: {
    plan: planFor('third-party', 'hl7v2'),
    n: 50_000,
    make: (n) => `${MSH}NTE|1||${'\\X'.repeat(n)}${'\\'.repeat(n)}\r`,
  },
}

/** CPU milliseconds of the fastest of three. */
function cost(plan: Plan, text: string): number {
  const body = Buffer.from(text)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage()
    maskBytes(plan, body)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

describe('X25: time is linear', () => {
  for (const [name, { plan, n, make }] of Object.entries(SHAPES))
    it(name, () => {
      const small = cost(plan, make(n))
      const large = cost(plan, make(4 * n))
      assert.ok(
        large < 10 * small + 60,
        `${small.toFixed(1)} ms at one size, ${large.toFixed(1)} ms at four times the size`,
      )
    })
})

describe('memory', () => {
  it('is not filled by names that never come again', () => {
    const plan = planFor('nurse', 'json')
    const scopes = ['patient', 'lxr', 'lab', 'charge', 'address', 'visit', 'surgery', 'order']
    let next = 0
    const body = (): Buffer => {
      const groups = Array.from({ length: 256 }, (_, at) => {
        const around = scopes.filter((_, i) => (at >> i) & 1)
        const members = many(200, () => `"x${word(next++)}":1`)
        return `${around.map((s) => `{"${s}":`).join('')}{${members}}${'}'.repeat(around.length)}`
      })
      return Buffer.from(`[${groups.join()}]`)
    }
    const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
    for (let i = 0; i < 4; i++) maskBytes(plan, body())
    const before = used()
    for (let i = 0; i < 10; i++) maskBytes(plan, body())
    assert.ok(used() - before < 150 << 20, `grew by ${(used() - before) >> 20} MiB`)
  })
})
