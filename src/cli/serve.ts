/** `veilgate serve`: the gateway as a deployment runs it. */
import cluster from 'node:cluster'
import { WinstonLog } from '../adapters/log/winston.ts'
import { SecretError } from '../adapters/secret/files.ts'
import { StateHeldError } from '../adapters/state/folder.ts'
import { KeyringError } from '../base/keyring.ts'
import { startGateway } from '../main.ts'
import { type Command, EXIT, type Io } from './command.ts'
import { ApprovalOffError } from './serve/approval-off.ts'
import { startCluster, WORKER_NAME, WORKER_SLOT } from './serve/cluster.ts'
import { runForked } from './serve/forked.ts'
import { IdentityError } from './serve/identity.ts'
import { installLastWords } from './serve/last-words.ts'
import { ListenError } from './serve/listen.ts'
import { locator } from './serve/locate.ts'
import { readOptions, type ServeOptions } from './serve/options.ts'
import { stopSignals } from './serve/stop-signals.ts'

export const command: Command = {
  name: 'serve',
  summary: 'run the gateway',
  usage: `veilgate serve [--config veilgate.yaml] [--part all] [--workers N|auto] [--unsafe-approval-off]

Runs until SIGTERM or SIGINT: not ready, answers carry Connection: close, then calls under way are finished; a second
signal ends at once. --workers 1 (default) is one process; more share the port. Rules, certificates, revocation lists
and keys are read again when their files change. With approval: required (the default) only rules that approvers signed
run; --unsafe-approval-off lets a configuration with approval: off run whatever lies in its folder.
`,
  run,
}

async function run(args: readonly string[], io: Io): Promise<number> {
  installLastWords()
  const options = await readOptions(args, io)
  if (options === null) return EXIT.refused
  const log = logOf(options)
  try {
    if (cluster.isWorker) {
      await runForked({ ...options, env: io.env, log, name: io.env[WORKER_NAME] ?? '', slot: slotOf(io.env) })
    } else {
      const signals = stopSignals(log)
      const gateway =
        options.workers === 1
          ? await startGateway({ ...options, env: io.env, log })
          : await startCluster({ ...options, env: io.env, log })
      log.info('serve.ready', { port: gateway.port, pid: process.pid, count: options.workers })
      await signals.stop
      await gateway.stop()
      signals.release()
    }
    return EXIT.done
  } catch (error) {
    io.err(`veilgate serve: ${reasonOf(error)}\n`)
    return EXIT.refused
  } finally {
    await log.close()
  }
}

const slotOf = (env: Io['env']): number => Number(env[WORKER_SLOT] ?? 0)

/** Several processes must not rotate one file: each worker writes its own. */
function logOf({ config, base }: ServeOptions): WinstonLog {
  const { file, maxBytes, maxFiles, level } = config.log
  const slot = cluster.isWorker ? slotOf(process.env) : 0
  const path = file === null ? null : locator(base)(slot === 0 ? file : file.replace(/(\.[^./]*)?$/, `-${slot}$1`))
  return new WinstonLog({
    file: path,
    maxBytes,
    maxFiles,
    level,
    node: config.node,
    ...(slot !== 0 && { worker: slot }),
  })
}

/** Sentences of our own classes name files and variables; of anything else only the code is told. */
function reasonOf(error: unknown): string {
  if (error instanceof SecretError || error instanceof IdentityError || error instanceof ApprovalOffError)
    return error.message
  if (error instanceof KeyringError) return `the keyring cannot be opened: ${error.code}`
  if (error instanceof StateHeldError) return `${error.message} (pid ${error.pid})`
  if (error instanceof ListenError) return error.message
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
