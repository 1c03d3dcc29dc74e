/**
 * What a state folder has once, however many workers run: the lock, recovery, the readers of the journal, the
 * operations port and the API.
 */
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { recoverJournal, workerName, workersIn } from '../../adapters/journal/index.ts'
import type { KafkaOptions } from '../../adapters/record-sink/index.ts'
import { type Records, startRecords } from '../../adapters/records/index.ts'
import { readKeyring, readSecret } from '../../adapters/secret/files.ts'
import { holdState, type StateFolder } from '../../adapters/state/folder.ts'
import type { Anomaly } from '../../anomaly/index.ts'
import { derive, type Keyring } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import { createOperations, type Readiness } from '../../gateway/operations.ts'
import type { Log } from '../../ports/log.ts'
import type { RecordCounters } from '../../ports/record-counters.ts'
import { type StartedConsole, startConsole } from './console.ts'
import { listen } from './listen.ts'
import { locator } from './locate.ts'

export interface PrimaryOptions {
  readonly config: Config
  /** folder of veilgate.yaml */
  readonly base: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  /** of all workers together */
  readonly readiness: () => Readiness | Promise<Readiness>
  readonly metrics: () => string | Promise<string>
}

export interface Primary {
  readonly keyring: Keyring
  readonly operationsPort: number
  readonly controlPort: number | null
  /** file of the call log, for reports */
  readonly callLog: string
  /** a name no worker of this folder ever had */
  nextWorker(): string
  watch(anomalies: readonly Anomaly[]): void
  counters(): Promise<RecordCounters>
  /** Looks for new records now. */
  wake(): void
  /** A worker's process has ended: what it left open becomes records. */
  workerEnded(worker: string): void
  /** after the workers */
  stop(): Promise<void>
}

/** Throws StateHeldError, SecretError, KeyringError, ListenError. */
export async function startPrimary(options: PrimaryOptions): Promise<Primary> {
  const { config, env } = options
  const locate = locator(options.base)
  const secret = await readSecret(config.keyring.secret, env, locate)
  const keyring = await readKeyring(locate(config.keyring.file), secret)
  const state = holdState(locate(config.state))
  try {
    return await open(options, keyring, state, locate)
  } catch (error) {
    state.release()
    throw error
  }
}

async function open(
  options: PrimaryOptions,
  keyring: Keyring,
  state: StateFolder,
  locate: (path: string) => string,
): Promise<Primary> {
  const { config, log } = options
  const dir = join(state.path, 'journal')
  const key = derive(keyring, 'journal', '', 32)
  const recover = recovery(dir, key, log)
  recover()
  const callLog = join(state.path, 'calls.sqlite')
  const records = await startReaders(options, dir, key, callLog, locate)
  const servers: Server[] = []
  let control: StartedConsole | null = null
  const close = async (): Promise<void> => {
    await records.stop()
    for (const server of servers) closeNow(server)
  }
  try {
    const operations = operationsOf(options, records, () => control?.alive !== false)
    servers.push(operations)
    const operationsPort = await listen(operations, 'operations', config.operations.port, config.operations.address)
    control = await startControl(options, callLog)
    return {
      keyring,
      operationsPort,
      controlPort: control?.port ?? null,
      callLog,
      nextWorker: workerNames(),
      watch: (anomalies) => records.watch(anomalies),
      counters: () => records.counters(),
      wake: () => records.wake(),
      workerEnded(worker) {
        recover(worker)
        records.workerEnded(worker)
      },
      async stop() {
        await control?.stop()
        await close()
        state.release()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Everything that reads the journals of this state folder: call log, stream, anomalies. */
async function startReaders(
  { config, env, log }: PrimaryOptions,
  dir: string,
  key: Buffer,
  callLog: string,
  locate: (path: string) => string,
) {
  const kafka = await kafkaOptions(config, env, locate)
  const { maxBytes, maxAge: maxMs } = config.journal
  const bounds = { maxBytes, maxMs, callsMs: config.callLog.keep }
  return startRecords({ dir, key, callLog, kafka, anomalies: [], ended: workersIn(dir), ...bounds, log })
}

/** Openings that a worker (default: all, before any runs) left without a closing become records. */
const recovery =
  (dir: string, key: Buffer, log: Log) =>
  (worker?: string): void => {
    const count = recoverJournal({ dir, key, now: Date.now, ...(worker !== undefined && { worker }) })
    if (count > 0) log.warn('journal.recovered', { count })
  }

const operationsOf = (options: PrimaryOptions, records: Records, hasConsole: () => boolean): Server =>
  createOperations({
    readiness: () => readinessOf(options, records, hasConsole),
    metrics: async () => (await options.metrics()) + (await recordMetrics(records)),
  })

function workerNames(): () => string {
  const started = Date.now()
  let id = 0
  return () => workerName(started, ++id)
}

async function readinessOf(options: PrimaryOptions, records: Records, hasConsole: () => boolean): Promise<Readiness> {
  const told = await options.readiness()
  const ready = hasConsole() ? told : { ...told, notes: [...told.notes, 'CONSOLE_UNAVAILABLE'] }
  return records.alive ? ready : { ...ready, reasons: [...ready.reasons, 'RECORDS_UNAVAILABLE'] }
}

async function recordMetrics(records: Records): Promise<string> {
  if (!records.alive) return ''
  const { written, sinks } = await records.counters()
  const out = ['# TYPE veilgate_records_written_total counter', `veilgate_records_written_total ${written}`]
  for (const kind of ['sent', 'waiting', 'dropped'] as const) {
    out.push(`# TYPE veilgate_records_${kind} gauge`)
    for (const each of sinks) out.push(`veilgate_records_${kind}{sink="${each.sink}"} ${each[kind]}`)
  }
  return `${out.join('\n')}\n`
}

async function startControl(
  { config, base, env, log }: PrimaryOptions,
  callLog: string,
): Promise<StartedConsole | null> {
  return config.control === null ? null : startConsole({ config, base, env: { ...env }, callLog, log })
}

async function kafkaOptions(
  { kafka }: Config,
  env: PrimaryOptions['env'],
  locate: (path: string) => string,
): Promise<KafkaOptions | null> {
  if (kafka === null) return null
  const { brokers, clientId, tls } = kafka
  if (tls === null) return { brokers, clientId, tls: null }
  return {
    brokers,
    clientId,
    tls: {
      ca: await readFile(locate(tls.ca), 'utf8'),
      cert: tls.cert === null ? null : await readFile(locate(tls.cert), 'utf8'),
      key: tls.key === null ? null : await readSecret(tls.key, env, locate),
    },
  }
}

function closeNow(server: Server): void {
  server.close()
  server.closeAllConnections()
}
