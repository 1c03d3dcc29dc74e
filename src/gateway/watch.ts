/** The changing side of a call: is the caller still there, how long and how much did it take, what does it hold. */
import type { ServerResponse } from 'node:http'
import type { Leaving } from '../ports/upstream.ts'
import { type Budget, Lease } from './budget.ts'

export class Watch implements Leaving {
  /** the caller's connection went before the answer was complete */
  left = false
  onLeave: (() => void) | null = null
  /** the response is over, for good or ill */
  over = false
  onOver: (() => void) | null = null
  /** set by the pass step when the upstream broke off after the head was sent */
  cut = false
  /** monotonic milliseconds at the start */
  readonly began: number
  /** milliseconds, null = did not happen */
  upstreamMs: number | null = null
  maskMs: number | null = null
  bytesIn = 0
  bytesOut = 0
  upstreamStatus: number | null = null
  /** the journal has the opening line */
  opened = false
  /** the caller's body as it came, kept for the control id of an acknowledgment */
  received: Buffer | null = null
  /** rows of an answer passed on; null = unknown */
  rows: number | null = null
  readonly lease: Lease

  constructor(outgoing: ServerResponse, budget: Budget, began: number) {
    this.began = began
    this.lease = new Lease(budget)
    outgoing.on('close', () => this.#close(outgoing.writableFinished))
  }

  #close(finished: boolean): void {
    if (!finished) {
      this.left = true
      const leave = this.onLeave
      this.onLeave = null
      leave?.()
    }
    this.over = true
    this.lease.end()
    this.onOver?.()
  }
}
