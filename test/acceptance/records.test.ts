/** Nothing lost: records of answered calls outlive kill -9 of the gateway and an outage of the stream. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { TOPICS } from '../../src/adapters/record-sink/index.ts'
import type { CallRecord } from '../../src/ports/record.ts'
import { scaled } from '../fixtures/scale.ts'
import { json } from '../fixtures/scene.ts'
import { kafkaMissing, startKafka } from '../services/kafka.ts'
import { readTopic } from '../services/topic.ts'
import { leaks, PERSON } from './fixtures/canary.ts'
import { startLoad } from './fixtures/load.ts'
import { canariesIn, placesOf, topicsOf } from './fixtures/places.ts'
import { recordsOf, startPlainScene, until } from './fixtures/plain-scene.ts'

const KILLS = 5
const ROW = { brxm: PERSON.name, sfzh: PERSON.residentId, bz: PERSON.note, [PERSON.mobile]: PERSON.name }

test('kill -9 under load, five times: every call answered 2xx has its record after the restart', {
  timeout: 300_000,
}, async (t) => {
  const scene = await startPlainScene()
  const { deployment } = scene
  try {
    scene.answer = json(JSON.stringify({ list: Array.from({ length: 50 }, () => ROW) }))
    const answered = new Set<string>()
    for (let kill = 0; kill < KILLS; kill++) {
      // both roads: read and masked, and passed on
      const load = startLoad({ deployment, token: await scene.token(kill % 2 === 0 ? 'doctor' : 'auditor') })
      await until(() => load.answered.length > 20, 'the load runs')
      await sleep(100 + kill * 130)
      await scene.serving.kill()
      await load.stop()
      for (const { id, status } of load.answered) {
        assert.equal(status, 200)
        assert.ok(!answered.has(id), 'call ids never repeat')
        answered.add(id)
      }
      scene.serving = await deployment.serve()
    }
    assert.equal(await scene.serving.stop(), 0)
    const records = recordsOf(deployment)
    const ids = new Set(records.map(({ id }) => id))
    assert.equal(ids.size, records.length, 'one record a call')
    const lost = [...answered].filter((id) => !ids.has(id))
    assert.deepEqual(lost, [])
    const interrupted = records.filter(({ outcome }) => outcome === 'interrupted')
    for (const { code, status } of interrupted) assert.deepEqual({ code, status }, { code: 'INTERNAL', status: 0 })
    t.diagnostic(`${answered.size} answered, ${records.length} records, ${interrupted.length} interrupted`)
    // the report counts what the call log holds
    scene.serving = await deployment.serve()
    const places = await placesOf(deployment, scene.serving)
    const { calls } = JSON.parse(places.get('report json')!.toString()) as { calls: { total: number } }
    assert.equal(calls.total, records.length)
    // what a dying gateway held in its hands is nowhere either
    assert.equal(canariesIn(places), '')
  } finally {
    await scene.close()
  }
})

test('real Kafka: 10,000 calls while the broker is stopped and restarted in the middle', {
  skip: kafkaMissing(),
  timeout: 600_000,
}, async (t) => {
  const calls = scaled(10_000, 300)
  const broker = await startKafka()
  const scene = await startPlainScene({ kafka: broker.broker }).catch(async (error) => {
    await broker.stop()
    throw error
  })
  try {
    scene.answer = json(JSON.stringify(ROW))
    const load = startLoad({ deployment: scene.deployment, token: await scene.token(), calls })
    await until(() => load.answered.length > calls / 4, 'a quarter of the calls', 120_000)
    await broker.down('kill')
    const from = load.answered.length
    await until(() => load.answered.length > Math.min(from + calls / 4, calls * 0.8), 'calls without a broker', 120_000)
    assert.equal((await scene.deployment.operations('/readyz')).status, 200, 'the road does not wait for the stream')
    await broker.up()
    await load.done
    assert.equal(load.failed, 0)
    assert.equal(load.answered.length, calls)
    for (const { status } of load.answered) assert.equal(status, 200)
    const sent = (): Promise<number> => scene.figure('veilgate_records_sent{sink="kafka"}')
    await until(async () => (await sent()) === calls, `all are sent, ${await sent()} are`, 120_000)
    for (const sink of ['kafka', 'call-log'])
      for (const [figure, value] of [
        ['sent', calls],
        ['waiting', 0],
        ['dropped', 0],
      ] as const)
        assert.equal(await scene.figure(`veilgate_records_${figure}{sink="${sink}"}`), value, `${figure} ${sink}`)
    assert.equal(await scene.figure('veilgate_records_written_total'), calls)
    const messages = await readTopic(broker.broker, TOPICS.calls)
    const ids = new Set(messages.map(({ value }) => (JSON.parse(value) as CallRecord).id))
    assert.deepEqual([...ids].sort(), load.answered.map(({ id }) => id).sort())
    for (const [topic, kept] of await topicsOf(broker.broker))
      assert.deepEqual(leaks(JSON.stringify(kept)).slice(0, 3), [], topic)
    assert.equal(canariesIn(await placesOf(scene.deployment, scene.serving)), '')
    t.diagnostic(`${calls} calls, ${messages.length} messages, ${ids.size} distinct`)
  } finally {
    await scene.close()
    await broker.stop()
  }
})
