/** Retention and the exactness of the counters. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { openJournal } from '../../../src/adapters/journal/file.ts'
import { JournalReader, START } from '../../../src/adapters/journal/index.ts'
import { Keeper, type KeeperOptions } from '../../../src/adapters/journal/keeper.ts'
import type { Place } from '../../../src/adapters/journal/place.ts'
import { segmentsIn } from '../../../src/adapters/journal/segment.ts'
import { callRecord, openingOf } from '../../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
const KEY = Buffer.alloc(32, 9)
let dir: string
let saved: Place[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veilgate-keeper-'))
  saved = []
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const segments = () => segmentsIn(readdirSync(dir)).length
const reader = () => new JournalReader({ dir, key: KEY, place: START })

function keeper(readers: JournalReader[], more: Partial<KeeperOptions> = {}): Keeper {
  return new Keeper({
    dir,
    key: KEY,
    now: () => T,
    readers: readers.map((r, i) => ({ sink: `s${i}`, reader: r, save: (place) => void saved.push(place) })),
    live: () => true,
    ...more,
  })
}

async function fill(count: number, durable: (n: number) => boolean = () => false): Promise<void> {
  const journal = openJournal({ dir, worker: 'w1', key: KEY, now: () => T, segmentBytes: 4096 })
  for (let n = 0; n < count; n++) {
    const call = callRecord(n, T + n)
    await journal.open(openingOf(call), durable(n))
    journal.close(call)
  }
  await journal.end()
}

/** at most `limit` records */
function take(r: JournalReader, limit = Infinity): number {
  let taken = 0
  for (let batch = r.next(); batch !== null && taken < limit; batch = r.next()) {
    r.commit(batch)
    taken += batch.records.length
  }
  return taken
}

const balance = (k: Keeper) => {
  const { written, sinks } = k.counters()
  for (const s of sinks) assert.equal(s.sent + s.waiting + s.dropped, written, s.sink)
  return { written, sinks: sinks.map((s) => [s.sent, s.waiting, s.dropped]) }
}

test('a segment goes once every reader is through, never the newest of a live worker', async () => {
  await fill(40)
  const [fast, slow] = [reader(), reader()]
  const k = keeper([fast, slow])
  take(fast)
  assert.equal(k.keep(), 0)
  assert.deepEqual(balance(k), {
    written: 40,
    sinks: [
      [40, 0, 0],
      [0, 40, 0],
    ],
  })
  take(slow)
  assert.ok(k.keep() > 3)
  assert.equal(segments(), 1)
  assert.deepEqual(balance(k), {
    written: 40,
    sinks: [
      [40, 0, 0],
      [40, 0, 0],
    ],
  })
})

test('the last segment of an ended worker goes too', async () => {
  await fill(10)
  const r = reader()
  take(r)
  const k = keeper([r], { live: () => false })
  k.keep()
  assert.equal(segments(), 0)
  assert.deepEqual(balance(k), { written: 10, sinks: [[10, 0, 0]] })
})

test('over the bound the oldest go unread, counted for whom they were lost', async () => {
  await fill(40)
  const [fast, away] = [reader(), reader()]
  take(fast)
  const k = keeper([fast, away], { maxBytes: 10_000 })
  assert.ok(k.keep() > 0)
  const { sinks } = balance(k)
  const [, , dropped] = sinks[1]!
  assert.ok(dropped! > 0)
  assert.deepEqual(sinks[0], [40, 0, 0])
  assert.ok(saved.length > 0, 'the loss is saved before the file goes')
  assert.equal(take(away), 40 - dropped!)
  assert.deepEqual(balance(k).sinks[1], [40 - dropped!, 0, dropped])
})

test('too old is over the bound as well', async () => {
  await fill(40)
  const k = keeper([reader()], { now: () => T + 10_000, maxMs: 5000 })
  k.keep()
  const { sinks } = balance(k)
  assert.ok(sinks[0]![2]! > 0)
  assert.equal(segments(), 1)
})

test('segments with write-ahead lines are never dropped', async () => {
  await fill(40, (n) => n < 3)
  const before = segments()
  const k = keeper([reader()], { maxBytes: 1000 })
  k.keep()
  const kept = segmentsIn(readdirSync(dir)).map((s) => s.sequence)
  assert.ok(kept.includes(1), 'the first segment holds them')
  assert.ok(kept.length < before)
  balance(k)
})

test('a batch on its way is not dropped under its reader', async () => {
  await fill(40)
  const r = reader()
  const batch = r.next()!
  const k = keeper([r], { maxBytes: 1000 })
  k.keep()
  assert.ok(segmentsIn(readdirSync(dir)).some((s) => batch.at[s.name] !== undefined))
  r.commit(batch)
  take(r)
  const { sinks } = balance(k)
  assert.ok(sinks[0]![0]! >= batch.records.length)
})

test('counters survive a restart', async () => {
  await fill(40)
  const r = reader()
  take(r, 10)
  const k = keeper([r])
  k.keep()
  const before = balance(k)
  assert.deepEqual(balance(keeper([new JournalReader({ dir, key: KEY, place: r.place })])), before)
})
