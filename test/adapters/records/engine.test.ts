/** Journal -> call log, sums, signals, stream: the whole way of a record behind the road. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openCallLog } from '../../../src/adapters/call-log/index.ts'
import { openJournal } from '../../../src/adapters/journal/file.ts'
import { JournalReader, START } from '../../../src/adapters/journal/index.ts'
import { segmentsIn } from '../../../src/adapters/journal/segment.ts'
import { MemorySink } from '../../../src/adapters/record-sink/memory.ts'
import { RecordEngine } from '../../../src/adapters/records/engine.ts'
import { Pump } from '../../../src/adapters/records/pump.ts'
import { openQueries } from '../../../src/adapters/records/queries.ts'
import { startRecords } from '../../../src/adapters/records/records.ts'
import { threadUrl } from '../../../src/adapters/records/thread-url.ts'
import { compileAnomalies } from '../../../src/anomaly/index.ts'
import type { Log, LogFields } from '../../../src/ports/log.ts'
import type { CallRecord } from '../../../src/ports/record.ts'
import { callRecord, deniedRecord, openingOf } from '../../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
const KEY = Buffer.alloc(32, 5)
const ANOMALIES = compileAnomalies([
  { file: 'a.yaml', text: 'anomalies:\n  burst: { detector: denied-burst, window: 5m, threshold: 10 }\n' },
]).anomalies

class Lines implements Log {
  readonly all: [string, string, LogFields][] = []
  info = (event: string, fields: LogFields = {}) => void this.all.push(['info', event, fields])
  warn = (event: string, fields: LogFields = {}) => void this.all.push(['warn', event, fields])
  error = (event: string, fields: LogFields = {}) => void this.all.push(['error', event, fields])
  events = () => this.all.map(([, event]) => event)
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + 10_000
  while (!(await done())) {
    assert.ok(Date.now() < limit, 'waited 10 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function inFolder(body: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-records-'))
  try {
    await body(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** 30 calls, 12 of them denied within a minute */
const CALLS: readonly CallRecord[] = Array.from({ length: 30 }, (_, n) =>
  n % 5 < 2 ? deniedRecord(n, T + n * 2000) : callRecord(n, T + n * 2000),
)

async function journalOf(dir: string, calls: readonly CallRecord[], worker = 'w1'): Promise<void> {
  const journal = openJournal({ dir, worker, key: KEY, now: () => T, segmentBytes: 4096 })
  for (const call of calls) {
    if (call.decision === 'allow') await journal.open(openingOf(call), false)
    journal.close(call)
  }
  await journal.end()
}

test('records reach the call log and the stream, and a burst becomes one signal everywhere', () =>
  inFolder(async (dir) => {
    await journalOf(dir, CALLS)
    const log = new Lines()
    const sink = new MemorySink()
    const callLog = openCallLog(join(dir, 'calls.sqlite'))
    const options = { dir, key: KEY, callLog, sink, anomalies: ANOMALIES, log, now: () => T, ended: ['w1'] }
    const engine = new RecordEngine({ ...options, idleMs: 5, keepMs: 20 })
    engine.start()
    await until(() => sink.signals.length === 1 && segmentsIn(readdirSync(dir)).length === 0)
    assert.deepEqual(engine.counters(), {
      written: 30,
      sinks: [
        { sink: 'call-log', sent: 30, waiting: 0, dropped: 0 },
        { sink: 'memory', sent: 30, waiting: 0, dropped: 0 },
      ],
    })
    assert.deepEqual(
      sink.records.map((json) => JSON.parse(json) as CallRecord),
      CALLS,
    )
    assert.deepEqual(callLog.signals(0, 10), sink.signals)
    assert.deepEqual(
      log.all.filter(([, event]) => event === 'anomaly.signal'),
      [
        [
          'warn',
          'anomaly.signal',
          { rule: 'burst', severity: 'warning', count: 10, callId: sink.signals[0]!.sample, institution: 'county' },
        ],
      ],
    )
    await engine.stop()
  }))

test('a sink that is away waits alone: the call log goes on, nothing is lost, all is told', () =>
  inFolder(async (dir) => {
    const log = new Lines()
    const sink = new MemorySink()
    sink.away = true
    await journalOf(dir, CALLS)
    const make = () =>
      new RecordEngine({
        dir,
        key: KEY,
        callLog: openCallLog(join(dir, 'calls.sqlite')),
        sink,
        anomalies: ANOMALIES,
        log,
        now: () => T,
        ended: ['w1', 'w2'],
        idleMs: 5,
        keepMs: 20,
      })
    const first = make()
    first.start()
    await until(() => first.counters().sinks[0]!.sent === 30 && log.events().includes('sink.away'))
    assert.deepEqual(first.counters().sinks[1], { sink: 'memory', sent: 0, waiting: 30, dropped: 0 })
    await first.stop()
    await journalOf(dir, [callRecord(100, T)], 'w2')
    const second = make()
    second.start()
    second.wake()
    await until(() => second.counters().sinks[0]!.sent === 31)
    sink.away = false
    await until(() => second.counters().sinks[1]!.sent === 31 && sink.signals.length === 1)
    assert.ok(log.events().includes('sink.back'))
    assert.equal(new Set(sink.records).size, 31)
    await second.stop()
  }))

