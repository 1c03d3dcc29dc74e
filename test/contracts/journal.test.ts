/** What every journal promises to the road. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DISK, type Disk } from '../../src/adapters/journal/disk.ts'
import { openJournal } from '../../src/adapters/journal/file.ts'
import { JournalReader, MemoryJournal, recoverJournal, START } from '../../src/adapters/journal/index.ts'
import { isGatewayError } from '../../src/base/errors.ts'
import type { Journal } from '../../src/ports/journal.ts'
import type { CallRecord } from '../../src/ports/record.ts'
import { callRecord, openingOf } from '../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
const KEY = Buffer.alloc(32, 7)

interface Subject {
  readonly journal: Journal
  /** closed calls as a reader finds them */
  records(): Promise<CallRecord[]>
  block(): void
  unblock(): Promise<void>
  /** ends as a crash would and starts again; returns how many calls were found open */
  crash(): Promise<number>
  end(): Promise<void>
}

async function memory(): Promise<Subject> {
  const journal = new MemoryJournal()
  return {
    journal,
    records: async () => journal.records,
    block: () => void (journal.writable = false),
    unblock: async () => void (journal.writable = true),
    crash: async () => journal.recover(),
    end: async () => {},
  }
}

async function file(): Promise<Subject> {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-journal-'))
  let full = false
  const disk: Disk = {
    ...DISK,
    write(fd, bytes) {
      if (!full) return DISK.write(fd, bytes)
      // what a full disk does: part of the bytes arrive
      DISK.write(fd, bytes.subarray(0, Math.min(9, bytes.length)))
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    },
  }
  const journal = openJournal({ dir, worker: 'w1', key: KEY, now: () => T, disk, retryMs: 5 })
  const records = async () => {
    const reader = new JournalReader({ dir, key: KEY, place: START })
    const found: CallRecord[] = []
    for (let batch = reader.next(); batch !== null; batch = reader.next()) {
      found.push(...batch.records.map((line) => line.record()))
      reader.commit(batch)
    }
    return found
  }
  return {
    journal,
    records,
    block: () => void (full = true),
    async unblock() {
      full = false
      while (!journal.writable) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    crash: async () => recoverJournal({ dir, key: KEY, now: () => T }),
    async end() {
      full = false
      await journal.end()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const unavailable = (error: unknown) => isGatewayError(error) && error.code === 'AUDIT_UNAVAILABLE'

for (const [name, make] of Object.entries({ memory, file })) {
  const subject = (title: string, body: (s: Subject) => Promise<void>) =>
    test(`${name} journal: ${title}`, async () => {
      const s = await make()
      try {
        await body(s)
      } finally {
        await s.end()
      }
    })

  subject('a closed call is a record, equal to what was closed', async (s) => {
    const calls = Array.from({ length: 20 }, (_, i) => callRecord(i, T + i))
    await Promise.all(calls.map((call) => s.journal.open(openingOf(call), call.times.total > 20)))
    for (const call of calls) s.journal.close(call)
    await s.journal.flush()
    assert.deepEqual(await s.records(), calls)
  })

  subject('a call that was never opened has its record too', async (s) => {
    const refused = callRecord(1, T, { decision: 'deny', code: 'TOKEN_MISSING', outcome: 'refused', status: 401 })
    s.journal.close(refused)
    await s.journal.flush()
    assert.deepEqual(await s.records(), [refused])
  })

  subject('what changed after the opening is in the record', async (s) => {
    const call = callRecord(1, T)
    await s.journal.open(openingOf(call), true)
    const failed: CallRecord = { ...call, decision: 'fail', code: 'UPSTREAM_INVALID', outcome: 'cut', masking: null }
    s.journal.close(failed)
    await s.journal.flush()
    assert.deepEqual(await s.records(), [failed])
  })

  subject('a crash leaves one record "interrupted" for each open call, once', async (s) => {
    const open = [callRecord(1, T), callRecord(2, T + 1)]
    const closed = callRecord(3, T + 2)
    for (const call of [...open, closed]) await s.journal.open(openingOf(call), false)
    s.journal.close(closed)
    await s.journal.flush()
    assert.equal(await s.crash(), 2)
    assert.equal(await s.crash(), 0, 'recovering again finds nothing')
    const records = await s.records()
    assert.deepEqual(
      records.map((r) => [r.id, r.outcome, r.code]),
      [
        [closed.id, 'delivered', null],
        [open[0]!.id, 'interrupted', 'INTERNAL'],
        [open[1]!.id, 'interrupted', 'INTERNAL'],
      ],
    )
  })

  subject('while it cannot be written it refuses openings, and recovers by itself', async (s) => {
    const before = callRecord(1, T)
    await s.journal.open(openingOf(before), false)
    s.block()
    await assert.rejects(s.journal.open(openingOf(callRecord(2, T)), false), unavailable)
    assert.equal(s.journal.writable, false)
    await assert.rejects(s.journal.open(openingOf(callRecord(3, T)), true), unavailable)
    await assert.rejects(s.journal.flush(), unavailable)
    s.journal.close(before)
    const refused = callRecord(2, T, { decision: 'fail', code: 'AUDIT_UNAVAILABLE', outcome: 'refused', status: 503 })
    s.journal.close(refused)
    await s.unblock()
    assert.equal(s.journal.writable, true)
    const after = callRecord(4, T)
    await s.journal.open(openingOf(after), true)
    s.journal.close(after)
    await s.journal.flush()
    assert.deepEqual(await s.records(), [before, refused, after])
    assert.equal(await s.crash(), 0, 'the refused opening left nothing open')
  })
}
