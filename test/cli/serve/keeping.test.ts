import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryLog } from '../../../src/adapters/log/memory.ts'
import { Keeping } from '../../../src/cli/serve/keeping.ts'
import { eventually } from '../../fixtures/road.ts'

const full = (): never => {
  throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
}

describe('what is kept for a restart', () => {
  it('is tried again until the disk takes it, and said once each way', async () => {
    const log = new MemoryLog()
    const keeping = new Keeping(log, 5)
    let refusals = 3
    let written = 0
    keeping.keep(() => (refusals-- > 0 ? full() : written++))
    assert.equal(keeping.failed, true)
    await eventually(() => written === 1, 10_000)
    assert.equal(keeping.failed, false)
    assert.deepEqual(
      log.lines.map((line) => line.event),
      ['rules.not-kept', 'rules.kept'],
    )
  })

  it('writes the newest only', async () => {
    const keeping = new Keeping(new MemoryLog(), 5)
    const written: string[] = []
    keeping.keep(full)
    keeping.keep(() => written.push('newer'))
    await sleep(30)
    assert.deepEqual(written, ['newer'])
  })

  it('tries no more once it is stopped', async () => {
    const keeping = new Keeping(new MemoryLog(), 5)
    let tries = 0
    keeping.keep(() => {
      tries++
      full()
    })
    keeping.stop()
    await sleep(30)
    assert.equal(tries, 1)
  })
})
