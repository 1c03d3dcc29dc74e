/** What the console's thread and its starter say to each other. */
import type { MessagePort } from 'node:worker_threads'
import { SecretError } from '../../adapters/secret/files.ts'
import { KeyringError } from '../../base/keyring.ts'
import type { Log, LogFields } from '../../ports/log.ts'
import { type ConsoleRun, type RunningConsole, runConsole } from './console-run.ts'
import { ListenError } from './listen.ts'

export type FromConsole =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'log'; readonly level: keyof Log; readonly event: string; readonly fields: LogFields }

/** Says `ready` or `failed`, then serves until it is told to stop. */
export async function serveConsole(port: MessagePort, options: Omit<ConsoleRun, 'log'>): Promise<void> {
  const say = (message: FromConsole): void => port.postMessage(message)
  const telling =
    (level: keyof Log) =>
    (event: string, fields: LogFields = {}) =>
      say({ kind: 'log', level, event, fields })
  const log: Log = { info: telling('info'), warn: telling('warn'), error: telling('error') }
  let running: RunningConsole | null = null
  let stopping = false
  port.on('message', () => {
    stopping = true
    void running?.stop().finally(() => port.close())
  })
  try {
    running = await runConsole({ ...options, log })
    if (stopping) await running.stop().finally(() => port.close())
    else say({ kind: 'ready', port: running.port })
  } catch (error) {
    say({ kind: 'failed', reason: reasonOf(error) })
    port.close()
  }
}

/** Sentences of our own classes name files and variables; of anything else only the code is told. */
function reasonOf(error: unknown): string {
  if (error instanceof SecretError || error instanceof KeyringError || error instanceof ListenError)
    return error.message
  return (error as { readonly code?: string } | null)?.code ?? 'INTERNAL'
}
