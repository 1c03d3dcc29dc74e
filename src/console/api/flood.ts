/**
 * Refusals of callers nobody knows: whoever reaches the port could fill the disk with them, and audit events are never
 * deleted. Some of each address and of all are kept for each hour; how many were not is told by the next one that is.
 */

const HOUR = 3_600_000
const OF_ADDRESS = 30
const OF_ALL = 600

export class Flood {
  #began = Number.NEGATIVE_INFINITY
  #all = 0
  #leftOut = 0
  readonly #of = new Map<string, number>()

  /** How many were left out before this one; null: this one is left out, too. `now`: ms since 1970. */
  admit(address: string, now: number): number | null {
    if (now - this.#began >= HOUR) {
      this.#began = now
      this.#all = 0
      this.#of.clear()
    }
    const own = this.#of.get(address) ?? 0
    if (own >= OF_ADDRESS || this.#all >= OF_ALL) {
      this.#leftOut++
      return null
    }
    this.#all++
    this.#of.set(address, own + 1)
    const before = this.#leftOut
    this.#leftOut = 0
    return before
  }
}
