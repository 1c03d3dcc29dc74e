/** The door of the bundle stores. */
export { MemoryBundleStore } from './memory.ts'
export { RedisBundleStore, type RedisStoreOptions } from './redis.ts'
export { SqliteBundleStore } from './sqlite.ts'
export { openThreadedStore } from './threaded.ts'
