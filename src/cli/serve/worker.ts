/**
 * One worker of the road: adapters -> snapshot -> listener. It chooses the technology behind every port, reloads what
 * may change, and takes everything down again in order.
 */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openJournal } from '../../adapters/journal/index.ts'
import { readSecret } from '../../adapters/secret/files.ts'
import { HttpProxyUpstream } from '../../adapters/upstream/http-proxy.ts'
import { UndiciUpstream } from '../../adapters/upstream/undici.ts'
import { watchFiles } from '../../adapters/watched-files.ts'
import type { Anomaly } from '../../anomaly/index.ts'
import { derive, type Keyring } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import { Budget } from '../../gateway/budget.ts'
import { callIds } from '../../gateway/call-id.ts'
import { type ConnectionLimits, createListener, type Listener } from '../../gateway/listener.ts'
import { Metrics } from '../../gateway/metrics.ts'
import type { Readiness } from '../../gateway/operations.ts'
import type { Road } from '../../gateway/road.ts'
import type { SecretReader } from '../../gateway/wire.ts'
import { zoneDay } from '../../gateway/zone-day.ts'
import { detectsAnything } from '../../mask/detectors/index.ts'
import { Pseudonyms } from '../../mask/index.ts'
import type { Log } from '../../ports/log.ts'
import type { CallRecord } from '../../ports/record.ts'
import type { ReadingUpstream } from '../../ports/upstream.ts'
import { type Credentials, startCredentials } from './credentials.ts'
import { locator } from './locate.ts'
import { RulesInForce } from './rules-in-force.ts'

export interface WorkerOptions {
  readonly config: Config
  /** folder of veilgate.yaml: paths in it are relative to it */
  readonly base: string
  /** opened by the primary or by the worker itself */
  readonly keyring: Keyring
  /** 1 to 16 of [a-z0-9], never used before in this state folder */
  readonly worker: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  /** the demo's throw-away authority is let in; never by `serve` */
  readonly admitDemo?: boolean
  /** keeps the last good rules in the state folder: one worker of a folder does */
  readonly keepsRules?: boolean
  /** told of the anomaly rules in force */
  readonly anomalies?: (anomalies: readonly Anomaly[]) => void
  /** told of every record when its call is over, beside the journal */
  readonly closed?: (record: CallRecord) => void
}

export interface Worker {
  readonly port: number
  readonly metrics: Metrics
  readiness(): Readiness
  /** unready, `Connection: close`, no new connections, calls finished, journal on disk */
  stop(): Promise<void>
}

