/**
 * One worker of the road: adapters -> snapshot -> listener. It chooses the technology behind every port, reloads what
 * may change, and takes everything down again in order.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openJournal } from '../../adapters/journal/index.ts'
import { HttpProxyUpstream } from '../../adapters/upstream/http-proxy.ts'
import { UndiciUpstream } from '../../adapters/upstream/undici.ts'
import { watchFiles } from '../../adapters/watched-files.ts'
import { callIds } from '../../base/call-id.ts'
import { derive } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import { Budget } from '../../gateway/budget.ts'
import { type ConnectionLimits, createListener, type Listener } from '../../gateway/listener.ts'
import { Metrics } from '../../gateway/metrics.ts'
import type { Readiness } from '../../gateway/operations.ts'
import type { Road } from '../../gateway/road.ts'
import { zoneDay } from '../../gateway/zone-day.ts'
import { detectsAnything } from '../../mask/detectors/index.ts'
import type { DriftBook } from '../../mask/drift.ts'
import { type Credentials, startCredentials } from './credentials.ts'
import type { DueWatch } from './due-watch.ts'
import { BodyMemory } from './engine-flags.ts'
import { type ListenError, listen } from './listen.ts'
import { locator } from './locate.ts'
import { prepareRules } from './prepare-rules.ts'
import type { RulesInForce } from './rules-in-force.ts'
import type { WorkerOptions } from './worker-options.ts'

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
  const condition = (): Readiness => readinessOf({ closing: false, writable: true, rules, credentials, due })
  const ruled = await prepareRules(options, locate, () => day(Date.now()), condition, [reading, passing])
  const { rules, due, drift } = ruled
  const credentials = await startCredentials(options, locate)
  await rules.start()
  due.tell()
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
  const port = await listenForCalls(listener, config.data.port, config.data.address)
  gauges(road.metrics, { listener, budget: road.budget, credentials, drift, due, journal: () => journal.counters() })
  const watch = watchFiles(
    () => upstreamFiles(rules, locate),
    () => void rules.rewire(),
  )
  log.info('worker.started', { port, bundle: rules.bundle ?? '' })
  return {
    port,
    metrics: road.metrics,
    readiness: () => readinessOf({ closing: phase.closing, writable: journal.writable, rules, credentials, due }),
    async stop() {
      phase.closing = true
      await new Promise((resolve) => setTimeout(resolve, config.shutdown.announce))
      watch.close()
      credentials.close()
      await ruled.stop()
      await listener.stop(config.shutdown.finish)
      await Promise.all([reading.close(), passing.close()])
      await journal.end()
      ruled.close()
      log.info('worker.stopped')
    },
  }
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
    budget: new Budget({ limit: config.limits.buffered, patienceMs: config.limits.wait, crowd: new BodyMemory() }),
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
async function listenForCalls({ server }: Listener, port: number, address: string): Promise<number> {
  try {
    return await listen(server, 'data', port, address)
  } catch (error) {
    const { code } = error as ListenError
    if (address !== '::' || (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL')) throw error
    return listen(server, 'data', port, '0.0.0.0')
  }
}

interface Measured {
  readonly drift: DriftBook
  readonly due: DueWatch
  readonly listener: Listener
  readonly budget: Budget
  readonly credentials: Credentials
  readonly journal: () => { readonly written: number; readonly dropped: number; readonly open: number }
}

function gauges(metrics: Metrics, { listener, budget, credentials, drift, due, journal }: Measured): void {
  metrics.gauge('drift_addresses', 'Addresses seen that no rule knows.', () => drift.count())
  metrics.gauge('rules_due', 'Reviews that are due and approvals that ended.', () => due.due().length)
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
  readonly due: DueWatch
}

function readinessOf({ closing, writable, rules, credentials, due }: Judged): Readiness {
  const reasons: string[] = []
  if (closing) reasons.push('CLOSING')
  if (rules.snapshot === null) reasons.push('POLICY_UNAVAILABLE')
  if (!writable) reasons.push('AUDIT_UNAVAILABLE')
  reasons.push(...rules.source.reasons())
  const notes = [...credentials.notes(), ...rules.source.notes(), ...due.notes()]
  return { reasons, notes, bundle: rules.bundle }
}
