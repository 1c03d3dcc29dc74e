/** What every sink promises; Kafka takes the same exam when a broker can be started here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KafkaSink, TOPICS } from '../../src/adapters/record-sink/kafka.ts'
import { MemorySink } from '../../src/adapters/record-sink/memory.ts'
import type { Signal } from '../../src/anomaly/index.ts'
import type { RecordSink } from '../../src/ports/record-sink.ts'
import { callRecord } from '../fixtures/call-records.ts'
import { kafkaMissing, startKafka } from '../services/kafka.ts'
import { readTopic } from '../services/topic.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
const SIGNAL: Signal = {
  v: 1,
  id: 'burst/x',
  anomaly: 'burst',
  zh: '拒绝突增',
  detector: 'denied-burst',
  severity: 'warning',
  at: new Date(T).toISOString(),
  institution: 'county',
  interface: null,
  subject: null,
  role: null,
  count: 10,
  threshold: 10,
  windowMs: 300_000,
  sample: callRecord(1, T).id,
}

interface Subject {
  readonly sink: RecordSink
  /** texts that arrived, first arrival of each */
  records(): Promise<string[]>
  signals(): Promise<string[]>
  leave(): Promise<void>
  comeBack(): Promise<void>
  end(): Promise<void>
}

async function memory(): Promise<Subject> {
  const sink = new MemorySink()
  return {
    sink,
    records: async () => sink.records,
    signals: async () => sink.signals.map((s) => JSON.stringify(s)),
    leave: async () => void (sink.away = true),
    comeBack: async () => void (sink.away = false),
    end: async () => {},
  }
}

async function kafka(): Promise<Subject> {
  const broker = await startKafka()
  const sink = new KafkaSink({ brokers: [broker.broker], clientId: 'contract', tls: null })
  const values = async (topic: string) => [...new Set((await readTopic(broker.broker, topic)).map((m) => m.value))]
  return {
    sink,
    records: () => values(TOPICS.calls),
    signals: () => values(TOPICS.anomalies),
    leave: () => broker.down('kill'),
    comeBack: () => broker.up(),
    async end() {
      await sink.close()
      await broker.stop()
    },
  }
}

const texts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => JSON.stringify(callRecord(from + i, T + from + i)))

for (const [name, make, skip] of [
  ['memory', memory, false],
  ['kafka', kafka, kafkaMissing()],
] as const) {
  test(`${name} sink: what was acknowledged is there, also across an absence`, { skip, timeout: 120_000 }, async () => {
    const s = await make()
    try {
      await s.sink.writeRecords(texts(0, 1500))
      await s.sink.writeSignals([SIGNAL])
      await s.leave()
      await assert.rejects(s.sink.writeRecords(texts(1500, 1510)), 'away')
      await s.comeBack()
      await again(() => s.sink.writeRecords(texts(1500, 1510)))
      const found = new Set(await s.records())
      assert.equal(found.size, 1510)
      assert.ok(texts(0, 1510).every((text) => found.has(text)))
      assert.deepEqual(await s.signals(), [JSON.stringify(SIGNAL)])
    } finally {
      await s.end()
    }
  })
}

test('kafka sink: messages are keyed by institution and interface, whatever the clocks say', {
  skip: kafkaMissing(),
  timeout: 60_000,
}, async () => {
  const broker = await startKafka()
  const sink = new KafkaSink({ brokers: [broker.broker], clientId: 'contract', tls: null })
  try {
    const unknown = callRecord(2, T, { institution: null, interface: null })
    const ahead = callRecord(3, Date.now() + 86_400_000)
    await sink.writeRecords([callRecord(1, T), unknown, ahead].map((record) => JSON.stringify(record)))
    const found = await readTopic(broker.broker, TOPICS.calls)
    assert.deepEqual(found.map((m) => m.key).sort(), ['-|-', 'county|his.patient', 'county|his.patient'])
    assert.equal(found.length, 3)
  } finally {
    await sink.close()
    await broker.stop()
  }
})

async function again(write: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await write()
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
