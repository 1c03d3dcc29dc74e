import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pace } from '../../../src/cli/serve/pace.ts'

test('a pause is due when a slice is over, counted from the last pause, and gives the event loop a turn', async () => {
  let now = 100
  const pause = pace(4, () => now)
  now = 103
  assert.equal(pause(), undefined)
  now = 104
  let turned = false
  setImmediate(() => (turned = true))
  const pausing = pause()
  assert.ok(pausing instanceof Promise)
  now = 120
  await pausing
  assert.ok(turned)
  now = 123
  assert.equal(pause(), undefined)
})
