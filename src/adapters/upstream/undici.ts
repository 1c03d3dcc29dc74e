/**
 * Carries what must be read and masked: undici's dispatch with one small object per exchange, the body gathered into one
 * buffer of the declared length. undici's `request()` and its streams cost about 8 microseconds a call more.
 */
import { buildConnector, type Dispatcher, Pool } from 'undici'
import { GatewayError } from '../../base/errors.ts'
import type {
  AnswerHeaders,
  ReadAnswer,
  ReadingUpstream,
  Room,
  UpstreamRequest,
  UpstreamTarget,
} from '../../ports/upstream.ts'
import { type Deadline, Deadlines } from './deadlines.ts'
import { codeOf, upstreamFailure } from './failure.ts'

export interface UndiciOptions {
  /** connections to one target */
  readonly connections?: number
  /** milliseconds an idle connection is kept */
  readonly keepAliveMs?: number
  /** milliseconds until a connection must stand */
  readonly connectMs?: number
}

interface Line {
  readonly pool: Pool
  readonly spec: string
  /** connections begun so far: unchanged while an exchange ran = it ran on a reused one */
  connects: number
}

const MAX_HEADER_BYTES = 64 * 1024

export class UndiciUpstream implements ReadingUpstream {
  #lines: ReadonlyMap<string, Line> = new Map()
  readonly #options: Required<UndiciOptions>

  constructor(options: UndiciOptions = {}) {
    this.#options = { connections: 128, keepAliveMs: 20_000, connectMs: 5_000, ...options }
  }

