/** Reading a request's body whole: one buffer of the declared length, within the entry's limit, the budget and a time. */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../base/errors.ts'
import type { Lease } from './budget.ts'

export interface BodyLimits {
  readonly maxBytes: number
  /** milliseconds for the whole body */
  readonly timeoutMs: number
}

/** RFC 9112 6.3: a request has a body exactly when one of the two fields says so. */
export function hasBody(incoming: IncomingMessage): boolean {
  const { headers } = incoming
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/**
 * Resolves with the whole body. Rejects with BODY_TOO_LARGE, REQUEST_TIMEOUT, OVERLOADED, or CLIENT_GONE when the
 * connection ended first.
 */
export async function readBody(incoming: IncomingMessage, limits: BodyLimits, lease: Lease): Promise<Buffer> {
  const field = incoming.headers['content-length']
  const declared = field === undefined ? -1 : Number(field)
  if (declared > limits.maxBytes) throw new GatewayError('BODY_TOO_LARGE')
  if (declared > 0) await lease.take(declared)
  return new Promise((resolve, reject) => new Reading(incoming, declared, limits, lease, resolve, reject))
}

class Reading {
  readonly #incoming: IncomingMessage
  readonly #declared: number
  readonly #limits: BodyLimits
  readonly #lease: Lease
  readonly #resolve: (body: Buffer) => void
  readonly #reject: (error: unknown) => void
  readonly #timer: NodeJS.Timeout
  #body: Buffer | null = null
  #chunks: Buffer[] = []
  #got = 0

  constructor(
    incoming: IncomingMessage,
    declared: number,
    limits: BodyLimits,
    lease: Lease,
    resolve: (body: Buffer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#incoming = incoming
    this.#declared = declared
    this.#limits = limits
    this.#lease = lease
    this.#resolve = resolve
    this.#reject = reject
    this.#timer = setTimeout(() => this.#fail(new GatewayError('REQUEST_TIMEOUT')), limits.timeoutMs)
    incoming.on('data', this.#data)
    incoming.on('end', this.#end)
    incoming.on('close', this.#close)
    incoming.on('error', this.#close)
  }

  readonly #data = (chunk: Buffer): void => {
    const got = this.#got
    this.#got = got + chunk.length
    if (this.#declared >= 0) {
      // the parser never hands out more than was declared
      if (got === 0 && chunk.length === this.#declared) this.#body = chunk
      else (this.#body ??= Buffer.allocUnsafeSlow(this.#declared)).set(chunk, got)
      return
    }
    if (this.#got > this.#limits.maxBytes) {
      this.#fail(new GatewayError('BODY_TOO_LARGE'))
      return
    }
    this.#chunks.push(chunk)
    const wait = this.#lease.take(chunk.length)
    if (wait === null) return
    this.#incoming.pause()
    wait.then(
      () => this.#incoming.resume(),
      (error) => this.#fail(error),
    )
  }

  readonly #end = (): void => {
    this.#release()
    this.#resolve(this.#declared >= 0 ? (this.#body ?? EMPTY) : Buffer.concat(this.#chunks, this.#got))
  }

  readonly #close = (): void => this.#fail(new GatewayError('CLIENT_GONE'))

  #fail(error: unknown): void {
    this.#release()
    this.#chunks = []
    this.#reject(error)
  }

  #release(): void {
    clearTimeout(this.#timer)
    const incoming = this.#incoming
    incoming.off('data', this.#data)
    incoming.off('end', this.#end)
    incoming.off('close', this.#close)
    incoming.off('error', this.#close)
    // a reset after this has nobody to tell, but must not end the process
    incoming.on('error', () => {})
  }
}

const EMPTY: Buffer = Buffer.alloc(0)
