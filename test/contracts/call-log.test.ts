/** What every call log promises. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MemoryCallLog } from '../../src/adapters/call-log/memory.ts'
import { openCallLog } from '../../src/adapters/call-log/sqlite.ts'
import { openCallLogReader } from '../../src/adapters/call-log/sqlite-reader.ts'
import { openTables } from '../../src/adapters/call-log/tables.ts'
import { compileAnomalies } from '../../src/anomaly/index.ts'
import type { CallLog } from '../../src/ports/call-log.ts'
import { sumsOf } from '../../src/report/index.ts'
import { callRecord, deniedRecord } from '../fixtures/call-records.ts'

const HOUR = 3_600_000
const T = Date.parse('2027-03-01T02:00:00Z')
const RULES = compileAnomalies([
  {
    file: 'anomalies.yaml',
    text: 'anomalies:\n  burst:\n    detector: denied-burst\n    window: 5m\n    threshold: 3\n    cooldown: 10m\n',
  },
]).anomalies

interface Subject {
  open(): CallLog
  end(): Promise<void>
}

async function memory(): Promise<Subject> {
  const log = new MemoryCallLog()
  return { open: () => log, end: async () => {} }
}

async function sqlite(): Promise<Subject> {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-calls-'))
  let log: CallLog | undefined
  return {
    open() {
      log?.close()
      return (log = openCallLog(join(dir, 'calls.sqlite')))
    },
    async end() {
      log?.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

for (const [name, make] of Object.entries({ memory, sqlite })) {
  const subject = (title: string, body: (s: Subject) => Promise<void> | void) =>
    test(`${name} call log: ${title}`, async () => {
      const s = await make()
      try {
        await body(s)
      } finally {
        await s.end()
      }
    })

  subject('a record is there once, however often it is added', (s) => {
    const log = s.open()
    const calls = [callRecord(1, T), deniedRecord(2, T + 1), callRecord(3, T + HOUR)]
    assert.equal(log.add(calls, 'p1').fresh, 3)
    assert.equal(log.add([...calls, callRecord(4, T)], 'p2').fresh, 1)
    assert.equal(log.place(), 'p2')
    assert.deepEqual(log.record(calls[1]!.id), calls[1])
    assert.equal(log.record('00000000-0000-7000-8000-000000000000'), null)
    assert.equal(
      log.sums(T, T + 2 * HOUR).reduce((n, sum) => n + sum.calls, 0),
      4,
    )
  })

  subject('sums of any period are those of its records', (s) => {
    const log = s.open()
    const calls = Array.from({ length: 300 }, (_, n) =>
      (n % 7 === 0 ? deniedRecord : callRecord)(n, T + n * 60_000 - 30_000),
    )
    for (let i = 0; i < calls.length; i += 37) log.add(calls.slice(i, i + 37), String(i))
    for (const [from, to] of [
      [T, T + 2 * HOUR],
      [T + 90_000, T + 90_001 + HOUR],
      [T + 1000, T + 61_000],
      [T - HOUR, T + 6 * HOUR],
      [T + HOUR - 1, T + HOUR],
    ] as const) {
      const inside = calls.filter((c) => Date.parse(c.start) >= from && Date.parse(c.start) < to)
      assert.deepEqual(
        log.sums(from, to).sort((a, b) => a.hour - b.hour),
        sumsOf(inside).sort((a, b) => a.hour - b.hour),
        `${from - T}..${to - T}`,
      )
    }
  })

  subject('anomalies are counted on, across restarts, and each signal is handed on once', (s) => {
    let log = s.open()
    log.watch(RULES)
    assert.deepEqual(log.add([deniedRecord(1, T), deniedRecord(2, T + 1000)], 'a').signals, [])
    log = s.open()
    log.watch(RULES)
    const { signals } = log.add([deniedRecord(2, T + 1000), deniedRecord(3, T + 2000), deniedRecord(4, T + 3000)], 'b')
    assert.deepEqual(
      signals.map((x) => [x.anomaly, x.count, x.institution, x.sample]),
      [['burst', 3, 'county', deniedRecord(3, T + 2000).id]],
    )
    assert.deepEqual(log.unpublished(10), signals)
    log.markPublished(signals.map((x) => x.id))
    assert.deepEqual(log.unpublished(10), [])
    assert.deepEqual(log.signals(T, 10), signals)
    assert.deepEqual(log.signals(T + HOUR, 10), [])
  })

  subject('the bookmark can be kept alone', (s) => {
    const log = s.open()
    assert.equal(log.place(), null)
    log.savePlace('x')
    assert.equal(log.place(), 'x')
  })
}

test('sqlite call log: a failed batch leaves nothing behind', async () => {
  const s = await sqlite()
  try {
    const log = s.open()
    log.add([callRecord(1, T)], 'good')
    const broken = { ...callRecord(2, T), id: { toString: () => 'x' } as unknown as string }
    assert.throws(() => log.add([callRecord(3, T), broken], 'bad'))
    assert.equal(log.place(), 'good')
    assert.equal(log.record(callRecord(3, T).id), null)
    assert.equal(log.sums(T, T + HOUR)[0]?.calls, 1)
  } finally {
    await s.end()
  }
})

test('sqlite call log: readers see what is committed; another format is refused', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-calls-'))
  const path = join(dir, 'calls.sqlite')
  try {
    assert.equal(openCallLogReader(path), null)
    const log = openCallLog(path)
    const reader = openCallLogReader(path)!
    log.add([callRecord(1, T)], 'p')
    assert.deepEqual(reader.record(callRecord(1, T).id), callRecord(1, T))
    reader.close()
    log.close()
    const db = openTables(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    assert.throws(() => openCallLog(path), /format 99/)
    assert.throws(() => openCallLogReader(path), /format 99/)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
