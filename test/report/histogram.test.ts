import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUp, bucketOf, count, type Histogram, percentile, upperEdge } from '../../src/report/histogram.ts'

test('a bucket holds its duration and is at most 1/64 wide', () => {
  for (let ms = 0; ms < 4_000_000; ms = ms * 1.0137 + 0.0011) {
    const us = Math.round(ms * 1000)
    const edge = upperEdge(bucketOf(ms))
    assert.ok(edge * 1000 >= us - 0.5, `${ms} above its bucket`)
    assert.ok(edge * 1000 <= us * (1 + 1 / 64) + 0.5, `${ms} far below ${edge}`)
    if (bucketOf(ms) > 0) assert.ok(upperEdge(bucketOf(ms) - 1) * 1000 < us, `${ms} in the bucket before`)
  }
})

test('percentiles are by nearest rank, within a bucket, and never above the maximum', () => {
  const times = Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) + 1)
  const histogram: Histogram = {}
  for (const ms of times) count(histogram, ms)
  const sorted = times.toSorted((a, b) => a - b)
  for (const p of [0.001, 0.5, 0.9, 0.95, 0.99, 1]) {
    const exact = sorted[Math.ceil(p * 1000) - 1]!
    const found = percentile(histogram, p, 1000)!
    assert.ok(found >= exact && found <= exact * (1 + 1 / 64), `p${p}: ${found} for ${exact}`)
  }
  assert.equal(percentile(histogram, 1, 1000), 1000)
  assert.equal(percentile({}, 0.95, 0), null)
})

test('histograms add up', () => {
  const [a, b, both]: [Histogram, Histogram, Histogram] = [{}, {}, {}]
  for (const ms of [1, 5, 900]) {
    count(a, ms)
    count(both, ms)
  }
  for (const ms of [5, 7]) {
    count(b, ms)
    count(both, ms)
  }
  addUp(a, b)
  assert.deepEqual(a, both)
})
