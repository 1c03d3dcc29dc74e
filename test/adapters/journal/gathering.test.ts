import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gathering } from '../../../src/adapters/journal/gathering.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Counts lines and what a frame took of them. */
function queue(): { add(): void; frames: number[]; gathering: Gathering; time: { ms: number } } {
  let lines = 0
  const time = { ms: 0 }
  const frames: number[] = []
  const gathering = new Gathering(
    () => lines,
    () => {
      frames.push(lines)
      lines = 0
    },
    () => time.ms,
  )
  return {
    time,
    frames,
    gathering,
    add() {
      lines++
      gathering.begin()
    },
  }
}

describe('lines gathered for a frame', () => {
  it('lets a lone line go after two turns in which nothing came', async () => {
    const { add, frames, gathering } = queue()
    add()
    await turn()
    assert.deepEqual(frames, [])
    assert.equal(gathering.under, true)
    await turn()
    await turn()
    assert.deepEqual(frames, [1])
    assert.equal(gathering.under, false)
  })

  it('puts lines of following turns into one frame, one quiet turn between them allowed', async () => {
    const { add, frames } = queue()
    add()
    await turn()
    add()
    await turn()
    await turn()
    await turn()
    assert.deepEqual(frames, [2])
  })

  it('lets go of a stream that never pauses, so no call waits for ever', async () => {
    const { add, frames } = queue()
    for (let i = 0; i < 40; i++) {
      add()
      await turn()
    }
    assert.ok(frames.length >= 3, `${frames.length} frames`)
    for (const lines of frames) assert.ok(lines <= 13, `${lines} lines`)
  })

  it('lets go once two milliseconds have passed, however few turns that were', async () => {
    const { add, frames, time } = queue()
    add()
    time.ms = 2
    add()
    await turn()
    assert.deepEqual(frames, [2])
  })

  it('begins anew after each frame', async () => {
    const { add, frames } = queue()
    for (let i = 0; i < 3; i++) {
      add()
      for (let t = 0; t < 4; t++) await turn()
    }
    assert.deepEqual(frames, [1, 1, 1])
  })
})
