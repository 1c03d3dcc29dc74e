import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Deadline, Deadlines } from '../../../src/adapters/upstream/deadlines.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const run = promisify(execFile)

function candidate(expired: number[], id: number, also: () => void = () => {}): Deadline {
  return {
    due: 0,
    before: null,
    after: null,
    expire() {
      expired.push(id)
      also()
    },
  }
}

test('what is due expires once, what was taken out or is not due does not', async () => {
  const deadlines = new Deadlines()
  const expired: number[] = []
  const all = Array.from({ length: 9 }, (_, i) => {
    const one = candidate(expired, i, () => deadlines.remove(one))
    deadlines.add(one, i % 3 === 2 ? 60_000 : 30)
    return one
  })
  // first, middle and last of the list, and one of them twice
  for (const i of [8, 4, 0, 4]) deadlines.remove(all[i]!)
  await sleep(200)
  assert.deepEqual(expired.toSorted(), [1, 3, 6, 7])
  for (const one of all) deadlines.remove(one)
})

test('one that expires may take another out with it, and one may be added again', async () => {
  const deadlines = new Deadlines()
  const expired: number[] = []
  const again = candidate(expired, 1, () => deadlines.remove(again))
  const first: Deadline = candidate(expired, 0, () => {
    deadlines.remove(first)
    deadlines.add(again, 30)
  })
  deadlines.add(first, 10)
  await sleep(200)
  assert.deepEqual(expired, [0, 1])
})

test('a process with none under way is not held by them', async () => {
  const script = `
    import { Deadlines } from './src/adapters/upstream/deadlines.ts'
    const one = { due: 0, before: null, after: null, expire() {} }
    const deadlines = new Deadlines()
    deadlines.add(one, 60_000)
    deadlines.remove(one)`
  // ends by itself, or execFile ends it and rejects
  await run(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, timeout: 10_000 })
})
