/** Serves the SQLite bundle store to others: one question, one answer. What its thread runs. */
import type { MessagePort } from 'node:worker_threads'
import { type BundleStore, BundleStoreError } from '../../ports/bundle-store.ts'
import { SqliteBundleStore } from './sqlite.ts'
import { type Answer, METHODS, type Question } from './threaded.ts'

/** `path`: the store's file, opened on use: a disk that comes back later is found then. */
export function serveStore(port: MessagePort, path: string): void {
  let store: BundleStore | null = null
  const answer = async ({ id, method, args }: Question): Promise<Answer> => {
    try {
      if (!METHODS.includes(method)) throw new BundleStoreError('STORE_UNAVAILABLE')
      store ??= new SqliteBundleStore(path)
      const ask = store[method] as (...all: readonly unknown[]) => Promise<unknown>
      return { id, value: await ask.apply(store, args as unknown[]) }
    } catch (error) {
      return { id, failed: error instanceof BundleStoreError ? error.code : 'STORE_UNAVAILABLE' }
    }
  }
  port.on('message', (question: Question) => {
    answer(question).then((said) => port.postMessage(said))
  })
}
