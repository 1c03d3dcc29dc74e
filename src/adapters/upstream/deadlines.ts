/**
 * Deadlines of exchanges under way, looked through together every few milliseconds. A timer of its own for each of them
 * costs more than the rest of its bookkeeping, and nearly none ever fires.
 */

/** An exchange that may take too long: a link of the list. */
export interface Deadline {
  /** milliseconds on the monotonic clock */
  due: number
  before: Deadline | null
  after: Deadline | null
  expire(): void
}

/** how late a deadline may be noticed */
const EVERY_MS = 20

export class Deadlines {
  #first: Deadline | null = null
  #timer: NodeJS.Timeout | undefined

  add(deadline: Deadline, timeoutMs: number): void {
    deadline.due = performance.now() + timeoutMs
    deadline.before = null
    deadline.after = this.#first
    if (this.#first !== null) this.#first.before = deadline
    this.#first = deadline
    this.#timer ??= setInterval(() => this.#look(), EVERY_MS)
  }

  /** Takes it out; again is nothing. */
  remove(deadline: Deadline): void {
    const { before, after } = deadline
    if (before === null && this.#first !== deadline) return
    if (before === null) this.#first = after
    else before.after = after
    if (after !== null) after.before = before
    deadline.before = null
    deadline.after = null
  }

  #look(): void {
    if (this.#first === null) {
      clearInterval(this.#timer)
      this.#timer = undefined
      return
    }
    const now = performance.now()
    // one that expires may take others out with it: what to look at is settled first
    const over: Deadline[] = []
    for (let at: Deadline | null = this.#first; at !== null; at = at.after) if (at.due <= now) over.push(at)
    for (const deadline of over) deadline.expire()
  }
}
