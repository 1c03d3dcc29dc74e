/** The file journal beyond its contract: rotation, torn tails, damage, places, and what stands in the file. */
import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { DISK, type Disk } from '../../../src/adapters/journal/disk.ts'
import { type FileJournal, openJournal } from '../../../src/adapters/journal/file.ts'
import { JournalReader, parsePlace, placeText, recoverJournal, START } from '../../../src/adapters/journal/index.ts'
import { OpenSegment } from '../../../src/adapters/journal/open-segment.ts'
import { placeFile } from '../../../src/adapters/journal/place.ts'
import { segmentsIn } from '../../../src/adapters/journal/segment.ts'
import { isGatewayError } from '../../../src/base/errors.ts'
import type { CallRecord } from '../../../src/ports/record.ts'
import { callRecord, openingOf } from '../../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
const KEY = Buffer.alloc(32, 9)
const folders: string[] = []
after(() => Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true }))))

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-journal-'))
  folders.push(dir)
  return dir
}

const open = (dir: string, more: { worker?: string; segmentBytes?: number; disk?: Disk; maxBytes?: number } = {}) =>
  openJournal({ dir, worker: 'w1', key: KEY, now: () => T, retryMs: 5, ...more })

function readAll(reader: JournalReader): CallRecord[] {
  const found: CallRecord[] = []
  for (let batch = reader.next(); batch !== null; batch = reader.next()) {
    found.push(...batch.records.map((line) => line.record()))
    reader.commit(batch)
  }
  return found
}
const readerOf = (dir: string, place = START, damaged: string[] = []) =>
  new JournalReader({ dir, key: KEY, place, onDamage: (name) => damaged.push(name) })

async function write(journal: FileJournal, from: number, to: number): Promise<CallRecord[]> {
  const calls: CallRecord[] = []
  for (let n = from; n < to; n++) {
    const call = callRecord(n, T + n)
    await journal.open(openingOf(call), false)
    journal.close(call)
    calls.push(call)
  }
  await journal.flush()
  return calls
}

test('segments rotate by size; readers follow across them, and later from their saved place', async () => {
  const dir = await folder()
  const journal = open(dir, { segmentBytes: 2048 })
  const first = await write(journal, 0, 30)
  const reader = readerOf(dir)
  assert.deepEqual(readAll(reader), first)
  assert.ok(segmentsIn(readdirSync(dir)).length > 5)
  const second = await write(journal, 30, 50)
  const resumed = readerOf(dir, parsePlace(placeText(reader.place)))
  assert.deepEqual(readAll(resumed), second)
  assert.equal(resumed.place.sent, 50)
  assert.equal(journal.counters().written, 50)
  await journal.end()
})

test('the openings of running calls are carried into every new segment', async () => {
  const dir = await folder()
  const journal = open(dir, { segmentBytes: 2048 })
  const running = callRecord(999, T)
  await journal.open(openingOf(running), false)
  await write(journal, 0, 20)
  await journal.end()
  const names = segmentsIn(readdirSync(dir)).map((s) => s.name)
  for (const name of names.slice(0, -1)) await rm(join(dir, name))
  assert.equal(recoverJournal({ dir, key: KEY, now: () => T }), 1, 'the newest segment alone tells of it')
  assert.deepEqual(readAll(readerOf(dir)).at(-1)?.id, running.id)
})

test('a torn tail is cut off, wherever the tear is', async () => {
  const dir = await folder()
  const journal = open(dir)
  await write(journal, 0, 3)
  const path = join(dir, segmentsIn(readdirSync(dir))[0]!.name)
  const before = statSync(path).size
  const torn = callRecord(50, T)
  await journal.open(openingOf(torn), false)
  await journal.end()
  const bytes = readFileSync(path)
  for (let size = bytes.length - 1; size >= before; size -= 37) {
    writeFileSync(path, bytes)
    truncateSync(path, size)
    assert.equal(readAll(readerOf(dir)).length, 3, `at ${size}`)
    assert.equal(recoverJournal({ dir, key: KEY, now: () => T }), 0)
  }
  const next = open(dir)
  const more = await write(next, 10, 12)
  assert.deepEqual(readAll(readerOf(dir)).slice(3), more, 'the next writer begins a file of its own')
  await next.end()
})

test('a damaged frame ends its segment, is told once, and does not stop the others', async () => {
  const dir = await folder()
  const journal = open(dir, { segmentBytes: 3000 })
  await write(journal, 0, 12)
  await journal.end()
  const names = segmentsIn(readdirSync(dir)).map((s) => s.name)
  const path = join(dir, names[1]!)
  const bytes = readFileSync(path)
  bytes[bytes.length - 5]! ^= 0xff
  writeFileSync(path, bytes)
  const damaged: string[] = []
  const found = readAll(readerOf(dir, START, damaged))
  assert.ok(found.length < 12 && found.length >= 8)
  assert.equal(found.at(-1)?.id, callRecord(11, T + 11).id)
  assert.deepEqual(damaged, [names[1]])
})

