/** Asks the query thread. The thread keeps no process alive. */
import { Worker } from 'node:worker_threads'
import type { Signal } from '../../anomaly/index.ts'
import type { CallQueries } from '../../ports/call-queries.ts'
import type { HourSum } from '../../report/index.ts'
import type { Answer, Question } from './serve-queries.ts'
import { threadUrl } from './thread-url.ts'

type Ask = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never

/** `path`: file of the call log; it need not exist yet. */
export function openQueries(path: string): CallQueries {
  const thread = new Worker(threadUrl(import.meta.url, 'query-thread'), { workerData: { path } })
  thread.unref()
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let next = 1
  let ended = false
  const giveUp = () => {
    ended = true
    for (const { reject } of waiting.values()) reject(new Error('the call log cannot be read'))
    waiting.clear()
  }
  thread.on('message', ({ id, found, failed }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (failed === true) asked?.reject(new Error('the call log cannot be read'))
    else asked?.resolve(found)
  })
  thread.on('error', giveUp)
  thread.on('exit', giveUp)
  const ask = (question: Ask): Promise<unknown> => {
    if (ended) return Promise.reject(new Error('the call log cannot be read'))
    const asked = Promise.withResolvers<unknown>()
    const id = next++
    waiting.set(id, asked)
    thread.postMessage({ ...question, id })
    return asked.promise
  }
  return {
    sums: (from, to) => ask({ ask: 'sums', from, to }) as Promise<HourSum[]>,
    signals: (since, limit) => ask({ ask: 'signals', since, limit }) as Promise<Signal[]>,
    close: async () => void (await thread.terminate()),
  }
}
