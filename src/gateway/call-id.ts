/** Call ids: UUID version 7 (RFC 9562 5.7), so that records sort by time. */

/** @param random at least 10 random bytes from `at` on */
export function callId(now: number, random: Uint8Array, at = 0): string {
  const time = now.toString(16).padStart(12, '0')
  let tail = ''
  for (let i = 0; i < 10; i++) tail += HEX[random[at + i]!]
  // 3 digits of rand_a, then the variant (10) in the top bits of rand_b
  const variant = VARIANT[random[at]! & 3]!
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(2, 5)}-${variant}${tail.slice(5, 8)}-${tail.slice(8)}`
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))
const VARIANT = '89ab'

/** A source of ids that asks for randomness once in many calls. */
export function callIds(now: () => number, fill: (bytes: Uint8Array) => void): () => string {
  const pool = new Uint8Array(10 * 256)
  let at = pool.length
  return () => {
    if (at === pool.length) {
      fill(pool)
      at = 0
    }
    const id = callId(now(), pool, at)
    at += 10
    return id
  }
}
