/** All buffered bytes of all calls together have a budget; over it bodies wait their turn, then the call is OVERLOADED. */
import { GatewayError } from '../base/errors.ts'

interface Waiter {
  readonly bytes: number
  readonly admit: () => void
}

export interface BudgetOptions {
  /** bytes */
  readonly limit: number
  /** milliseconds a body may wait */
  readonly patienceMs: number
  /** told when more than 16 MiB are held, and again when it is less than a quarter of that */
  readonly crowd?: { readonly crowded: () => void; readonly eased: () => void }
}

const CROWD = 16 << 20

export class Budget {
  #used = 0
  #crowded = false
  readonly #crowd: BudgetOptions['crowd']
  readonly #limit: number
  readonly #patienceMs: number
  /** first come, first served: a large body is not overtaken for ever */
  readonly #waiting = new Set<Waiter>()

  constructor(options: BudgetOptions) {
    this.#limit = options.limit
    this.#patienceMs = options.patienceMs
    this.#crowd = options.crowd
  }

  get used(): number {
    return this.#used
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** null = taken; else resolves when taken, rejects with OVERLOADED. */
  take(bytes: number): Promise<void> | null {
    if (this.tryTake(bytes)) return null
    if (bytes > this.#limit) return Promise.reject(overloaded())
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter)
        reject(overloaded())
        this.#admit()
      }, this.#patienceMs)
      const waiter: Waiter = {
        bytes,
        admit: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      this.#waiting.add(waiter)
    })
  }

  /** Taken if there is room now: for what can be done without. */
  tryTake(bytes: number): boolean {
    if (this.#waiting.size > 0 || this.#used + bytes > this.#limit) return false
    this.force(bytes)
    return true
  }

  /** Counts bytes that exist already (a masked body): they are there whether or not there is room. */
  force(bytes: number): void {
    this.#used += bytes
    if (this.#used <= CROWD || this.#crowded) return
    this.#crowded = true
    this.#crowd?.crowded()
  }

  give(bytes: number): void {
    this.#used -= bytes
    if (this.#crowded && this.#used < CROWD / 4) {
      this.#crowded = false
      this.#crowd?.eased()
    }
    if (this.#waiting.size > 0) this.#admit()
  }

  #admit(): void {
    for (const waiter of this.#waiting) {
      if (this.#used + waiter.bytes > this.#limit) return
      this.#waiting.delete(waiter)
      this.force(waiter.bytes)
      waiter.admit()
    }
  }
}

export const overloaded = (): GatewayError => new GatewayError('OVERLOADED', { retryAfter: 1 })

/** What one call holds of the budget; given back whole when the call ends, whatever happened. */
export class Lease {
  readonly #budget: Budget
  #held = 0
  #ended = false

  constructor(budget: Budget) {
    this.#budget = budget
  }

  get held(): number {
    return this.#held
  }

  take(bytes: number): Promise<void> | null {
    if (this.#ended) return null
    const wait = this.#budget.take(bytes)
    if (wait === null) {
      this.#held += bytes
      return null
    }
    return wait.then(() => {
      // the call may have ended while it stood in the queue
      if (this.#ended) this.#budget.give(bytes)
      else this.#held += bytes
    })
  }

  tryTake(bytes: number): boolean {
    if (this.#ended || !this.#budget.tryTake(bytes)) return false
    this.#held += bytes
    return true
  }

  force(bytes: number): void {
    if (this.#ended) return
    this.#held += bytes
    this.#budget.force(bytes)
  }

  give(bytes: number): void {
    if (this.#ended) return
    const given = Math.min(bytes, this.#held)
    this.#held -= given
    this.#budget.give(given)
  }

  end(): void {
    this.#ended = true
    const held = this.#held
    this.#held = 0
    if (held > 0) this.#budget.give(held)
  }
}
