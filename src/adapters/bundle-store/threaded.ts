/** The SQLite bundle store in a thread of its own, so that no statement runs on the road's event loop. */
import { Worker } from 'node:worker_threads'
import { type BundleStore, BundleStoreError } from '../../ports/bundle-store.ts'
import { threadUrl } from '../records/thread-url.ts'

export const METHODS = [
  'putBundle',
  'bundle',
  'bundles',
  'head',
  'append',
  'entries',
  'attest',
  'attestations',
] as const
export type Method = (typeof METHODS)[number]

export interface Question {
  readonly id: number
  readonly method: Method
  readonly args: readonly unknown[]
}

export interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly failed?: BundleStoreError['code']
}

/** `path`: the store's file. The thread keeps no process alive. */
export function openThreadedStore(path: string): BundleStore {
  const thread = new Worker(threadUrl(import.meta.url, 'thread'), { workerData: { path } })
  thread.unref()
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let next = 1
  let ended = false
  const giveUp = (): void => {
    ended = true
    for (const { reject } of waiting.values()) reject(new BundleStoreError('STORE_UNAVAILABLE'))
    waiting.clear()
  }
  thread.on('message', ({ id, value, failed }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (failed === undefined) asked?.resolve(value)
    else asked?.reject(new BundleStoreError(failed))
  })
  thread.on('error', giveUp)
  thread.on('exit', giveUp)
  const ask = (method: Method, args: readonly unknown[]): Promise<unknown> => {
    if (ended) return Promise.reject(new BundleStoreError('STORE_UNAVAILABLE'))
    const asked = Promise.withResolvers<unknown>()
    const id = next++
    waiting.set(id, asked)
    thread.postMessage({ id, method, args } satisfies Question)
    return asked.promise
  }
  const methods = METHODS.map((method) => [method, (...args: unknown[]) => ask(method, args)] as const)
  return {
    ...(Object.fromEntries(methods) as unknown as Omit<BundleStore, 'close'>),
    close: async () => void (await thread.terminate()),
  }
}
