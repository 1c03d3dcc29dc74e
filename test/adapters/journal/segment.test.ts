import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  HEAD_BYTES,
  newHeader,
  openFrame,
  readHead,
  readHeader,
  sealFrame,
  segmentKey,
  segmentName,
  segmentsIn,
  workerName,
} from '../../../src/adapters/journal/segment.ts'

const KEY = Buffer.alloc(32, 3)

test('a frame opens under the key of its own segment only', () => {
  const header = newHeader(1_800_000_000_000)
  const key = segmentKey(KEY, header)
  const frame = sealFrame(key, 1, 2, true, '行1\nline 2\n')
  const head = readHead(frame, 0)
  assert.deepEqual(head, { length: frame.length - HEAD_BYTES, number: 1, records: 2, writeAhead: true })
  assert.equal(openFrame(key, frame, 0, head), '行1\nline 2\n')
  assert.equal(openFrame(segmentKey(KEY, newHeader(1_800_000_000_000)), frame, 0, head), null, 'another salt')
  assert.equal(openFrame(segmentKey(Buffer.alloc(32, 4), header), frame, 0, head), null, 'another key')
  assert.ok(!frame.includes('line 2'), 'nothing stands there in clear')
})

test('any changed bit of a frame is noticed, the clear head included', () => {
  const key = segmentKey(KEY, newHeader(0))
  const frame = sealFrame(key, 7, 1, false, 'Cid {"a":1}\n')
  for (let i = 0; i < frame.length; i++) {
    const bent = Buffer.from(frame)
    bent[i]! ^= 1
    const head = readHead(bent, 0)
    if (head.length !== frame.length - HEAD_BYTES) continue
    assert.equal(openFrame(key, bent, 0, head), null, `byte ${i}`)
  }
})

test('names sort by worker and sequence, and foreign files are no segments', () => {
  const names = [segmentName('b', 2), 'ledger.json', segmentName('a', 10), segmentName('a', 9), 'x.vgj', 'a-1.vgj']
  assert.deepEqual(
    segmentsIn(names).map((s) => [s.worker, s.sequence]),
    [
      ['a', 9],
      ['a', 10],
      ['b', 2],
    ],
  )
  const name = workerName(1_800_000_000_000, 12)
  assert.equal(segmentsIn([segmentName(name, 1)])[0]?.worker, name)
})

test('a header tells its time, and half a header is none', () => {
  const header = newHeader(1_800_000_000_123.9)
  assert.equal(readHeader(header)?.created, 1_800_000_000_123)
  assert.equal(readHeader(header.subarray(0, 31)), null)
  const older = Buffer.from(header)
  older.write('VGJ1')
  assert.equal(readHeader(older)?.created, 1_800_000_000_123)
  assert.equal(readHeader(Buffer.alloc(32)), null)
})
