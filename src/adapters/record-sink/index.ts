/** The sinks' door. */
export { type KafkaOptions, KafkaSink, TOPICS } from './kafka.ts'
export { MemorySink } from './memory.ts'
