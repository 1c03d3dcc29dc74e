/** A broker that goes away in the middle: every record arrives, and the counters say the same as the topic. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openJournal } from '../../src/adapters/journal/file.ts'
import { TOPICS } from '../../src/adapters/record-sink/index.ts'
import { startRecords } from '../../src/adapters/records/records.ts'
import { compileAnomalies } from '../../src/anomaly/index.ts'
import type { CallRecord } from '../../src/ports/record.ts'
import { callRecord, deniedRecord, openingOf } from '../fixtures/call-records.ts'
import { scaled } from '../fixtures/scale.ts'
import { kafkaMissing, startKafka } from './kafka.ts'
import { readTopic } from './topic.ts'

const KEY = Buffer.alloc(32, 5)
const T = Date.parse('2027-03-01T02:00:00Z')
const ANOMALIES = compileAnomalies([
  {
    file: 'a.yaml',
    text: 'anomalies:\n  burst: { detector: denied-burst, window: 5m, threshold: 10, cooldown: 1d }\n',
  },
]).anomalies

test('10,000 calls while the broker is stopped and restarted in the middle', {
  skip: kafkaMissing(),
  timeout: 240_000,
}, async () => {
  const calls = scaled(10_000, 500)
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-outage-'))
  const kafka = await startKafka()
  const log = { info() {}, warn() {}, error() {} }
  const records = await startRecords({
    dir,
    key: KEY,
    callLog: join(dir, 'calls.sqlite'),
    kafka: { brokers: [kafka.broker], clientId: 'outage', tls: null },
    anomalies: ANOMALIES,
    ended: [],
    log,
  })
  const journal = openJournal({ dir, worker: 'w1', key: KEY, now: Date.now, segmentBytes: 512 * 1024 })
  const serve = async (from: number, to: number) => {
    for (let n = from; n < to; n++) {
      const call = n % 25 === 0 ? deniedRecord(n, T + n) : callRecord(n, T + n)
      if (call.decision === 'allow') await journal.open(openingOf(call), n % 100 === 1)
      journal.close(call)
    }
    await journal.flush()
  }
  const sent = async (sink: string) => (await records.counters()).sinks.find((s) => s.sink === sink)!.sent
  const until = async (done: () => Promise<boolean>) => {
    const limit = Date.now() + 90_000
    while (!(await done())) {
      assert.ok(Date.now() < limit, 'waited 90 s')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  try {
    const third = Math.floor(calls / 3)
    await serve(0, third)
    await until(async () => (await sent('kafka')) > 0)
    const gone = kafka.down('kill')
    await serve(third, 2 * third)
    await gone
    await until(async () => (await sent('call-log')) === 2 * third)
    const away = (await records.counters()).sinks.find((s) => s.sink === 'kafka')!
    assert.ok(away.waiting > 0, 'the call log goes on while the stream waits')
    const back = kafka.up()
    await serve(2 * third, calls)
    await back
    await until(async () => (await sent('kafka')) === calls)

    assert.equal(journal.counters().written, calls)
    assert.deepEqual(await records.counters(), {
      written: calls,
      sinks: [
        { sink: 'call-log', sent: calls, waiting: 0, dropped: 0 },
        { sink: 'kafka', sent: calls, waiting: 0, dropped: 0 },
      ],
    })
    const ids = (await readTopic(kafka.broker, TOPICS.calls)).map((m) => (JSON.parse(m.value) as CallRecord).id)
    assert.equal(new Set(ids).size, calls)
    const signals = await readTopic(kafka.broker, TOPICS.anomalies)
    assert.equal(new Set(signals.map((m) => m.value)).size, 1)
  } finally {
    await journal.end()
    await records.stop()
    await kafka.stop()
    await rm(dir, { recursive: true, force: true })
  }
})
