/**
 * Keeps in the state folder what a restart should run. A disk that refuses is no reason to stop calls or to take new
 * rules no longer: it is logged once, told as the note RULES_NOT_KEPT, and tried again until it is done.
 */
import type { Log } from '../../ports/log.ts'

const AGAIN_MS = 5000

export class Keeping {
  readonly #log: Log
  readonly #againMs: number
  #failed = false
  #timer: NodeJS.Timeout | null = null

  constructor(log: Log, againMs = AGAIN_MS) {
    this.#log = log
    this.#againMs = againMs
  }

  /** what is in force was not written yet: a restart would run something older, or nothing */
  get failed(): boolean {
    return this.#failed
  }

  /** `write` throws when it could not; what is asked for later takes the place of what still waits. */
  keep(write: () => void): void {
    this.stop()
    try {
      write()
    } catch {
      if (!this.#failed) this.#log.error('rules.not-kept')
      this.#failed = true
      this.#timer = setTimeout(() => this.keep(write), this.#againMs)
      this.#timer.unref()
      return
    }
    if (this.#failed) this.#log.info('rules.kept')
    this.#failed = false
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
