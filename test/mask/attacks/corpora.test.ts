/** Real material under the shipped policies: what comes out can be parsed, twice is once, and its patients are not in it. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../../src/base/errors.ts'
import type { FormatName } from '../../../src/mask/index.ts'
import { maskBytes, POLICIES, planFor } from './fixture.ts'

const CORPORA = process.env['VEILGATE_CORPORA'] ?? '../shared/corpora'
const absent = existsSync(CORPORA) ? false : `no corpora at ${CORPORA}: set VEILGATE_CORPORA`

interface Material {
  readonly folder: string
  readonly format: FormatName
  readonly ending: RegExp
  readonly least: number
}

const SETS: readonly Material[] = [
  { folder: 'fhir-r4-hl7-examples', format: 'fhir', ending: /\.json$/, least: 61 },
  { folder: 'fhir-r4-synthea', format: 'fhir', ending: /\.json$/, least: 2 },
  { folder: 'fhir-test-cases', format: 'fhir', ending: /\.json$/, least: 20 },
  { folder: 'fhir-zh', format: 'fhir', ending: /\.json$/, least: 12 },
  { folder: 'fhir-ndjson', format: 'ndjson', ending: /\.ndjson$/, least: 45 },
  { folder: 'zh/medflow-json-api', format: 'json', ending: /\.json$/, least: 6 },
  { folder: 'hl7v2', format: 'hl7v2', ending: /\.(?:hl7|txt|er7)$/i, least: 40 },
]

function* filesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* filesIn(path)
    else yield path
  }
}

function assertParses(format: FormatName, body: Buffer, file: string): void {
  const text = body.toString().replace(/^\ufeff/, '')
  const payloads =
    format === 'ndjson' ? text.split('\n').filter((line) => line.trim() !== '') : format === 'hl7v2' ? [] : [text]
  for (const payload of payloads) assert.doesNotThrow(() => JSON.parse(payload), file)
}

describe('corpora under the shipped policies', { skip: absent }, () => {
  for (const { folder, format, ending, least } of SETS)
    it(`${folder} as ${format}`, (t) => {
      for (const who of POLICIES) {
        const plan = planFor(who, format)
        let passed = 0
        const refused = new Map<string, number>()
        for (const file of filesIn(join(CORPORA, folder))) {
          if (!ending.test(file)) continue
          try {
            const { body } = maskBytes(plan, readFileSync(file))
            assertParses(format, body, file)
            assert.ok(maskBytes(plan, body).body.equals(body), `${who}: ${file} changes when masked again`)
            passed++
          } catch (error) {
            if (!isGatewayError(error)) throw error
            assert.notEqual(error.code, 'MASK_FAILED', file)
            refused.set(error.code, (refused.get(error.code) ?? 0) + 1)
          }
        }
        t.diagnostic(`${who}: ${passed} passed, refused ${JSON.stringify([...refused])}`)
        assert.ok(passed >= least, `${who}: only ${passed} passed`)
      }
    })

  it('no name, number, street or telephone of a patient is left outside care', () => {
    const seen: string[] = []
    for (const file of filesIn(join(CORPORA, 'fhir-r4-synthea'))) {
      if (!file.endsWith('.json')) continue
      const source = readFileSync(file)
      const secrets = identityIn(JSON.parse(source.toString()))
      seen.push(...secrets)
      for (const who of ['research', 'third-party', 'management']) {
        const out = maskBytes(planFor(who, 'fhir'), source).body.toString()
        for (const secret of secrets)
          assert.ok(!out.includes(JSON.stringify(secret).slice(1, -1)), `${who}: ${file}: ${secret}`)
      }
    }
    assert.ok(seen.length >= 8, 'the material holds patients')
  })
})

interface Patient {
  readonly resourceType: string
  readonly identifier?: readonly { readonly value: string }[]
  readonly name?: readonly { readonly family: string; readonly given: readonly string[] }[]
  readonly telecom?: readonly { readonly value: string }[]
  readonly address?: readonly { readonly line: readonly string[] }[]
}

/** What identifies the patients of a bundle and is no ordinary word. */
function identityIn({ entry }: { readonly entry: readonly { readonly resource: Patient }[] }): string[] {
  return entry
    .map((e) => e.resource)
    .filter((resource) => resource.resourceType === 'Patient')
    .flatMap((p) => [
      ...(p.identifier ?? []).map((i) => i.value),
      ...(p.name ?? []).flatMap((n) => [n.family, ...n.given]),
      ...(p.telecom ?? []).map((c) => c.value),
      ...(p.address ?? []).flatMap((a) => a.line),
    ])
    .filter((text) => text !== undefined && text.length >= 5)
}