  retarget(targets: ReadonlyMap<string, UpstreamTarget>): void {
    const next = new Map<string, Line>()
    for (const [name, target] of targets) {
      const spec = JSON.stringify(target)
      const old = this.#lines.get(name)
      next.set(name, old?.spec === spec ? old : this.#open(target, spec))
    }
    for (const [name, line] of this.#lines) if (next.get(name) !== line) line.pool.close().catch(() => {})
    this.#lines = next
  }

  async exchange(request: UpstreamRequest, body: Buffer | null, room: Room): Promise<ReadAnswer> {
    const line = this.#lines.get(request.target)
    if (line === undefined) throw new GatewayError('UPSTREAM_DOWN')
    const connects = line.connects
    const deadline = performance.now() + request.timeoutMs
    const first = new Exchange()
    try {
      return await first.run(line.pool, request, room, body, request.timeoutMs)
    } catch (error) {
      const again =
        (request.method === 'GET' || request.method === 'HEAD') &&
        !first.answered &&
        line.connects === connects &&
        !request.leaving.left &&
        CLOSED.has(codeOf(error))
      const left = deadline - performance.now()
      if (!again || left <= 0) throw upstreamFailure(error)
      try {
        return await new Exchange().run(line.pool, request, room, body, left)
      } catch (second) {
        throw upstreamFailure(second)
      }
    }
  }

  async close(): Promise<void> {
    const lines = [...this.#lines.values()]
    this.#lines = new Map()
    await Promise.all(lines.map((line) => line.pool.close()))
  }

  #open(target: UpstreamTarget, spec: string): Line {
    const { connections, keepAliveMs, connectMs } = this.#options
    const tls = target.tls
    const connector = buildConnector({
      timeout: connectMs,
      allowH2: false,
      minVersion: 'TLSv1.2',
      ...(tls?.ca != null && { ca: tls.ca }),
      ...(tls?.cert != null && { cert: tls.cert }),
      ...(tls?.key != null && { key: tls.key }),
    })
    const line: Line = {
      spec,
      connects: 0,
      pool: new Pool(target.origin, {
        connections,
        pipelining: 1,
        allowH2: false,
        keepAliveTimeout: keepAliveMs,
        // the road's own deadline counts for the whole exchange
        headersTimeout: 0,
        bodyTimeout: 0,
        maxHeaderSize: MAX_HEADER_BYTES,
        connect: (options, callback) => {
          line.connects++
          // undici takes the name from the Host field, which is not what the certificate was configured for
          connector(tls?.serverName == null ? options : { ...options, servername: tls.serverName }, callback)
        },
      }),
    }
    return line
  }
}

/** a connection that the other side closed; with no byte of an answer a safe request may be sent once more */
const CLOSED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** What an attempt needs of the call it is made for. */
interface Errand {
  readonly request: UpstreamRequest
  readonly room: Room
  readonly resolve: (answer: ReadAnswer) => void
  readonly reject: (error: unknown) => void
}

/**
 * One attempt. Its own class because a fresh closure per callback shows in the profile. It lets go of the call when it
 * is settled: undici holds on to a handler for longer, and a whole call behind each made every young collection copy
 * megabytes.
 */
class Exchange implements Dispatcher.DispatchHandler, Deadline {
  /** any byte of an answer was seen */
  answered = false
  due = 0
  before: Deadline | null = null
  after: Deadline | null = null
  #errand: Errand | null = null
  #controller: Dispatcher.DispatchController | null = null
  #stopped: unknown = null
  #status = 0
  #headers: AnswerHeaders = {}
  /** declared length, -1 when there is none */
  #length = -1
  #body: Buffer | null = null
  #chunks: Buffer[] | null = null
  #got = 0

  run(pool: Pool, request: UpstreamRequest, room: Room, body: Buffer | null, timeoutMs: number): Promise<ReadAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ReadAnswer>()
    this.#errand = { request, room, resolve, reject }
    this.#start(pool, request, body, timeoutMs)
    return promise
  }

  // no closure here may see the request: undici keeps it for longer than the call
  #start(
    pool: Pool,
    { leaving, method, path, headers }: UpstreamRequest,
    body: Buffer | null,
    timeoutMs: number,
  ): void {
    if (leaving.left) {
      this.#fail(new GatewayError('CLIENT_GONE'))
      return
    }
    leaving.onLeave = this.#onLeave
    deadlines.add(this, timeoutMs)
    try {
      pool.dispatch({ method: method as Dispatcher.HttpMethod, path, headers, body }, this)
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly #onLeave = (): void => this.#stop(new GatewayError('CLIENT_GONE'))

  expire(): void {
    this.#stop(new GatewayError('UPSTREAM_TIMEOUT'))
  }

  /** Thrown at, undici leaves the request out; aborted, it would close the connection, and each caller who left cost one. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#stopped !== null) throw this.#stopped
    this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.answered = true
    const errand = this.#errand
    if (status < 200 || errand === null) return
    this.#status = status
    this.#headers = headers
    if (errand.request.method === 'HEAD' || status === 204 || status === 304) return
    const declared = headers['content-length']
    if (declared === undefined) {
      this.#chunks = []
      return
    }
    const length = typeof declared === 'string' && /^\d{1,15}$/.test(declared) ? Number(declared) : -1
    if (length < 0) {
      this.#stop(new GatewayError('UPSTREAM_INVALID'))
      return
    }
    if (length > errand.room.maxBytes) {
      this.#stop(new GatewayError('UPSTREAM_TOO_LARGE'))
      return
    }
    this.#length = length
    this.#wait(controller, length)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const errand = this.#errand
    if (errand === null) return
    const got = this.#got
    const total = (this.#got = got + chunk.length)
    if (this.#chunks !== null) {
      if (total > errand.room.maxBytes) {
        this.#stop(new GatewayError('UPSTREAM_TOO_LARGE'))
        return
      }
      this.#chunks.push(chunk)
      this.#wait(controller, chunk.length)
      return
    }
    if (this.#length < 0 || total > this.#length) {
      this.#stop(new GatewayError('UPSTREAM_INVALID'))
      return
    }
    // the usual small answer comes in one piece: no copy
    if (got === 0 && total === this.#length) this.#body = chunk
    else (this.#body ??= Buffer.allocUnsafeSlow(this.#length)).set(chunk, got)
  }

  onResponseEnd(): void {
    if (this.#stopped !== null) {
      this.#fail(this.#stopped)
      return
    }
    if (this.#status === 0 || (this.#length >= 0 && this.#got !== this.#length)) {
      this.#fail(new GatewayError('UPSTREAM_INVALID'))
      return
    }
    const body = this.#chunks !== null ? Buffer.concat(this.#chunks, this.#got) : (this.#body ?? EMPTY)
    const answer: ReadAnswer = { status: this.#status, headers: this.#headers, body }
    this.#settle()?.resolve(answer)
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#fail(this.#stopped ?? error)
  }

  #wait(controller: Dispatcher.DispatchController, bytes: number): void {
    const room = this.#errand?.room.take(bytes) ?? null
    if (room === null) return
    controller.pause()
    room.then(
      () => this.#stopped === null && controller.resume(),
      (error) => this.#stop(error),
    )
  }

  /** Ends the attempt from our side: also while it is queued, paused or half read. */
  #stop(reason: unknown): void {
    if (this.#errand === null || this.#stopped !== null) return
    this.#stopped = reason
    this.#controller?.abort(reason as Error)
    this.#fail(reason)
  }

  #fail(error: unknown): void {
    this.#settle()?.reject(error)
  }

  /** null: it is settled already */
  #settle(): Errand | null {
    const errand = this.#errand
    if (errand === null) return null
    errand.request.leaving.onLeave = null
    deadlines.remove(this)
    this.#errand = null
    this.#controller = null
    this.#body = null
    this.#chunks = null
    this.#headers = {}
    return errand
  }
}

const deadlines = new Deadlines()
const EMPTY: Buffer = Buffer.alloc(0)
