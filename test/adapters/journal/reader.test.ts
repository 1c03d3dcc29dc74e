/** What one batch of the journal holds when several workers write. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type FileJournal, openJournal } from '../../../src/adapters/journal/file.ts'
import { JournalReader, START } from '../../../src/adapters/journal/index.ts'
import { callRecord, openingOf } from '../../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
const KEY = Buffer.alloc(32, 7)
let dir: string
const journals: FileJournal[] = []

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veilgate-reader-'))
})
after(async () => {
  for (const journal of journals) await journal.end()
  await rm(dir, { recursive: true, force: true })
})

function worker(name: string, segmentBytes = 1 << 20): (n: number) => Promise<void> {
  const journal = openJournal({ dir, worker: name, key: KEY, now: () => T, segmentBytes })
  journals.push(journal)
  return async (n) => {
    const call = callRecord(n, T + n)
    await journal.open(openingOf(call), false)
    journal.close(call)
    await journal.flush()
  }
}

test('a worker that always has something new does not keep the others waiting', async () => {
  const [busy, other] = [worker('a'), worker('b')]
  const reader = new JournalReader({ dir, key: KEY, place: START })
  await busy(1)
  await other(2)
  const batch = reader.next()!
  assert.deepEqual(
    batch.records.map((line) => line.id),
    [callRecord(1, T + 1).id, callRecord(2, T + 2).id],
  )
  assert.equal(batch.more, false)
  assert.equal(reader.reading.size, 2)
  reader.commit(batch)
  assert.equal(reader.next(), null)
})

test('of a worker with a newer segment there is more to read, in the order it was written', async () => {
  const write = worker('c', 1024)
  for (let n = 10; n < 30; n++) await write(n)
  const reader = new JournalReader({ dir, key: KEY, place: START })
  const got: string[] = []
  for (let batch = reader.next(), round = 0; batch !== null; batch = reader.next(), round++) {
    const mine = batch.records.filter((line) => Number(line.record().start.slice(-4, -1)) >= 10)
    if (round === 0) assert.ok(batch.more && mine.length < 20)
    got.push(...mine.map((line) => line.id))
    reader.commit(batch)
  }
  assert.deepEqual(
    got,
    Array.from({ length: 20 }, (_, n) => callRecord(n + 10, T + n + 10).id),
  )
})
