/** The published schema against records as the journal and the call log hold them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openJournal } from '../../src/adapters/journal/file.ts'
import { JournalReader, recoverJournal, START } from '../../src/adapters/journal/index.ts'
import { CODES } from '../../src/base/errors.ts'
import { compileSchema, type JsonSchema } from '../../src/base/schema.ts'
import { callRecord, deniedRecord, openingOf } from '../fixtures/call-records.ts'
import { reportCalls } from '../fixtures/report-calls.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../spec/call-record.v1.json', import.meta.url), 'utf8'),
) as JsonSchema
const check = compileSchema(schema)
const T = Date.parse('2027-03-01T02:00:00Z')
const call = callRecord(1, T)

test('records out of the journal are valid, interrupted ones too', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-spec-'))
  try {
    const key = Buffer.alloc(32, 1)
    const journal = openJournal({ dir, worker: 'w1', key, now: () => T })
    for (const record of reportCalls()) {
      if (record.decision === 'allow') await journal.open(openingOf(record), false)
      journal.close(record)
    }
    const nobody = { institution: null, certificate: null, sourceIp: null, region: null, user: null, role: null }
    const nowhere = { interface: null, interfaceVersion: null, provider: null, route: null, scenario: null, slo: null }
    journal.close(deniedRecord(500, T, 'CERT_NOT_REGISTERED', { ...nobody, ...nowhere, bundle: null }))
    await journal.open(openingOf(callRecord(501, T)), false)
    await journal.end()
    assert.equal(recoverJournal({ dir, key, now: () => T }), 1)
    const reader = new JournalReader({ dir, key, place: START })
    let seen = 0
    for (let batch = reader.next(); batch !== null; batch = reader.next()) {
      for (const line of batch.records) {
        assert.deepEqual(check(JSON.parse(line.json)), [])
        assert.deepEqual(line.record(), JSON.parse(line.json))
        seen++
      }
      reader.commit(batch)
    }
    assert.equal(seen, 202)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('every exact code fits, and the schema knows every field of a record', () => {
  for (const code of Object.keys(CODES)) assert.deepEqual(check({ ...call, code }), [], code)
  const properties = Object.keys(schema['properties'] as object)
  assert.deepEqual(properties.sort(), Object.keys(call).sort())
  assert.deepEqual([...(schema['required'] as string[])].sort(), properties)
})

test('what a record must never hold is refused', () => {
  const wrong: Record<string, unknown>[] = [
    { ...call, path: '/his/patients/00123456' },
    { ...call, token: 'x' },
    { ...call, id: 'not-an-id' },
    { ...call, start: '2027-03-01 02:00:00' },
    { ...call, certificate: 'ab'.repeat(32) },
    { ...call, decision: 'maybe' },
    { ...call, status: 42 },
    { ...call, rows: -1 },
    { ...call, masking: { ...call.masking, values: ['x'] } },
    { ...call, times: { ...call.times, total: '12' } },
  ]
  for (const record of wrong) assert.notEqual(check(record).length, 0)
  for (const key of Object.keys(call)) {
    const { [key]: gone, ...rest } = call as unknown as Record<string, unknown>
    assert.notEqual(check(rest).length, 0, `without ${key}`)
  }
})
