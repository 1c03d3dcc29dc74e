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
import { CONTEXT_FIELDS, ownRecord, type RecordText } from '../../src/base/record-text.ts'
import type { CallLog } from '../../src/ports/call-log.ts'
import type { CallRecord } from '../../src/ports/record.ts'
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

/** As the journal gives it. */
const textOf = (record: CallRecord): RecordText => ({
  context: JSON.stringify(record, [...CONTEXT_FIELDS]),
  own: ownRecord(record, null, ''),
})

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

/** A test of the file of a call log that is not there yet. */
const inFolder = (body: (path: string) => void) => async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-calls-'))
  try {
    body(join(dir, 'calls.sqlite'))
  } finally {
    await rm(dir, { recursive: true, force: true })
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

  subject('what is old goes, oldest first and a part at a time; whole hours are told as before', (s) => {
    const log = s.open()
    log.watch(RULES)
    const calls = Array.from({ length: 90 }, (_, n) => (n < 5 ? deniedRecord : callRecord)(n, T + n * 120_000))
    log.add(calls, 'p')
    const hours = (from: number, to: number) => log.sums(T + from * HOUR, T + to * HOUR)
    const before = hours(0, 3)
    assert.equal(log.signals(T, 10).length, 1)
    assert.equal(log.forget(T + 2 * HOUR, 40), 40)
    assert.equal(log.record(calls[39]!.id), null)
    assert.deepEqual(log.record(calls[40]!.id), calls[40])
    assert.equal(log.forget(T + 2 * HOUR, 40), 20)
    assert.equal(log.forget(T + 2 * HOUR, 40), 0)
    assert.deepEqual(log.record(calls[60]!.id), calls[60])
    assert.deepEqual(hours(0, 3), before)
    assert.deepEqual(
      [hours(0, 0.5), hours(2, 2.5)].map((sums) => sums.reduce((n, { calls: c }) => n + c, 0)),
      [0, 15],
    )
    assert.deepEqual([log.signals(T, 10), log.place()], [[], 'p'])
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

test(
  'sqlite call log: readers see what is committed; another format is refused',
  inFolder((path) => {
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
  }),
)

test('sqlite call log: what calls have in common stands once, and the record is whole again', async () => {
  const s = await sqlite()
  try {
    const log = s.open()
    const records = [callRecord(1, T), callRecord(2, T + 1), callRecord(3, T + 2, { user: 'u-18' })]
    const texts = records.map(textOf)
    log.add(records.slice(0, 2), 'a', texts)
    const again = s.open()
    again.add(records.slice(2), 'b', texts.slice(2))
    for (const record of records) assert.deepEqual(again.record(record.id), record)
    assert.equal(again.sums(T, T + 2)[0]?.calls, 2)
  } finally {
    await s.end()
  }
})

test('sqlite call log: rows whose own part is an object, as until version 2, are read beside those of today', async () => {
  const s = await sqlite()
  try {
    const log = s.open()
    const records = [callRecord(1, T), callRecord(2, T + 1)]
    const [first, second] = records as [CallRecord, CallRecord]
    const { v: _v, id: _id, start, times, ...rest } = first
    const older = { context: JSON.stringify(rest), own: JSON.stringify({ start, times }) }
    log.add(records, 'a', [older, textOf(second)])
    for (const record of records) assert.deepEqual(log.record(record.id), record)
    assert.equal(log.sums(T, T + 2)[0]?.calls, 2)
  } finally {
    await s.end()
  }
})

test(
  'sqlite call log: a log of version 2 goes on as it is, and is nothing for an older program',
  inFolder((path) => {
    const old = openTables(path)
    old.exec('PRAGMA user_version = 2')
    old.close()
    assert.throws(() => openCallLogReader(path), /format 2.*serve brings it up to date/)
    const log = openCallLog(path)
    log.add([callRecord(1, T)], 'p', [textOf(callRecord(1, T))])
    log.close()
    const reader = openCallLogReader(path)!
    assert.deepEqual(reader.record(callRecord(1, T).id), callRecord(1, T))
    reader.close()
  }),
)

test('sqlite call log: a batch that was taken back takes its contexts along', async () => {
  const s = await sqlite()
  try {
    const log = s.open()
    const text = { context: '{"node":"n1"}', own: '{"status":200}' }
    const broken = { ...callRecord(2, T), id: { toString: () => 'x' } as unknown as string }
    assert.throws(() => log.add([callRecord(1, T), broken], 'bad', [text, text]))
    log.add([callRecord(1, T)], 'good', [text])
    const { id } = callRecord(1, T)
    assert.deepEqual(log.record(id), { v: 1, id, node: 'n1', status: 200 })
  } finally {
    await s.end()
  }
})

test(
  'sqlite call log: a log of version 1 is brought up to date, and a reader says how',
  inFolder((path) => {
    const records = Array.from({ length: 20 }, (_, n) => callRecord(n, T + n * 60_000))
    const old = openTables(path)
    old.exec(`DROP TABLE calls; DROP TABLE contexts;
    CREATE TABLE calls (id TEXT NOT NULL UNIQUE, start INTEGER NOT NULL, record TEXT NOT NULL);
    CREATE INDEX calls_start ON calls (start); PRAGMA user_version = 1`)
    const insert = old.prepare('INSERT INTO calls VALUES (?, ?, ?)')
    for (const record of records.toReversed()) insert.run(record.id, Date.parse(record.start), JSON.stringify(record))
    old.close()
    assert.throws(() => openCallLogReader(path), /format 1.*serve brings it up to date/)
    const log = openCallLog(path)
    for (const record of records) assert.deepEqual(log.record(record.id), record)
    assert.equal(log.sums(T + 60_000, T + 5 * 60_000)[0]?.calls, 4)
    assert.equal(log.add([records[3]!, callRecord(99, T)], 'p').fresh, 1)
    log.close()
  }),
)
