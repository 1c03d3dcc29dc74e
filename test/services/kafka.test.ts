/** The client library against the real broker: what the Kafka sink and the counting part rely on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { kafkaMissing, startKafka } from './kafka.ts'

const TOPIC = 'proof'

test('kafkajs produces to and consumes from Apache Kafka 4 across a broker restart', {
  skip: kafkaMissing(),
  timeout: 180_000,
}, async () => {
  const kafka = await startKafka()
  const client = new Kafka({ clientId: 'proof', brokers: [kafka.broker], logLevel: logLevel.NOTHING })
  const admin = client.admin()
  const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 })
  const seen: string[] = []
  let consumer: Consumer | undefined
  try {
    await admin.connect()
    await admin.createTopics({
      topics: [{ topic: TOPIC, numPartitions: 3, replicationFactor: 1 }],
      waitForLeaders: true,
    })
    await producer.connect()
    consumer = client.consumer({
      groupId: 'proof',
      sessionTimeout: 6000,
      heartbeatInterval: 1000,
      maxWaitTimeInMs: 500,
      retry: { retries: 20, maxRetryTime: 2000 },
    })
    await consumer.connect()
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) })
    const send = (from: number, to: number) =>
      producer.send({
        topic: TOPIC,
        acks: -1,
        messages: Array.from({ length: to - from }, (_, i) => ({ key: `k${i % 7}`, value: String(from + i) })),
      })
    await send(0, 100)
    await until(() => new Set(seen).size === 100)

    await kafka.down('kill')
    const waiting = resend(() => send(100, 200))
    await kafka.up()
    await waiting
    await until(() => new Set(seen).size === 200)

    await kafka.restart('clean')
    await resend(() => send(200, 300))
    await until(() => new Set(seen).size === 300)
    assert.deepEqual(
      [...new Set(seen)].map(Number).sort((a, b) => a - b),
      Array.from({ length: 300 }, (_, i) => i),
    )
    // a member that comes after it would go on behind what was read: -1 = nothing committed
    const read = async (): Promise<number> => {
      const [topic] = await admin.fetchOffsets({ groupId: 'proof', topics: [TOPIC] })
      return topic!.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)
    }
    await consumer.stop()
    assert.ok((await read()) >= 300, `the group has committed ${await read()} of 300 offsets`)
  } finally {
    await consumer?.disconnect()
    await producer.disconnect()
    await admin.disconnect()
    await kafka.stop()
  }
})

/** What the sink does: a refused batch is sent again until it is acknowledged. */
async function resend(send: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await send()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
}

async function until(done: () => boolean): Promise<void> {
  const limit = Date.now() + 60_000
  while (!done()) {
    assert.ok(Date.now() < limit, 'waited 60 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
