import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Count } from '../../src/anomaly/model.ts'
import { type Arrival, arrive, expiresAt, LATE_MS, NOTHING } from '../../src/anomaly/window.ts'

const RULE = { windowMs: 300_000, threshold: 3, cooldownMs: 600_000 }

function feed(times: readonly number[], rule = RULE): Arrival[] {
  let count: Count = NOTHING
  return times.map((at) => {
    const arrival = arrive(count, at, rule)
    count = arrival.count
    return arrival
  })
}
const fired = (times: readonly number[], rule = RULE) => feed(times, rule).map((a) => a.fires)

test('fires at the threshold and is then quiet for the cool-down', () => {
  assert.deepEqual(fired([0, 1000, 2000, 3000, 4000]), [false, false, true, false, false])
  const later = [0, 1000, 2000, 601_000, 602_500, 603_000]
  assert.deepEqual(fired(later), [false, false, true, false, false, true])
})

test('a window is half open', () => {
  assert.deepEqual(fired([0, 1, 300_000]), [false, false, false])
  assert.deepEqual(fired([0, 1, 299_999]), [false, false, true])
})

test('order does not matter: a late event finds its window', () => {
  assert.deepEqual(fired([100_000, 500_000, 50_000, 60_000]), [false, false, false, true])
  assert.deepEqual(
    feed([100_000, 50_000, 150_000]).map((a) => a.crowd),
    [1, 2, 3],
  )
})

test('too late is too late, and leaves the count alone', () => {
  const [first, late] = feed([10_000_000, 10_000_000 - RULE.windowMs - LATE_MS - 1])
  assert.deepEqual(late, { count: first!.count, crowd: 0, fires: false })
})

test('memory is bounded in a storm', () => {
  const arrivals = feed(
    Array.from({ length: 5000 }, (_, i) => i),
    { ...RULE, cooldownMs: 1e9 },
  )
  assert.equal(arrivals.at(-1)!.count.times.length, 1000)
  assert.equal(arrivals.filter((a) => a.fires).length, 1)
})

test('a count is kept as long as anything that still comes in time can meet it', () => {
  const { count } = feed([0, 1000, 2000]).at(-1)!
  assert.equal(expiresAt(count, RULE), 2000 + RULE.cooldownMs + LATE_MS)
})
