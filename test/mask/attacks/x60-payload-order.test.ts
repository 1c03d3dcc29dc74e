/**
 * X60: scanners, tapes and boards are used again for the next payload. Plans and payloads in any order, refused ones and
 * large ones among them: what one payload gives never depends on those before it.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../../src/base/errors.ts'
import type { FormatName, Plan } from '../../../src/mask/index.ts'
import { chance } from '../fixtures.ts'
import { maskBytes, planFor, SHIPPED } from './fixture.ts'
import { fhirDocument, hisDocument, Secrets, write } from './random-documents.ts'

const FORMATS: readonly FormatName[] = ['json', 'fhir', 'hl7v2', 'ndjson']
const ROLES = ['nurse', 'research', 'third-party', 'management']
const plans = (): Plan[] =>
  FORMATS.flatMap((format) =>
    ROLES.map((who) => planFor(who, format, { rows: format === 'json' ? '$.data.list' : null })),
  )

function payloads(pick: (n: number) => number): Buffer[] {
  const secrets = new Secrets(pick)
  const list = Array.from({ length: 60 }, (_, i) => {
    const text =
      pick(2) === 0 ? write(fhirDocument(pick, secrets), pick) : write(hisDocument(pick, secrets, SHIPPED), pick)
    return Buffer.from(variant(text, i, pick))
  })
  for (const body of list) if (pick(6) === 0 && body.length > 0) body[pick(body.length)] = [0xff, 0x22, 0x7d][pick(3)]!
  const row = (i: number): object => ({
    brxm: `巨${i}`,
    sfzh: `50010319900307${1000 + (i % 9000)}`,
    [`u${i % 700}`]: 1,
  })
  for (const size of [300, 9000])
    list.push(Buffer.from(JSON.stringify({ data: { list: Array.from({ length: size }, (_, i) => row(i)) } })))
  return list
}

function variant(text: string, i: number, pick: (n: number) => number): string {
  switch (pick(8)) {
    case 0:
      return JSON.stringify({ a: text, brxm: `x${i}` })
    case 1:
      return JSON.stringify({ data: { list: [{ bz: JSON.stringify({ q: text }) }, { sjh: `1381234${1000 + i}` }] } })
    case 2:
      return text.slice(0, pick(text.length))
    case 3:
      return Array.from({ length: 4 }, () => text.replace(/\n/g, ' ')).join('\n')
    case 4:
      return JSON.stringify({ columns: ['brxm', 'sfzh'], rows: Array.from({ length: pick(60) }, () => [text, `${i}`]) })
    case 5:
      return `MSH|^~\\&|HIS|H1|LIS|H2|20260101||ORU^R01|M1|P|2.5\rOBX|1|TX|x||${text.replace(/[|\r\n]/g, '')}`
    default:
      return text
  }
}

function shuffled<T>(list: readonly T[], pick: (n: number) => number): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const k = pick(i + 1)
    ;[out[i], out[k]] = [out[k]!, out[i]!]
  }
  return out
}

/** Bytes, or the code of the refusal. */
function outcome(plan: Plan, body: Buffer): string {
  try {
    return maskBytes(plan, Buffer.from(body)).body.toString('latin1')
  } catch (error) {
    if (!isGatewayError(error)) throw error
    return error.code
  }
}

describe('X60: payloads one after the other', () => {
  it('give the same in any order, under plans used and unused', () => {
    const pick = chance(60)
    const bodies = payloads(pick)
    const [first, second] = [plans(), plans()]
    const jobs = first.flatMap((_, plan) => bodies.map((_, body) => ({ plan, body })))
    const seen = new Map<string, string>()
    for (const { plan, body } of shuffled(jobs, pick)) seen.set(`${plan} ${body}`, outcome(first[plan]!, bodies[body]!))
    for (const { plan, body } of shuffled(jobs, pick)) {
      const same = outcome(second[plan]!, bodies[body]!) === seen.get(`${plan} ${body}`)
      assert.ok(same, `plan ${plan}, payload ${body}`)
    }
    const refused = [...seen.values()].filter((text) => /^[A-Z][A-Z0-9_]+$/.test(text)).length
    assert.ok(refused > 100 && refused < seen.size - 200, `${refused} of ${seen.size} refused`)
  })
})
