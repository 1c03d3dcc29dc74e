/** Reads a whole topic, up to where it ends when asked. */
import { Kafka, logLevel } from 'kafkajs'

export interface Message {
  readonly key: string
  readonly value: string
}

let groups = 0

export async function readTopic(broker: string, topic: string): Promise<Message[]> {
  const client = new Kafka({ clientId: 'reader', brokers: [broker], logLevel: logLevel.NOTHING })
  const admin = client.admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const left = new Map(ends.filter((e) => e.high !== e.low).map((e) => [e.partition, BigInt(e.high)]))
  if (left.size === 0) return []
  const found: Message[] = []
  const consumer = client.consumer({
    groupId: `reader-${process.pid}-${++groups}`,
    sessionTimeout: 6000,
    heartbeatInterval: 1000,
    maxWaitTimeInMs: 200,
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const done = Promise.withResolvers<void>()
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) found.push({ key: String(key), value: String(value) })
      const end = left.get(batch.partition)
      if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) left.delete(batch.partition)
      if (left.size === 0) done.resolve()
    },
  })
  const timer = setTimeout(() => done.reject(new Error(`${topic} could not be read to its end`)), 30_000)
  try {
    await done.promise
  } finally {
    clearTimeout(timer)
    await consumer.disconnect()
  }
  return found
}
