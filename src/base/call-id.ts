/** Call ids: UUID version 7 (RFC 9562 5.7), so that records sort by time. */

/**
 * @param now epoch milliseconds
 * @param random a version 4 UUID (RFC 9562 5.4): its random bits after the version, variant included, become ours
 */
export function callId(now: number, random: string): string {
  const time = now.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`
}

/** A source of ids; the text of a millisecond is made once. */
export function callIds(now: () => number, randomUuid: () => string): () => string {
  let last = -1
  let prefix = ''
  return () => {
    const ms = now()
    if (ms !== last) {
      last = ms
      prefix = callId(ms, '').slice(0, 15)
    }
    return prefix + randomUuid().slice(15)
  }
}
