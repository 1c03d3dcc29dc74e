/**
 * The bundle store of several nodes, in Redis. Bundles, history and attestations only: no key and no secret is ever
 * written there, and whoever can write there moves no node, since nodes verify what they read. Redis must keep what it
 * was given: appendonly on, maxmemory-policy noeviction (design.md 4), or nothing is read from it.
 */
import { Redis } from 'ioredis'
import {
  type Attestation,
  type BundleHead,
  type BundleStore,
  BundleStoreError,
  type StoredBundle,
} from '../../ports/bundle-store.ts'
import { NO_HISTORY } from '../../release/history.ts'
import type { Entry, Head } from '../../release/model.ts'
import { readAttestation, readHead, readStored, readStoredEntry } from './stored.ts'

export interface RedisStoreOptions {
  readonly host: string
  readonly port: number
  readonly username: string | null
  readonly password: string | null
  /** PEM of the authority; null: no TLS */
  readonly ca: string | null
  /** distinguishes deployments that share a server; 1 to 32 of [a-z0-9-] */
  readonly prefix: string
}

/** One step in Redis: the entry is there and the head says so, or neither. */
const APPEND = `
  if redis.call('LLEN', KEYS[1]) + 1 ~= tonumber(ARGV[1]) then return 0 end
  if (redis.call('GET', KEYS[2]) or ARGV[5]) ~= ARGV[2] then return 0 end
  redis.call('RPUSH', KEYS[1], ARGV[4])
  redis.call('SET', KEYS[2], ARGV[3])
  return 1`

const ANSWER_MS = 5000
const MAX_RETRY_MS = 1000

export class RedisBundleStore implements BundleStore {
  readonly #redis: Redis
  readonly #key: (name: string) => string
  #durable = false

  constructor(options: RedisStoreOptions) {
    this.#redis = new Redis(connection(options))
    // the braces keep all keys in one slot of a Redis cluster
    this.#key = (name) => `veilgate:{${options.prefix}}:${name}`
    // each failure is told by the command that met it; without a listener the client prints to the console
    this.#redis.on('error', () => {})
    this.#redis.on('close', () => {
      this.#durable = false
    })
  }

  putBundle(bundle: StoredBundle): Promise<boolean> {
    const { id, hash, submission } = bundle
    return this.#ask(async (redis) => {
      const fresh = await redis.set(this.#key(`bundle:${id}`), JSON.stringify(bundle), 'NX')
      // each step repeats without harm: what a lost connection left half done, the next submission completes
      const listed = await redis.hsetnx(this.#key('heads'), id, JSON.stringify({ id, hash, submission }))
      if (listed === 1) await redis.lpush(this.#key('order'), id)
      return fresh !== null
    })
  }

  async bundle(id: string): Promise<StoredBundle | null> {
    const text = await this.#ask((redis) => redis.get(this.#key(`bundle:${id}`)))
    return text === null ? null : readStored(text)
  }

  async bundles(limit: number): Promise<readonly BundleHead[]> {
    const texts = await this.#ask(async (redis) => {
      const ids = await redis.lrange(this.#key('order'), 0, limit - 1)
      return ids.length === 0 ? [] : redis.hmget(this.#key('heads'), ...ids)
    })
    return texts.flatMap((text) => (text === null ? [] : [readHead(text)]))
  }

  head(): Promise<Head> {
    return this.#ask(async (redis) => {
      const [length, hash] = (await redis.multi().llen(this.#key('log')).get(this.#key('head')).exec()) ?? []
      const seq = Number(length?.[1] ?? 0)
      return seq === 0 ? NO_HISTORY : { seq, hash: String(hash?.[1] ?? '') }
    })
  }

  append(entry: Entry): Promise<boolean> {
    const keys = [this.#key('log'), this.#key('head')]
    const values = [String(entry.seq), entry.prev, entry.hash, JSON.stringify(entry), NO_HISTORY.hash]
    return this.#ask(async (redis) => (await redis.eval(APPEND, keys.length, ...keys, ...values)) === 1)
  }

  async entries(after: number, limit: number): Promise<readonly Entry[]> {
    const texts = await this.#ask((redis) => redis.lrange(this.#key('log'), after, after + limit - 1))
    return texts.map(readStoredEntry)
  }

  async attest(attestation: Attestation): Promise<void> {
    await this.#ask((redis) => redis.hset(this.#key('nodes'), attestation.node, JSON.stringify(attestation)))
  }

  async attestations(): Promise<readonly Attestation[]> {
    const texts = await this.#ask((redis) => redis.hvals(this.#key('nodes')))
    return texts.map(readAttestation).toSorted((a, b) => (a.node < b.node ? -1 : 1))
  }

  async close(): Promise<void> {
    this.#redis.disconnect()
  }

  /** What Redis says may quote a key or an address: the code alone goes on. */
  async #ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      if (!this.#durable) await this.#checkDurable()
      return await question(this.#redis)
    } catch (error) {
      throw error instanceof BundleStoreError ? error : new BundleStoreError('STORE_UNAVAILABLE')
    }
  }

  async #checkDurable(): Promise<void> {
    const [persistence, memory] = await Promise.all([this.#redis.info('persistence'), this.#redis.info('memory')])
    if (!/^aof_enabled:1\r?$/m.test(persistence) || !/^maxmemory_policy:noeviction\r?$/m.test(memory))
      throw new BundleStoreError('STORE_NOT_DURABLE')
    this.#durable = true
  }
}

const connection = ({ host, port, username, password, ca }: RedisStoreOptions) => ({
  host,
  port,
  ...(username !== null && { username }),
  ...(password !== null && { password }),
  ...(ca !== null && { tls: { ca, servername: host } }),
  lazyConnect: true,
  connectTimeout: ANSWER_MS,
  commandTimeout: ANSWER_MS,
  maxRetriesPerRequest: 1,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, MAX_RETRY_MS),
})