test('a segment of an earlier one with the same name is read from its start', async () => {
  const dir = await folder()
  const journal = open(dir)
  await write(journal, 0, 5)
  await journal.end()
  const reader = readerOf(dir)
  readAll(reader)
  await rm(join(dir, segmentsIn(readdirSync(dir))[0]!.name))
  const again = open(dir)
  const calls = await write(again, 5, 7)
  assert.deepEqual(readAll(reader), calls)
  await again.end()
})

test('garbage behind the last frame hides nothing that was acknowledged', async () => {
  const dir = await folder()
  const journal = open(dir)
  const calls = await write(journal, 0, 4)
  await journal.end()
  appendFileSync(join(dir, segmentsIn(readdirSync(dir))[0]!.name), Buffer.alloc(100, 0xee))
  assert.deepEqual(readAll(readerOf(dir)), calls)
})

test('a write-ahead opening waits for the sync, and is refused when that fails', async () => {
  const dir = await folder()
  let synced = 0
  let broken = false
  const disk: Disk = {
    ...DISK,
    async sync(fd) {
      if (broken) throw new Error('broken')
      await DISK.sync(fd)
      synced++
    },
  }
  const journal = open(dir, { disk })
  await journal.open(openingOf(callRecord(1, T)), true)
  assert.equal(synced, 1)
  await journal.open(openingOf(callRecord(2, T)), false)
  assert.equal(synced, 1, 'others do not pay for it')
  broken = true
  await assert.rejects(journal.open(openingOf(callRecord(3, T)), true), (e) => isGatewayError(e))
  assert.equal(journal.writable, false)
  broken = false
  while (!journal.writable) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(segmentsIn(readdirSync(dir)).length, 2, 'after a failed sync a new segment begins')
  await journal.end()
  assert.equal(recoverJournal({ dir, key: KEY, now: () => T }), 2, 'the two that were acknowledged')
})

test('over its bound the journal refuses until there is room', async () => {
  const dir = await folder()
  const journal = open(dir, { segmentBytes: 8192, maxBytes: 40_000 })
  await assert.rejects(write(journal, 0, 100), (e) => isGatewayError(e) && e.code === 'AUDIT_UNAVAILABLE')
  for (const { name } of segmentsIn(readdirSync(dir)).slice(0, 3)) await rm(join(dir, name))
  while (!journal.writable) await new Promise((resolve) => setTimeout(resolve, 5))
  await write(journal, 200, 201)
  await journal.end()
})

test('a disk that was full leaves no hole and no nonce used twice', async () => {
  const dir = await folder()
  let room = 20
  const disk: Disk = {
    ...DISK,
    write(fd, bytes) {
      DISK.write(fd, bytes.subarray(0, room))
      if (room < bytes.length) throw new Error('full')
    },
  }
  const path = join(dir, 'w1-0000000001.vgj')
  assert.throws(() => OpenSegment.create(disk, dir, path, KEY, T))
  assert.deepEqual(readdirSync(dir), [], 'a file without a header is not left behind')
  room = Infinity
  const segment = OpenSegment.create(disk, dir, path, KEY, T)
  segment.append(1, false, 'Ca {}\n')
  room = 17
  assert.throws(() => segment.append(1, false, 'Cb {}\n'))
  assert.throws(() => segment.append(1, false, 'Cb {}\n'), /broken frame/)
  room = Infinity
  assert.equal(segment.repair(), true)
  segment.append(1, false, 'Cc {}\n')
  const bytes = readFileSync(path)
  assert.equal(bytes.length, segment.size)
  assert.deepEqual([bytes.readUInt32LE(32 + 4), bytes.readUInt32LE(32 + 38 + 4)], [1, 3])
  await segment.close()
})

test('a place is saved as a whole and a damaged one is refused', async () => {
  const dir = await folder()
  const file = placeFile(join(dir, 'p.json'))
  assert.deepEqual(file.load(), START)
  file.save({ segments: { a: { salt: 's', offset: 5, records: 1, done: true } }, sent: 3, dropped: 1 })
  assert.deepEqual(file.load(), {
    segments: { a: { salt: 's', offset: 5, records: 1, done: true } },
    sent: 3,
    dropped: 1,
  })
  writeFileSync(join(dir, 'p.json'), '{"segments":{},"sent":-1}')
  assert.throws(() => file.load())
})
