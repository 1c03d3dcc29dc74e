/**
 * Records and signals to Kafka (protocol versions of Kafka 2.1 to 4). Acknowledged by all in-sync replicas, idempotent
 * within a connection, at least once over all: after a failure the producer is thrown away and the batch comes again,
 * for a producer that was refused once may refuse for ever.
 */
import { Kafka, logLevel, type Message, Partitioners, type Producer } from 'kafkajs'
import type { Signal } from '../../anomaly/index.ts'
import type { CallRecord } from '../../ports/record.ts'
import type { RecordSink } from '../../ports/record-sink.ts'

export interface KafkaOptions {
  /** host:port */
  readonly brokers: readonly string[]
  readonly clientId: string
  /** PEM texts; null = plain, for a broker on this machine or inside a closed network */
  readonly tls: { readonly ca: string; readonly cert: string | null; readonly key: string | null } | null
}

export const TOPICS = { calls: 'veilgate.calls', anomalies: 'veilgate.anomalies' } as const

/** of one request and partition; brokers refuse more than about 1 MB by default */
const MAX_REQUEST_BYTES = 512 * 1024

export class KafkaSink implements RecordSink {
  readonly name = 'kafka'
  readonly #kafka: Kafka
  #producer: Promise<Producer> | null = null
  #closed = false

  constructor(options: KafkaOptions) {
    const { tls } = options
    this.#kafka = new Kafka({
      clientId: options.clientId,
      brokers: [...options.brokers],
      ...(tls === null
        ? {}
        : { ssl: { ca: tls.ca, ...(tls.cert === null || tls.key === null ? {} : { cert: tls.cert, key: tls.key }) } }),
      connectionTimeout: 3000,
      requestTimeout: 10_000,
      // waiting is the reader's part: it asks again, and the records stay in the journal until then
      retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 500 },
      logLevel: logLevel.NOTHING,
    })
  }

  async writeRecords(records: readonly string[]): Promise<void> {
    for (const messages of requests(records.map(recordMessage))) await this.#send(TOPICS.calls, messages)
  }

  async writeSignals(signals: readonly Signal[]): Promise<void> {
    const messages = signals.map((s) => ({ key: s.institution ?? '-', value: JSON.stringify(s) }))
    for (const request of requests(messages)) await this.#send(TOPICS.anomalies, request)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#forget()
  }

  async #send(topic: string, messages: Message[]): Promise<void> {
    try {
      const producer = await (this.#producer ??= this.#connect())
      await producer.send({ topic, acks: -1, timeout: 10_000, messages })
    } catch (error) {
      await this.#forget()
      throw error
    }
  }

  async #connect(): Promise<Producer> {
    if (this.#closed) throw new Error('the sink is closed')
    await this.#createTopics()
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    return producer
  }

  /** With the broker's own defaults. A cluster that reserves this to its operators refuses, which is no failure here. */
  async #createTopics(): Promise<void> {
    const admin = this.#kafka.admin()
    try {
      await admin.connect()
      const known = await admin.listTopics()
      const topics = Object.values(TOPICS).filter((topic) => !known.includes(topic))
      if (topics.length === 0) return
      await admin.createTopics({
        topics: topics.map((topic) => ({ topic, numPartitions: -1, replicationFactor: -1 })),
        waitForLeaders: true,
      })
    } catch (error) {
      if ((error as { type?: string }).type !== 'TOPIC_AUTHORIZATION_FAILED') throw error
    } finally {
      await admin.disconnect().catch(() => {})
    }
  }

  async #forget(): Promise<void> {
    const gone = this.#producer
    this.#producer = null
    await gone?.then((producer) => producer.disconnect()).catch(() => {})
  }
}

function recordMessage(json: string): Message {
  const record = JSON.parse(json) as CallRecord
  // no timestamp of ours: brokers refuse one an hour ahead of their clock, and one such record would stop all others
  return { key: `${record.institution ?? '-'}|${record.interface ?? '-'}`, value: json }
}

function* requests(messages: readonly Message[]): Generator<Message[]> {
  let request: Message[] = []
  let bytes = 0
  for (const message of messages) {
    const size = Buffer.byteLength(message.value as string) + 256
    if (request.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield request
      request = []
      bytes = 0
    }
    request.push(message)
    bytes += size
  }
  if (request.length > 0) yield request
}
