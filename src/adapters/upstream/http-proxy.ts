/**
 * Carries exchanges that nobody has to read, by http-proxy-middleware. Its `responseInterceptor` is never used: a throw in
 * it ends the process and a truncated body becomes a 200. Instead the middleware is wrapped once as a promise: it gets
 * a stand-in for the response, so that only the road's sink writes to the caller.
 */
import { EventEmitter } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { createProxyMiddleware, type Plugin } from 'http-proxy-middleware'
import { GatewayError } from '../../base/errors.ts'
import type { PassingUpstream, PassReport, PassSink, UpstreamRequest, UpstreamTarget } from '../../ports/upstream.ts'
import { upstreamFailure } from './failure.ts'

interface Line {
  readonly spec: string
  readonly agent: http.Agent
  readonly carry: (incoming: IncomingMessage, standIn: ServerResponse) => Promise<void>
}

export interface HttpProxyOptions {
  /** connections to one target */
  readonly connections?: number
}

export class HttpProxyUpstream implements PassingUpstream {
  #lines: ReadonlyMap<string, Line> = new Map()
  readonly #connections: number
  readonly #running = new Set<Promise<unknown>>()

  constructor(options: HttpProxyOptions = {}) {
    this.#connections = options.connections ?? 128
  }

  retarget(targets: ReadonlyMap<string, UpstreamTarget>): void {
    const next = new Map<string, Line>()
    for (const [name, target] of targets) {
      const spec = JSON.stringify(target)
      const old = this.#lines.get(name)
      next.set(name, old?.spec === spec ? old : this.#open(target, spec))
    }
    for (const [name, line] of this.#lines) if (next.get(name) !== line) retire(line.agent)
    this.#lines = next
  }

  async pass(request: UpstreamRequest, incoming: IncomingMessage, sink: PassSink): Promise<PassReport> {
    const line = this.#lines.get(request.target)
    if (line === undefined) throw new GatewayError('UPSTREAM_DOWN')
    if (request.leaving.left) throw new GatewayError('CLIENT_GONE')
    const running = new Passing(request, incoming, sink).run(line)
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      throw upstreamFailure(error)
    } finally {
      this.#running.delete(running)
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#running)
    for (const line of this.#lines.values()) line.agent.destroy()
    this.#lines = new Map()
  }

  #open(target: UpstreamTarget, spec: string): Line {
    const { tls, origin } = target
    const pool = {
      keepAlive: true,
      maxSockets: this.#connections,
      maxFreeSockets: this.#connections,
      scheduling: 'lifo',
    } as const
    const agent = origin.startsWith('https:')
      ? new https.Agent({
          ...pool,
          minVersion: 'TLSv1.2',
          ...(tls?.ca != null && { ca: tls.ca }),
          ...(tls?.cert != null && { cert: tls.cert }),
          ...(tls?.key != null && { key: tls.key }),
          ...(tls?.serverName != null && { servername: tls.serverName }),
        })
      : new http.Agent(pool)
    const middleware = createProxyMiddleware({
      target: origin,
      agent,
      changeOrigin: false,
      xfwd: false,
      followRedirects: false,
      selfHandleResponse: true,
      // the default plugins print addresses and write error pages
      ejectPlugins: true,
      plugins: [hooks],
    })
    return { spec, agent, carry: (incoming, standIn) => middleware(incoming as never, standIn as never, () => {}) }
  }
}

/** Idle connections end now, those in use with their exchange: Agent.destroy() would break them off. */
function retire(agent: http.Agent): void {
  ;(agent as { keepAlive?: boolean }).keepAlive = false
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
}

/** The exchange behind a stand-in: hooks get the middleware's objects, never ours. */
const exchanges = new WeakMap<object, Passing>()

const hooks: Plugin = (proxy) => {
  proxy.on('proxyRes', (answer, _request, standIn) => exchanges.get(standIn)?.answered(answer))
  proxy.on('error', (error, _request, standIn) => {
    if (standIn !== undefined) exchanges.get(standIn)?.failed(error)
  })
  proxy.on('econnreset', (error, _request, standIn) => {
    if (standIn !== undefined) exchanges.get(standIn)?.failed(error)
  })
}

/** What the middleware asks of a response when it does not write to it: three facts, `close`, and destroy. */
class StandIn extends EventEmitter {
  readonly headersSent = false
  finished = false
  writableFinished = false
  destroyed = false
  destroy(): void {
    this.destroyed = true
  }
}

class Passing {
  readonly #request: UpstreamRequest
  readonly #incoming: IncomingMessage
  readonly #sink: PassSink
  readonly #standIn = new StandIn()
  #resolve!: (report: PassReport) => void
  #reject!: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #settled = false
  #status = 0
  #bytesIn = 0
  #bytesOut = 0

  constructor(request: UpstreamRequest, incoming: IncomingMessage, sink: PassSink) {
    this.#request = request
    this.#incoming = incoming
    this.#sink = sink
  }

  run(line: Line): Promise<PassReport> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      const { leaving, path, headers, timeoutMs } = this.#request
      leaving.onLeave = () => this.#finish('client-gone', new GatewayError('CLIENT_GONE'))
      this.#timer = setTimeout(() => this.failed(new GatewayError('UPSTREAM_TIMEOUT')), timeoutMs)
      exchanges.set(this.#standIn, this)
      const incoming = this.#incoming
      const length = incoming.headers['content-length']
      const chunked = incoming.headers['transfer-encoding'] !== undefined
      // The middleware copies the head of what it is given; ours replaces the caller's. The road is done with it.
      incoming.headers = { ...headers }
      if (chunked) incoming.headers['transfer-encoding'] = 'chunked'
      else if (length !== undefined) incoming.headers['content-length'] = length
      incoming.url = path
      incoming.on('data', this.#sent)
      incoming.pause()
      line.carry(incoming, this.#standIn as unknown as ServerResponse).catch((error) => this.failed(error))
    })
  }

  readonly #sent = (chunk: Buffer): void => {
    this.#bytesIn += chunk.length
  }

  answered(answer: IncomingMessage): void {
    if (this.#settled) return void answer.destroy()
    this.#status = answer.statusCode ?? 0
    answer.pause()
    this.#carry(answer).then(
      () => this.#finish('delivered', null),
      (error) => this.failed(error),
    )
  }

  async #carry(answer: IncomingMessage): Promise<void> {
    await this.#sink.head(this.#status, answer.headers)
    for await (const chunk of answer) {
      if (this.#settled) return
      this.#bytesOut += chunk.length
      // the time limit is for the head; after it, for each further piece: large downloads may take their time
      this.#timer?.refresh()
      if (!this.#sink.write(chunk)) await this.#sink.drained()
    }
    // an answer that closed before its declared end also ends the loop on some roads
    if (!answer.complete) throw new GatewayError('UPSTREAM_INVALID')
    await this.#sink.end()
  }

  failed(error: unknown): void {
    this.#finish('cut', error)
  }

  #finish(outcome: PassReport['outcome'], error: unknown): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    this.#request.leaving.onLeave = null
    this.#incoming.off('data', this.#sent)
    this.#standIn.finished = outcome === 'delivered'
    this.#standIn.writableFinished = outcome === 'delivered'
    // lets go of the upstream's connection where the exchange did not end by itself
    this.#standIn.emit('close')
    if (outcome !== 'delivered' && !this.#sink.begun) {
      this.#reject(error)
      return
    }
    if (outcome === 'cut') this.#sink.cut()
    this.#resolve({ status: this.#status, bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, outcome })
  }
}
