/** Killed while it writes, five times over: every call that was answered has its record, and only one. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { START } from '../../../src/adapters/journal/index.ts'
import { JournalReader } from '../../../src/adapters/journal/reader.ts'
import { recoverJournal, workersIn } from '../../../src/adapters/journal/recovery.ts'
import type { CallRecord } from '../../../src/ports/record.ts'
import { callId } from '../../fixtures/call-records.ts'
import { scaled } from '../../fixtures/scale.ts'

const KEY = Buffer.alloc(32, 5)
const WRITER = fileURLToPath(new URL('../../fixtures/journal-writer.ts', import.meta.url))
const idOf = (n: number) => callId(n, 1_800_000_000_000 + n)

/** Numbers the process said before SIGKILL took it. */
async function serveUntilKilled(dir: string, worker: string, first: number, calls: number): Promise<number[]> {
  const child = spawn(process.execPath, [WRITER, dir, worker, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.length >= calls * String(first).length) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  assert.equal(child.signalCode, 'SIGKILL')
  return said.split('\n').slice(0, -1).map(Number)
}

function records(dir: string): CallRecord[] {
  const reader = new JournalReader({ dir, key: KEY, place: START })
  const found: CallRecord[] = []
  for (let batch = reader.next(); batch !== null; batch = reader.next()) {
    found.push(...batch.records.map((line) => line.record()))
    reader.commit(batch)
  }
  return found
}

test('kill -9 of a writing process, five times: no answered call is without its record', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-kill-'))
  try {
    const answered: number[] = []
    for (let round = 1; round <= 5; round++) {
      // the second and fourth run under the name of the one before: a restarted worker
      const worker = `w${round >> 1}`
      const numbers = await serveUntilKilled(dir, worker, round * 1_000_000, scaled(5000, 400))
      assert.ok(numbers.length > 100)
      answered.push(...numbers)
      const left = recoverJournal({ dir, key: KEY, now: Date.now })
      assert.ok(left > 0, 'it never closes some calls, so some were open')
      assert.equal(recoverJournal({ dir, key: KEY, now: Date.now }), 0)
    }
    const found = records(dir)
    const ids = found.map((r) => r.id)
    assert.equal(new Set(ids).size, ids.length, 'one record each')
    const known = new Set(ids)
    assert.deepEqual(
      answered.filter((n) => !known.has(idOf(n))),
      [],
    )
    for (const record of found)
      if (record.outcome === 'interrupted') assert.deepEqual([record.code, record.status], ['INTERNAL', 0])
    assert.deepEqual(workersIn(dir).sort(), ['w0', 'w1', 'w2'])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('a recovery that was cut off itself starts over', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-kill-'))
  try {
    await serveUntilKilled(dir, 'w0', 1_000_000, 200)
    await writeFile(join(dir, 'w0-0000000999.vgj.recovery'), 'half')
    const left = recoverJournal({ dir, key: KEY, now: Date.now, worker: 'other' })
    assert.equal(left, 0, 'only the worker that was named')
    assert.ok(recoverJournal({ dir, key: KEY, now: Date.now, worker: 'w0' }) > 0)
    assert.ok((await readdir(dir)).every((name) => !name.endsWith('.recovery')))
    assert.deepEqual(workersIn(join(dir, 'absent')), [])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
