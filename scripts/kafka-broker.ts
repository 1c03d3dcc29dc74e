/**
 * Starts the tests' Kafka broker and prints HOST:PORT on the first line; ends when standard input closes. Prints why not and
 * exits 1 where its jars or Java are missing. `veilgate demo --kafka` without a value uses it. Run: node scripts/kafka-broker.ts
 */
import { kafkaMissing, startKafka } from '../test/services/kafka.ts'

const missing = kafkaMissing()
if (missing !== false) {
  process.stderr.write(`${missing}\n`)
  process.exit(1)
}
const kafka = await startKafka()
process.stdout.write(`${kafka.broker}\n`)
const stop = async () => {
  await kafka.stop()
  process.exit(0)
}
process.stdin.once('end', () => void stop())
process.stdin.resume()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