test('the thread does the same behind messages, and queries answer from another', () =>
  inFolder(async (dir) => {
    const log = new Lines()
    const path = join(dir, 'calls.sqlite')
    const queries = openQueries(path)
    assert.deepEqual(await queries.signals(0, 10), [], 'before the first record')
    const records = await startRecords({
      dir,
      key: KEY,
      callLog: path,
      kafka: null,
      anomalies: [],
      ended: [],
      log,
    })
    records.watch(ANOMALIES)
    await journalOf(dir, CALLS)
    records.workerEnded('w1')
    records.wake()
    await until(async () => (await records.counters()).sinks[0]!.sent === 30)
    await until(() => log.events().includes('anomaly.signal'))
    assert.equal((await queries.signals(0, 10)).length, 1)
    const sums = await queries.sums(T, T + 3_600_000)
    assert.deepEqual(
      sums.map((s) => [s.calls, s.denied]),
      [[30, 12]],
    )
    await records.stop()
    assert.equal(records.alive, false)
    await assert.rejects(records.counters())
    await queries.close()
  }))

test('a call log that cannot be opened is known at the start', () =>
  inFolder(async (dir) => {
    const start = startRecords({
      dir,
      key: KEY,
      callLog: join(dir, 'absent', 'calls.sqlite'),
      kafka: null,
      anomalies: [],
      ended: [],
      log: new Lines(),
    })
    await assert.rejects(start)
  }))

test('calls leave the call log when their time is over', () =>
  inFolder(async (dir) => {
    await journalOf(dir, CALLS)
    const callLog = openCallLog(join(dir, 'calls.sqlite'))
    let now = T
    const log = new Lines()
    const engine = new RecordEngine({
      ...{ dir, key: KEY, callLog, sink: null, anomalies: ANOMALIES, log, ended: ['w1'] },
      ...{ now: () => now, callsMs: 3_600_000, idleMs: 5, keepMs: 20 },
    })
    engine.start()
    await until(() => callLog.record(CALLS.at(-1)!.id) !== null)
    const sums = callLog.sums(T, T + 3_600_000)
    now = T + 7_199_999
    await until(() => segmentsIn(readdirSync(dir)).length === 0)
    assert.deepEqual(callLog.record(CALLS[0]!.id), CALLS[0])
    now = T + 7_200_000
    await until(() => callLog.record(CALLS[0]!.id) === null)
    assert.deepEqual(callLog.sums(T, T + 3_600_000), sums)
    await engine.stop()
  }))

test('a pump stops at once while its store is away, and the batch is still there', () =>
  inFolder(async (dir) => {
    await journalOf(dir, CALLS)
    const reader = new JournalReader({ dir, key: KEY, place: START })
    const pump = new Pump({
      reader,
      deliver: () => Promise.reject(new Error('away')),
      onChange: () => {},
      idleMs: 5,
      retryMs: { first: 60_000, most: 60_000 },
    })
    pump.start()
    await until(() => pump.away)
    await pump.stop()
    assert.equal(reader.place.sent, 0)
    assert.equal(reader.reading.size, 0)
    assert.ok((reader.next()?.records.length ?? 0) > 0)
  }))

test('a pump that is a long way behind lets the thread do other work between its batches', () =>
  inFolder(async (dir) => {
    await journalOf(dir, CALLS)
    const reader = new JournalReader({ dir, key: KEY, place: START })
    let batches = 0
    let turns = 0
    const counting = setInterval(() => turns++, 0)
    const pump = new Pump({
      reader,
      deliver: () => {
        batches++
        for (const until = performance.now() + 20; performance.now() < until; );
      },
      onChange: () => {},
      idleMs: 5,
      retryMs: { first: 5, most: 5 },
    })
    pump.start()
    await pump.stop()
    clearInterval(counting)
    assert.equal(reader.place.sent, CALLS.length)
    assert.ok(batches > 2 && turns >= batches - 1, `${turns} turns for ${batches} batches`)
  }))

test('threads are found beside their starter, in sources and in emitted code', () => {
  assert.equal(threadUrl('file:///a/b.ts', 't').href, 'file:///a/t.ts')
  assert.equal(threadUrl('file:///a/b.js', 't').href, 'file:///a/t.js')
})
