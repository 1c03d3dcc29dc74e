/**
 * The way to the caller of an answer that nobody has to read. It opens the record before the first byte, lets only
 * listed fields out, keeps a copy for the row count, and holds back what must be looked at first: the head of a file
 * that may be a record in disguise, and coded bytes (replies are identity-encoded).
 */
import { GatewayError } from '../base/errors.ts'
import type { AnswerHeaders, PassSink } from '../ports/upstream.ts'
import { overloaded } from './budget.ts'
import type { PermittedCall } from './call.ts'
import { type Coding, codings } from './decode.ts'
import { parseMediaType, single } from './headers.ts'
import { asAnswerFailure, decoded } from './payload.ts'
import { looksLikeRecord, SNIFF_BYTES } from './sniff.ts'

export interface PassageOptions {
  readonly call: PermittedCall
  /** writes the opening line */
  readonly open: () => Promise<void>
  /** rows of a whole answer, null when it cannot be said; never throws */
  readonly countRows: ((body: Buffer, charset: string | null) => number | null) | null
  readonly closing: () => boolean
}

export class Passage implements PassSink {
  readonly #o: PassageOptions
  #head: string[] = []
  #status = 0
  #charset: string | null = null
  #applied: readonly Coding[] = []
  /** chunks not sent yet: sniffed or decoded first; null = bytes go straight through */
  #held: Buffer[] | null = null
  #heldBytes = 0
  /** copy for the row count; null = given up or not wanted */
  #copy: Buffer[] | null
  #copied = 0
  /** bytes handed on */
  sent = 0

  constructor(options: PassageOptions) {
    this.#o = options
    this.#copy = options.countRows === null ? null : []
  }

  get begun(): boolean {
    return this.#o.call.outgoing.headersSent
  }

  get status(): number {
    return this.#status
  }

  async head(status: number, headers: AnswerHeaders): Promise<void> {
    const { call, open } = this.#o
    const { entry } = call.permit
    if (status === 206 || status < 200 || status > 599) throw new GatewayError('UPSTREAM_UNMASKABLE')
    const media = parseMediaType(single(headers, 'content-type') ?? '')
    const bodiless = call.method === 'HEAD' || status === 204 || status === 304
    if (!bodiless && headers['content-length'] !== '0' && (media === null || !this.#declared(media.name)))
      throw new GatewayError('UPSTREAM_UNMASKABLE')
    const coding = headers['content-encoding']
    const applied = Array.isArray(coding) ? null : codings(coding)
    if (applied === null) throw new GatewayError('UPSTREAM_UNMASKABLE')
    this.#applied = bodiless ? [] : applied
    this.#status = status
    this.#charset = media?.charset ?? null
    if (!bodiless && (entry.masking === 'none' || this.#applied.length > 0)) this.#held = []
    this.#head = ['cache-control', 'no-store', 'veilgate-call-id', call.id]
    if (media !== null)
      this.#head.push('content-type', media.charset === null ? media.name : `${media.name}; charset=${media.charset}`)
    const length = single(headers, 'content-length')
    if (!bodiless && this.#applied.length === 0 && length !== undefined) this.#head.push('content-length', length)
    await open()
    if (this.#held === null) this.#send()
  }

  #declared(name: string): boolean {
    const { call } = this.#o
    return call.snapshot.wire(call.permit.entry).answers.has(name)
  }

  /** Throws while nothing was sent; the answer is then refused as a whole. */
  write(chunk: Buffer): boolean {
    this.#keepCopy(chunk)
    if (this.#held === null) return this.#pass(chunk)
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    if (this.#applied.length > 0) {
      if (this.#heldBytes > this.#o.call.permit.entry.body.max) throw new GatewayError('UPSTREAM_TOO_LARGE')
      if (!this.#o.call.watch.lease.tryTake(chunk.length)) throw overloaded()
      return true
    }
    return this.#heldBytes < SNIFF_BYTES ? true : this.#release()
  }

  drained(): Promise<void> {
    const { outgoing } = this.#o.call
    return new Promise((resolve) => {
      const done = () => {
        outgoing.off('drain', done)
        outgoing.off('close', done)
        resolve()
      }
      outgoing.on('drain', done)
      // a response that is gone never drains: waiting for that alone would keep the upstream's connection for ever
      outgoing.on('close', done)
    })
  }

  async end(): Promise<void> {
    const { call } = this.#o
    if (this.#applied.length > 0 && this.#held !== null) await this.#decode()
    if (this.#held !== null) this.#release()
    call.outgoing.end()
    this.#count()
  }

  cut(): void {
    this.#o.call.watch.cut = true
    this.#o.call.outgoing.destroy()
  }

  #send(): void {
    const { outgoing } = this.#o.call
    if (this.#o.closing()) this.#head.push('connection', 'close')
    outgoing.writeHead(this.#status, this.#head)
  }

  #pass(chunk: Buffer): boolean {
    this.sent += chunk.length
    this.#o.call.watch.bytesOut = this.sent
    return this.#o.call.outgoing.write(chunk)
  }

  #release(): boolean {
    const bytes = Buffer.concat(this.#held ?? [], this.#heldBytes)
    this.#held = null
    const { entry } = this.#o.call.permit
    if (entry.masking === 'none' && looksLikeRecord(bytes.subarray(0, SNIFF_BYTES)))
      throw new GatewayError('UPSTREAM_UNMASKABLE')
    this.#send()
    return bytes.length === 0 || this.#pass(bytes)
  }

  async #decode(): Promise<void> {
    const { call } = this.#o
    const coded = Buffer.concat(this.#held ?? [], this.#heldBytes)
    const plain = coded.length === 0 ? coded : await this.#plain(coded)
    call.watch.lease.give(coded.length)
    this.#held = [plain]
    this.#heldBytes = plain.length
    this.#copy = this.#o.countRows === null ? null : [plain]
    this.#copied = plain.length
    this.#head.push('content-length', String(plain.length))
  }

  async #plain(coded: Buffer): Promise<Buffer> {
    try {
      return await decoded(this.#o.call, coded, this.#applied)
    } catch (error) {
      throw asAnswerFailure(error)
    }
  }

  #keepCopy(chunk: Buffer): void {
    if (this.#copy === null || this.#applied.length > 0) return
    const { watch, permit } = this.#o.call
    if (this.#copied + chunk.length > permit.entry.body.max || !watch.lease.tryTake(chunk.length)) {
      // a count is no reason to hold room that bodies wait for, least of all as long as a download lasts
      this.#copy = null
      watch.lease.give(this.#copied)
      return
    }
    this.#copied += chunk.length
    this.#copy.push(chunk)
  }

  #count(): void {
    const { countRows, call } = this.#o
    if (countRows === null || this.#copy === null) return
    call.watch.rows = this.#copied === 0 ? 0 : countRows(Buffer.concat(this.#copy, this.#copied), this.#charset)
  }
}
