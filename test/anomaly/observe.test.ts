import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deniedBurst } from '../../src/anomaly/detectors/denied-burst.ts'
import { DETECTORS, detectorOf } from '../../src/anomaly/detectors/index.ts'
import { compileAnomalies } from '../../src/anomaly/index.ts'
import type { Count, Signal } from '../../src/anomaly/model.ts'
import { observe } from '../../src/anomaly/observe.ts'
import type { CallRecord } from '../../src/ports/record.ts'
import { callRecord, deniedRecord } from '../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')

function rules(text: string) {
  const compiled = compileAnomalies([{ file: 'anomalies.yaml', text }])
  assert.deepEqual(compiled.problems, [])
  return compiled.anomalies
}

function signalsOf(text: string, records: readonly CallRecord[]): Signal[] {
  const anomalies = rules(text)
  const counts = new Map<string, Count>()
  return records.flatMap((record) => {
    const seen = observe(anomalies, record, (key) => counts.get(key))
    for (const { key, count } of seen.counts) counts.set(key, count)
    return seen.signals
  })
}

const BURST = 'anomalies:\n  burst:\n    detector: denied-burst\n    window: 5m\n    threshold: 10\n    zh: 拒绝突增\n'
const many = (n: number, apart: Partial<CallRecord> = {}, from = 0) =>
  Array.from({ length: n }, (_, i) => deniedRecord(from + i, T + (from + i) * 1000, 'TOKEN_PERMISSION', apart))

test('ten denials of one institution within five minutes are one signal', () => {
  const signals = signalsOf(BURST, [...many(9), callRecord(50, T), ...many(5, {}, 9)])
  assert.equal(signals.length, 1)
  const { sample, ...rest } = signals[0]!
  assert.equal(sample, deniedRecord(9, T + 9000).id)
  assert.deepEqual(rest, {
    v: 1,
    id: `burst/${sample}`,
    anomaly: 'burst',
    zh: '拒绝突增',
    detector: 'denied-burst',
    severity: 'warning',
    at: new Date(T + 9000).toISOString(),
    institution: 'county',
    interface: null,
    subject: null,
    role: null,
    count: 10,
    threshold: 10,
    windowMs: 300_000,
  })
})

test('institutions are counted apart, unknown peers together', () => {
  assert.equal(signalsOf(BURST, [...many(6), ...many(6, { institution: 'other' }, 6)]).length, 0)
  const unknown = signalsOf(BURST, many(10, { institution: null }))
  assert.deepEqual([unknown.length, unknown[0]?.institution], [1, null])
})

test('per and codes narrow what is counted', () => {
  const text = `${BURST}    per: [institution, interface]\n    codes: [TOKEN_EXPIRED]\n`
  assert.equal(signalsOf(text, many(20)).length, 0)
  const expired = many(10).map((r) => ({ ...r, code: 'TOKEN_EXPIRED' }))
  const [signal] = signalsOf(text, expired)
  assert.deepEqual([signal?.institution, signal?.interface, signal?.role], ['county', 'his.patient', null])
})

test('what is not enabled counts nothing', () => {
  assert.equal(signalsOf(`${BURST}    enabled: false\n`, many(20)).length, 0)
})

test('allowed and failed calls are no denials', () => {
  const anomaly = rules(BURST)[0]!
  assert.equal(deniedBurst.counts(anomaly, callRecord(1, T)), false)
  assert.equal(deniedBurst.counts(anomaly, callRecord(1, T, { decision: 'fail', code: 'UPSTREAM_DOWN' })), false)
  assert.equal(detectorOf('denied-burst'), deniedBurst)
  assert.equal(new Set(DETECTORS.map((d) => d.name)).size, DETECTORS.length)
})
