/** Starts the console in a thread of its own and speaks for it. */
import { Worker } from 'node:worker_threads'
import { threadUrl } from '../../adapters/records/thread-url.ts'
import type { FromConsole } from './console-protocol.ts'
import type { ConsoleRun, RunningConsole } from './console-run.ts'

export interface StartedConsole extends RunningConsole {
  /** false after the thread has died: /readyz says so, calls go on */
  readonly alive: boolean
}

/** The console could not be started; the message names the file, or is a code. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError'
}

const STOP_MS = 5000

/** Rejects with ConsoleError. */
export async function startConsole({ log, ...options }: ConsoleRun): Promise<StartedConsole> {
  const thread = new Worker(threadUrl(import.meta.url, 'console-thread'), { workerData: options })
  const ready = Promise.withResolvers<number>()
  const ended = Promise.withResolvers<void>()
  let alive = true
  let stopping = false
  thread.on('message', (message: FromConsole) => {
    if (message.kind === 'log') log[message.level](message.event, message.fields)
    else if (message.kind === 'ready') ready.resolve(message.port)
    else ready.reject(new ConsoleError(`the console cannot be started: ${message.reason}`))
  })
  // its text may hold what an officer typed: the event alone goes to the log
  thread.on('error', () => log.error('console.died'))
  thread.once('exit', () => {
    alive = false
    if (!stopping) log.error('console.ended')
    ready.reject(new ConsoleError('the console cannot be started: INTERNAL'))
    ended.resolve()
  })
  const port = await ready.promise
  log.info('console.ready', { port })
  return {
    port,
    get alive() {
      return alive
    },
    async stop() {
      stopping = true
      thread.postMessage('stop')
      const timer = setTimeout(() => void thread.terminate(), STOP_MS)
      await ended.promise
      clearTimeout(timer)
    },
  }
}
