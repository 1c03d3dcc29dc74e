/** What the calls left behind: records with their exact codes, the signal of the burst, the report. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { openCallLogReader } from '../../adapters/call-log/index.ts'
import type { Signal } from '../../anomaly/index.ts'
import type { RecordCounters } from '../../ports/record-counters.ts'
import { type Figures, figuresOf, renderHtml } from '../../report/index.ts'
import { CALL_LOG } from '../report.ts'
import { burst } from './refusals.ts'
import type { Scene } from './scene.ts'

const ZONE = 'Asia/Shanghai'
const BURST = 15
const PATIENCE = 5000
const STEP = 50

type Reader = NonNullable<ReturnType<typeof openCallLogReader>>

/** Refusals in a row until the anomaly is signalled. */
export async function showBurst(scene: Scene, since: number): Promise<void> {
  const refused = await burst(scene, BURST)
  const signal = await until(async () => (await signals(scene, since)).find((each) => each.detector === 'denied-burst'))
  scene.say('一连串越权调用 · a burst of refused calls')
  const told =
    signal === undefined
      ? '（无信号 no signal）'
      : `${signal.zh} ${signal.anomaly}  ${signal.severity}  ${signal.institution}  ${signal.count} ≥ ${signal.threshold}`
  scene.say(`  ${refused} × TOKEN_PERMISSION → ${told}`)
  scene.check('the burst is signalled', signal !== undefined)
}

/** GET /api/anomalies on the control port, as a monitoring system asks it. */
function signals(scene: Scene, since: number): Promise<readonly Signal[]> {
  const { port, secret } = scene.control
  const path = `/api/anomalies?since=${new Date(since).toISOString()}`
  const options = { host: '127.0.0.1', port, path, servername: 'localhost', ca: scene.consortium.root.certificate }
  return new Promise((resolve, reject) => {
    get({ ...options, headers: { authorization: `Bearer ${secret}` }, agent: false }, (answer) => {
      text(answer).then((body) => resolve((JSON.parse(body) as { signals?: Signal[] }).signals ?? []), reject)
    }).once('error', reject)
  })
}

/** Every refusal's record has the exact code its caller was not told. */
export async function compareRecords(scene: Scene, expected: ReadonlyMap<string, string>): Promise<void> {
  const found = await withReader(scene, async (log) => {
    const codes = new Map<string, string | null>()
    for (const id of expected.keys()) codes.set(id, (await until(() => log.record(id) ?? undefined))?.code ?? null)
    return codes
  })
  scene.check(
    'records have the exact codes',
    [...expected].every(([id, code]) => found?.get(id) === code),
  )
}

/** Waits until every call is in the journal and every reader has it: the call log, and Kafka where there is one. */
export async function settleRecords(
  scene: Scene,
  counters: () => Promise<RecordCounters>,
  calls: number,
): Promise<RecordCounters> {
  const settled = await until(async () => {
    const now = await counters()
    return now.written >= calls && now.sinks.every((sink) => sink.sent === now.written) ? now : undefined
  })
  const counted = settled ?? (await counters())
  scene.check('one record for every call', counted.written === calls)
  scene.check('every record has reached every stream', settled !== undefined)
  return counted
}

export interface Written {
  readonly figures: Figures
  /** the report outlives the run: it holds figures only */
  readonly path: string
}

export async function writeReport(scene: Scene, since: number, calls: number): Promise<Written | null> {
  const written = await withReader(scene, async (log) => {
    const sums = () => figuresOf(log.sums(since, Date.now() + 1), { from: since, to: Date.now() + 1, zone: ZONE })
    const figures = (await until(() => (sums().calls.total >= calls ? sums() : undefined))) ?? sums()
    const path = join(mkdtempSync(join(tmpdir(), 'veilgate-report-')), 'report.html')
    writeFileSync(path, renderHtml(figures, Date.now()), { mode: 0o600 })
    return { figures, path }
  })
  return written ?? null
}

async function withReader<T>(scene: Scene, use: (log: Reader) => Promise<T>): Promise<T | undefined> {
  const path = scene.workspace.path('state', CALL_LOG)
  const log = await until(() => openCallLogReader(path) ?? undefined)
  if (log === undefined) return undefined
  try {
    return await use(log)
  } finally {
    log.close()
  }
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + PATIENCE
  for (;;) {
    const found = await look()
    if (found !== undefined || performance.now() > end) return found
    await pause(STEP)
  }
}
