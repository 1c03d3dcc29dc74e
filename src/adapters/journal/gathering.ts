/**
 * How long lines are gathered before they become one frame (group commit). Sealing and writing a frame costs as much as
 * carrying a whole call, and calls let go together run through code and data that are still in the processor's caches.
 */

/** turns of the event loop without anything new after which nothing more is expected: what a lone call waits */
const QUIET_TURNS = 2
/** bounds of a busy loop: turns, and milliseconds as one turn may mask a large body */
const MOST_TURNS = 12
const MOST_MS = 2

export class Gathering {
  readonly #queued: () => number
  readonly #write: () => void
  readonly #clock: () => number
  #under = false
  #since = 0
  #turns = 0
  #quiet = 0
  #seen = 0

  /** `queued`: how many lines wait; `write`: makes the frame; `clock`: milliseconds that never go back. */
  constructor(queued: () => number, write: () => void, clock = () => performance.now()) {
    this.#queued = queued
    this.#write = write
    this.#clock = clock
  }

  /** until a frame is written */
  get under(): boolean {
    return this.#under
  }

  begin(): void {
    if (this.#under) return
    this.#under = true
    this.#since = this.#clock()
    this.#turns = 0
    this.#quiet = 0
    this.#seen = this.#queued()
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    const queued = this.#queued()
    this.#quiet = queued === this.#seen ? this.#quiet + 1 : 0
    this.#seen = queued
    this.#turns++
    if (this.#quiet < QUIET_TURNS && this.#turns < MOST_TURNS && this.#clock() - this.#since < MOST_MS) {
      setImmediate(this.#turn)
      return
    }
    this.#under = false
    this.#write()
  }
}
