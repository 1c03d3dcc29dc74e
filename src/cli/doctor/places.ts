/** What the deployment writes to and speaks with: state folder, bundle store, Kafka. */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { SecretError } from '../../adapters/secret/files.ts'
import type { Config } from '../../config.ts'
import { openStore } from '../release/open-store.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import type { Ward } from './ward.ts'

const TIMEOUT = 3000

export async function examineState({ state }: Config, { locate }: Ward): Promise<Finding[]> {
  const path = locate(state)
  const there = await stat(path).catch(() => null)
  if (there !== null && !there.isDirectory()) return [fail('STATE_UNUSABLE', state, 'is no folder')]
  const writes = await access(there === null ? dirname(path) : path, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writes) return [fail('STATE_UNUSABLE', state, 'this user may not write there: calls would be refused')]
  return [ok('STATE', state, there === null ? 'is made at the first start' : 'can be written')]
}

/** A database that is not there yet is not made by asking. */
export async function examineStore({ release }: Config, { locate, env }: Ward): Promise<Finding[]> {
  const { source, store } = release
  if (source !== 'store') return []
  const about = store.kind === 'sqlite' ? store.file : `${store.host}:${store.port}`
  if (store.kind === 'sqlite' && (await stat(locate(store.file)).catch(() => null)) === null)
    return [warn('STORE_EMPTY', about, 'is not there yet: nothing was released')]
  try {
    const opened = await openStore(store, { locate, env, onRoad: false })
    try {
      // opening alone asks a server nothing
      const { seq } = await opened.head()
      return [ok('STORE', about, `answers; ${seq} entries of history`)]
    } finally {
      await opened.close()
    }
  } catch (error) {
    const told = error instanceof SecretError ? error.message : 'does not open: address, TLS, user and password'
    return [fail('STORE_UNREACHABLE', about, told)]
  }
}

export async function examineKafka({ kafka }: Config): Promise<Finding[]> {
  if (kafka === null) return []
  const found = await Promise.all(kafka.brokers.map(reach))
  // Records wait in the journal: a broker that is away stops nobody.
  return found.map((there, i) =>
    there
      ? ok('KAFKA', kafka.brokers[i]!, 'takes connections')
      : warn('KAFKA_UNREACHABLE', kafka.brokers[i]!, 'takes no connection: records wait in the journal'),
  )
}

function reach(broker: string): Promise<boolean> {
  const at = broker.lastIndexOf(':')
  const host = broker.slice(0, at).replace(/^\[|\]$/g, '')
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port: Number(broker.slice(at + 1)), timeout: TIMEOUT })
  const end = (there: boolean) => (): void => {
    socket.destroy()
    resolve(there)
  }
  socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false))
  return promise
}
