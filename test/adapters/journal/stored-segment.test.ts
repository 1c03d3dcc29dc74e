import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { HEADER_BYTES, newHeader, sealFrame, segmentKey } from '../../../src/adapters/journal/segment.ts'
import { StoredSegment } from '../../../src/adapters/journal/stored-segment.ts'

const KEY = Buffer.alloc(32, 2)
let dir: string
let ends: number[]
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veilgate-stored-'))
  const header = newHeader(5)
  const key = segmentKey(KEY, header)
  const frames = ['small\n', `${'big '.repeat(20_000)}\n`, 'last\n'].map((text, i) =>
    Buffer.from(sealFrame(key, i + 1, i, i === 1, text)),
  )
  ends = frames.map((_, i) => frames.slice(0, i + 1).reduce((sum, frame) => sum + frame.length, HEADER_BYTES))
  await writeFile(join(dir, 'a.vgj'), Buffer.concat([header, ...frames]))
  await writeFile(join(dir, 'short.vgj'), header.subarray(0, 20))
})
after(() => rm(dir, { recursive: true, force: true }))

test('frames are read from any place, a frame larger than the chunk whole', () => {
  const stored = StoredSegment.open(join(dir, 'a.vgj'), KEY)!
  const all = stored.frames(HEADER_BYTES, 1 << 20)
  assert.deepEqual(
    all.frames.map((f) => [f.number, f.records, f.writeAhead, f.end]),
    [
      [1, 0, false, ends[0]],
      [2, 1, true, ends[1]],
      [3, 2, false, ends[2]],
    ],
  )
  let at = HEADER_BYTES
  const texts: string[] = []
  for (;;) {
    const { frames, damaged } = stored.frames(at, 100)
    assert.equal(damaged, false)
    if (frames.length === 0) break
    texts.push(...frames.map((f) => f.text))
    at = frames.at(-1)!.end
  }
  assert.deepEqual(
    texts,
    all.frames.map((f) => f.text),
  )
  assert.deepEqual(stored.tally(HEADER_BYTES), { records: 3, writeAhead: true, end: ends[2] })
  assert.deepEqual(stored.tally(ends[1]!), { records: 2, writeAhead: false, end: ends[2] })
  assert.equal(stored.size(), ends[2])
  stored.close()
})

test('no file and half a header are nothing yet', () => {
  assert.equal(StoredSegment.open(join(dir, 'absent.vgj'), KEY), null)
  assert.equal(StoredSegment.open(join(dir, 'short.vgj'), KEY), null)
})