/** Throws with a sentence that names the file or key at fault when a part cannot be made. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { config, log } = options
  const locate = locator(options.base)
  const upstreams = { connections: config.limits['upstream-connections'] }
  const reading = new UndiciUpstream(upstreams)
  const passing = new HttpProxyUpstream(upstreams)
  const day = zoneDay(config.zone)
  const rules = rulesOf(options, locate, () => day(Date.now()), [reading, passing])
  const credentials = await startCredentials(options, locate)
  await rules.start()
  const journal = openJournal({
    dir: join(locate(config.state), 'journal'),
    worker: options.worker,
    key: derive(options.keyring, 'journal', '', 32),
    now: Date.now,
    log,
    maxBytes: config.journal.maxBytes,
  })
  const phase = { closing: false }
  const road = roadOf(options, { rules, credentials, reading, passing, journal, day, phase })
  const listener = createListener(road, credentials.identity, connectionLimits(config))
  credentials.renews(listener)
  const port = await listen(listener, config.data.port, config.data.address)
  gauges(road.metrics, { listener, budget: road.budget, credentials, journal: () => journal.counters() })
  const watch = watchFiles(
    () => upstreamFiles(rules, locate),
    () => void rules.rewire(),
  )
  log.info('worker.started', { port, bundle: rules.bundle ?? '' })
  return {
    port,
    metrics: road.metrics,
    readiness: () => readinessOf({ closing: phase.closing, writable: journal.writable, rules, credentials }),
    async stop() {
      phase.closing = true
      await new Promise((resolve) => setTimeout(resolve, config.shutdown.announce))
      watch.close()
      credentials.close()
      rules.stop()
      await listener.stop(config.shutdown.finish)
      await Promise.all([reading.close(), passing.close()])
      await journal.end()
      log.info('worker.stopped')
    },
  }
}

function rulesOf(
  options: WorkerOptions,
  locate: (path: string) => string,
  today: () => string,
  upstreams: readonly Pick<ReadingUpstream, 'retarget'>[],
): RulesInForce {
  const { config, log } = options
  const state = locate(config.state)
  return new RulesInForce({
    folder: locate(config.rules),
    keepIn: options.keepsRules === false ? null : state,
    state,
    pseudonyms: new Pseudonyms(options.keyring),
    secrets: secretReader(options, locate),
    today,
    publicBase: config.data.publicBase,
    limits: { maxDepth: config.limits.depth, maxRatio: config.limits.ratio },
    log,
    inForce: ({ wires, anomalies }) => {
      for (const upstream of upstreams) upstream.retarget(wires.targets)
      options.anomalies?.(anomalies)
    },
  })
}

interface RoadParts extends Pick<Road, 'reading' | 'passing' | 'journal' | 'day'> {
  readonly rules: RulesInForce
  readonly credentials: Credentials
  readonly phase: { readonly closing: boolean }
}

function roadOf(options: WorkerOptions, { rules, credentials, phase, ...parts }: RoadParts): Road {
  const { config, log } = options
  const metrics = new Metrics()
  return {
    ...parts,
    node: config.node,
    snapshot: () => rules.snapshot,
    trust: () => credentials.trust,
    tokens: credentials.tokens,
    log,
    metrics,
    budget: new Budget({ limit: config.limits.buffered, patienceMs: config.limits.wait }),
    now: Date.now,
    newId: callIds(Date.now, randomUUID),
    toleranceMs: config.tokens.tolerance,
    closing: () => phase.closing,
    closed: (record) => {
      metrics.observe(record)
      options.closed?.(record)
    },
    looksLikeIdentifier: detectsAnything,
  }
}

function secretReader(options: WorkerOptions, locate: (path: string) => string): SecretReader {
  return {
    secret: (ref) => readSecret(ref, options.env, locate),
    file: (path) => readFile(locate(path), 'utf8'),
  }
}

/** Every file the entries in force name. */
function upstreamFiles(rules: RulesInForce, locate: (path: string) => string): string[] {
  const files = new Set<string>()
  for (const { upstream } of rules.snapshot?.directory.entries.values() ?? []) {
    const { tls, credential } = upstream
    for (const path of [tls?.ca, tls?.cert]) if (path != null) files.add(locate(path))
    for (const ref of [tls?.key, credential?.secret]) if (ref != null && 'file' in ref) files.add(locate(ref.file))
  }
  return [...files]
}

function connectionLimits({ limits }: Config): ConnectionLimits {
  return {
    handshakeMs: limits.handshake,
    headersMs: limits.headers,
    headerBytes: limits['header-size'],
    requestMs: limits.request,
    idleMs: limits.idle,
    connections: limits.connections,
    connectionsPerCertificate: limits['connections-per-certificate'],
    ticketSeconds: Math.ceil(limits.tickets / 1000),
  }
}

/** `::` takes IPv4 too, and falls back to IPv4 alone where the machine has no IPv6. */
async function listen({ server }: Listener, port: number, address: string): Promise<number> {
  const once = (host: string): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host, backlog: 1024 }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  try {
    await once(address)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (address !== '::' || (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL')) throw error
    await once('0.0.0.0')
  }
  return (server.address() as AddressInfo).port
}

interface Measured {
  readonly listener: Listener
  readonly budget: Budget
  readonly credentials: Credentials
  readonly journal: () => { readonly written: number; readonly dropped: number; readonly open: number }
}

function gauges(metrics: Metrics, { listener, budget, credentials, journal }: Measured): void {
  metrics.gauge('connections', 'Open connections of institutions.', () => listener.connections)
  metrics.gauge('calls_running', 'Calls under way.', () => listener.running)
  metrics.gauge('buffered_bytes', 'Bytes of bodies held in memory.', () => budget.used)
  metrics.gauge('bodies_waiting', 'Bodies that wait for the budget.', () => budget.waiting)
  metrics.gauge('tokens_cached', 'Verified tokens remembered.', () => credentials.tokens.size)
  metrics.gauge('journal_written', 'Records written to the journal by this process.', () => journal().written)
  metrics.gauge(
    'journal_dropped',
    'Records given up because the journal could not be written.',
    () => journal().dropped,
  )
}

interface Judged {
  readonly closing: boolean
  readonly writable: boolean
  readonly rules: RulesInForce
  readonly credentials: Credentials
}

function readinessOf({ closing, writable, rules, credentials }: Judged): Readiness {
  const reasons: string[] = []
  if (closing) reasons.push('CLOSING')
  if (rules.snapshot === null) reasons.push('POLICY_UNAVAILABLE')
  if (!writable) reasons.push('AUDIT_UNAVAILABLE')
  const notes = credentials.notes()
  if (rules.problems > 0 && rules.snapshot !== null) notes.push('RULES_LAST_GOOD')
  return { reasons, notes, bundle: rules.bundle }
}
