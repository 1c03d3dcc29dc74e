/** A forked worker's life: starts the road, answers the primary, ends with it. */
import { readKeyring, readSecret } from '../../adapters/secret/files.ts'
import type { Log } from '../../ports/log.ts'
import type { FromWorker, ToWorker } from './cluster.ts'
import { locator } from './locate.ts'
import type { ServeOptions } from './options.ts'
import { stopSignals } from './stop-signals.ts'
import { startWorker } from './worker.ts'

export interface ForkedOptions extends ServeOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly name: string
  readonly slot: number
}

/** Resolves when the worker has stopped. A worker that lost its primary exits at once (node:cluster sees to it). */
export async function runForked(options: ForkedOptions): Promise<void> {
  const { config, env, log, name, slot } = options
  const locate = locator(options.base)
  const signals = stopSignals(log)
  const told = Promise.withResolvers<void>()
  const say = (message: FromWorker): void => void process.send?.(message)
  const keyring = await readKeyring(locate(config.keyring.file), await readSecret(config.keyring.secret, env, locate))
  const worker = await startWorker({
    ...options,
    keyring,
    worker: name,
    keepsRules: slot === 1,
    anomalies: (anomalies) => slot === 1 && say({ kind: 'anomalies', anomalies }),
  })
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') told.resolve()
    else say({ kind: 'figures', id: message.id, metrics: worker.metrics.dump(), readiness: worker.readiness() })
  })
  say({ kind: 'started', port: worker.port })
  await Promise.race([told.promise, signals.stop])
  await worker.stop()
  signals.release()
  process.disconnect?.()
}
