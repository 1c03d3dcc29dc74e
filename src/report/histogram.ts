/**
 * A histogram of durations that can be added up over hours and nodes: buckets of one microsecond below 128 us, above
 * that 64 buckets in each power of two, so a bucket is at most 1/64 (1.6 %) wide. Sparse: bucket number -> count.
 */
export type Histogram = Record<string, number>

const LINEAR = 128
const STEPS = 64

/** The bucket of a duration in milliseconds. */
export function bucketOf(ms: number): number {
  const us = Math.max(0, Math.round(ms * 1000))
  if (us < LINEAR) return us
  const scale = Math.floor(Math.log2(us)) - 6
  return scale * STEPS + Math.floor(us / 2 ** scale)
}

/** The longest duration of a bucket, in milliseconds. */
export function upperEdge(bucket: number): number {
  if (bucket < LINEAR) return bucket / 1000
  const scale = Math.floor(bucket / STEPS) - 1
  return ((bucket - scale * STEPS + 1) * 2 ** scale - 1) / 1000
}

export function count(histogram: Histogram, ms: number): void {
  const bucket = bucketOf(ms)
  histogram[bucket] = (histogram[bucket] ?? 0) + 1
}

export function addUp(into: Histogram, from: Histogram): void {
  for (const [bucket, n] of Object.entries(from)) into[bucket] = (into[bucket] ?? 0) + n
}

/**
 * Percentile by nearest rank: the smallest duration that at least the share `p` of all durations does not exceed,
 * given as its bucket's upper edge and never above the true maximum. null without durations.
 */
export function percentile(histogram: Histogram, p: number, max: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, n]) => [Number(bucket), n] as const)
    .sort((a, b) => a[0] - b[0])
  const total = buckets.reduce((sum, [, n]) => sum + n, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(p * total))
  let seen = 0
  for (const [bucket, n] of buckets) {
    seen += n
    if (seen >= rank) return Math.min(upperEdge(bucket), max)
  }
  return max
}
