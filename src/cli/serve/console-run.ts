/** Everything of the console but its thread: opens its file, desk, document and pages, and listens. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import https from 'node:https'
import { join } from 'node:path'
import type { SecretRef } from '../../access/model.ts'
import { COST, SECRET_KEY_BYTES } from '../../accounts/index.ts'
import { openConsoleFile } from '../../adapters/console/index.ts'
import { openQueries } from '../../adapters/records/index.ts'
import { readKeyring, readSecret } from '../../adapters/secret/files.ts'
import { derive, livingEpochs } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import { createConsole } from '../../console/api/app.ts'
import type { RuleTools } from '../../console/api/options.ts'
import { zoneDay } from '../../gateway/zone-day.ts'
import type { Log } from '../../ports/log.ts'
import type { ReleaseDesk } from '../../ports/release.ts'
import { openDesk } from '../release/open-desk.ts'
import { readDocument, readPages } from './console-parts.ts'
import { consoleTools } from './console-tools.ts'
import { FolderDesk } from './folder-desk.ts'
import { listen } from './listen.ts'
import { locator } from './locate.ts'

export interface ConsoleRun {
  readonly config: Config
  /** folder of veilgate.yaml */
  readonly base: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** file of the call log */
  readonly callLog: string
  readonly log: Log
}

export interface RunningConsole {
  readonly port: number
  stop(): Promise<void>
}

/** Name of the console's file in the state folder. */
export const CONSOLE_FILE = 'console.sqlite'
/** what a request may take, whole; uploads are at most 20 MiB */
const REQUEST_MS = 60_000
const MOST_CONNECTIONS = 500

/** Throws SecretError, KeyringError, BundleStoreError, or the error of a file or port. */
export async function runConsole(run: ConsoleRun): Promise<RunningConsole> {
  const { config, base, env } = run
  const { control, data } = config
  if (control === null) throw new Error('no control section')
  const locate = locator(base)
  const cert = await readFile(locate(control.cert ?? data.cert), 'utf8')
  const key = await readSecret(control.key ?? data.key, env, locate)
  const { app, close: closeParts } = await makeConsole(run, control.secret)
  const server = https.createServer({ cert, key, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] }, app)
  server.requestTimeout = REQUEST_MS
  server.maxConnections = MOST_CONNECTIONS
  const stop = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
    await closeParts()
  }
  try {
    return { port: await listen(server, 'control', control.port, control.address), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeConsole({ config, base, env, callLog, log }: ConsoleRun, bearer: SecretRef | null) {
  const { node, zone } = config
  const locate = locator(base)
  const secret = bearer === null ? null : await readSecret(bearer, env, locate)
  const totpKey = await totpKeyOf(config, env, locate)
  const [document, pages] = await Promise.all([readDocument(), readPages()])
  const day = zoneDay(zone)
  const today = (): string => day(Date.now())
  const tools = consoleTools(today)
  const desk = await deskOf(config, base, env, tools, today)
  const file = openConsoleFile(join(locate(config.state), CONSOLE_FILE))
  const queries = openQueries(callLog)
  const world = { now: Date.now, random: (bytes: number) => randomBytes(bytes), cost: COST }
  const keys = { secret, totpKey, previewKey: randomBytes(32) }
  const app = createConsole({ node, zone, ...file, desk, tools, queries, document, pages, log, ...world, ...keys })
  const close = async (): Promise<void> => {
    file.accounts.close()
    await Promise.all([queries.close(), desk.close()])
  }
  return { app, close }
}

/** From the oldest epoch there is: a rotation must not shut officers out. */
async function totpKeyOf(
  { keyring }: Config,
  env: ConsoleRun['env'],
  locate: (path: string) => string,
): Promise<Uint8Array> {
  const ring = await readKeyring(locate(keyring.file), await readSecret(keyring.secret, env, locate))
  return derive(ring, 'totp', '', SECRET_KEY_BYTES, livingEpochs(ring).at(-1)?.id)
}

async function deskOf(
  config: Config,
  base: string,
  env: ConsoleRun['env'],
  tools: RuleTools,
  today: () => string,
): Promise<ReleaseDesk> {
  const { source, approval, approvers } = config.release
  // in a thread of its own nothing waits but the console
  if (source === 'store') return openDesk(config, base, env)
  return new FolderDesk({
    folder: locator(base)(config.rules),
    approval,
    roster: approvers,
    tools,
    today,
    now: Date.now,
  })
}
