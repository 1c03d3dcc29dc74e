// What the test run's closing lines say: passed, failed, skipped and why. A suite that is skipped whole counts once; what
// stands in it was never seen.

/** Skips for want of one of these fail a run under CI=true: `.ci/run` has installed them. */
const SERVICE = /^(Kafka|Redis|Chromium|OpenSSL|Java)\b/

export class Tally {
  #passed = 0
  #failed = 0
  /** reason -> how often */
  #skips = new Map()
  #failures = []

  pass(event) {
    const { skip } = event
    if (skip === undefined || skip === false) {
      if (event.details?.type !== 'suite') this.#passed++
      return
    }
    const reason = typeof skip === 'string' && skip !== '' ? skip : `no reason given (${event.name})`
    this.#skips.set(reason, (this.#skips.get(reason) ?? 0) + 1)
  }

  fail(event) {
    if (event.details?.type === 'suite') return
    this.#failed++
    this.#failures.push(`${event.file ?? ''} ${event.name}`)
  }

  /** The lines and the exit code. */
  close({ scale, ci }) {
    const lines = ['', `scale ${scale}`]
    for (const failure of this.#failures) lines.push(`failed: ${failure}`)
    for (const [reason, count] of this.#skips) lines.push(`skipped ${count}: ${reason}`)
    const wanting = [...this.#skips].filter(([reason]) => ci && SERVICE.test(reason))
    if (wanting.length > 0) lines.push('under CI=true a missing service is a failure')
    if (this.#passed + this.#failed === 0) lines.push('no test ran')
    const lost = wanting.reduce((sum, [, count]) => sum + count, 0)
    const skipped = [...this.#skips.values()].reduce((sum, count) => sum + count, 0)
    lines.push(`${this.#passed} passed, ${this.#failed + lost} failed, ${skipped - lost} skipped`)
    return { lines, code: this.#failed + lost > 0 || this.#passed === 0 ? 1 : 0 }
  }
}
