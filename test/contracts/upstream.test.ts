/** The contract of the upstream leg (ports/upstream.ts): both adapters sit the same exam. */
import assert from 'node:assert/strict'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import { HttpProxyUpstream } from '../../src/adapters/upstream/http-proxy.ts'
import { UndiciUpstream } from '../../src/adapters/upstream/undici.ts'
import { type Code, GatewayError, isGatewayError } from '../../src/base/errors.ts'
import type { AnswerHeaders, PassSink, UpstreamRequest, UpstreamTarget } from '../../src/ports/upstream.ts'
import { consortium } from '../fixtures/consortium.ts'
import { closedPort, httpsUpstream, httpUpstream, rawUpstream, type UpstreamServer } from '../fixtures/upstream.ts'

interface Answer {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly body: Buffer
}

interface Ask {
  readonly method?: string
  readonly path?: string
  readonly body?: Buffer | null
  readonly timeoutMs?: number
  readonly maxBytes?: number
  readonly headers?: Record<string, string>
  readonly leaving?: { left: boolean; onLeave: (() => void) | null }
}

/** An adapter behind one face: the whole answer, or the coded failure. */
interface Candidate {
  readonly name: string
  /** answers are read whole: a limit holds */
  readonly reads: boolean
  ask(target: UpstreamTarget, ask?: Ask): Promise<Answer>
  close(): Promise<void>
}

const requestOf = (ask: Ask): UpstreamRequest => ({
  callId: '0190',
  method: ask.method ?? 'GET',
  path: ask.path ?? '/x',
  headers: { host: 'upstream.test', accept: '*/*', ...ask.headers },
  target: 't',
  timeoutMs: ask.timeoutMs ?? 5000,
  leaving: ask.leaving ?? { left: false, onLeave: null },
})

function undici(): Candidate {
  const upstream = new UndiciUpstream({ connectMs: 1000 })
  return {
    name: 'undici',
    reads: true,
    ask: (target, ask = {}) => {
      upstream.retarget(new Map([['t', target]]))
      return upstream.exchange(requestOf(ask), ask.body ?? null, {
        maxBytes: ask.maxBytes ?? 1 << 20,
        take: () => null,
      })
    },
    close: () => upstream.close(),
  }
}

/** The passing adapter needs a caller: a local server that hands each request over to it. */
async function httpProxy(): Promise<Candidate> {
  const upstream = new HttpProxyUpstream()
  const waiting: ((incoming: IncomingMessage, outgoing: ServerResponse) => void)[] = []
  const front = http.createServer((incoming, outgoing) => waiting.shift()?.(incoming, outgoing))
  front.setMaxListeners(0)
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const { port } = front.address() as AddressInfo
  return {
    name: 'http-proxy-middleware',
    reads: false,
    async ask(target, ask = {}) {
      upstream.retarget(new Map([['t', target]]))
      const arrived = new Promise<[IncomingMessage, ServerResponse]>((resolve) =>
        waiting.push((i, o) => resolve([i, o])),
      )
      const caller = http.request({ host: '127.0.0.1', port, method: ask.method ?? 'GET', agent: false })
      caller.on('error', () => {})
      caller.end(ask.body ?? undefined)
      const [incoming, outgoing] = await arrived
      const sink = new Collecting()
      try {
        const report = await upstream.pass(requestOf(ask), incoming, sink)
        if (report.outcome === 'cut') throw new GatewayError('UPSTREAM_INVALID')
        if (report.outcome === 'client-gone') throw new GatewayError('CLIENT_GONE')
        return { status: sink.status, headers: sink.headers, body: Buffer.concat(sink.chunks) }
      } finally {
        outgoing.destroy()
      }
    },
    async close() {
      await upstream.close()
      front.close()
      front.closeAllConnections()
    },
  }
}

class Collecting implements PassSink {
  status = 0
  headers: AnswerHeaders = {}
  chunks: Buffer[] = []
  begun = false
  head(status: number, headers: AnswerHeaders): void {
    this.begun = true
    this.status = status
    this.headers = headers
  }
  write(chunk: Buffer): boolean {
    this.chunks.push(chunk)
    return true
  }
  async drained(): Promise<void> {}
  async end(): Promise<void> {}
  cut(): void {}
}

const plain = (server: { readonly origin: string }): UpstreamTarget => ({ origin: server.origin, tls: null })

async function refusedWith(code: Code, asked: Promise<unknown>): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(isGatewayError(error), `not a coded error: ${String(error)}`)
    assert.equal(error.code, code)
    return true
  })
}

for (const make of [undici, httpProxy]) {
  const candidate = await make()
  describe(`upstream contract: ${candidate.name}`, () => {
    const servers: UpstreamServer[] = []
    const up = async (server: Promise<UpstreamServer>): Promise<UpstreamServer> => {
      const started = await server
      servers.push(started)
      return started
    }
    after(async () => {
      await Promise.all(servers.map((s) => s.close()))
      await candidate.close()
    })

    test('passes method, path, listed headers and body, and gives status, headers and body back', async () => {
      const server = await up(
        httpUpstream((_seen, _incoming, outgoing) => {
          outgoing.writeHead(201, { 'content-type': 'application/json', 'x-own': 'a' })
          outgoing.end('{"a":1}')
        }),
      )
      const body = Buffer.from('{"b":2}')
      const answer = await candidate.ask(plain(server), {
        method: 'POST',
        path: '/p/1?q=2',
        body,
        headers: { 'veilgate-role': 'doctor' },
      })
      assert.equal(answer.status, 201)
      assert.equal(answer.headers['x-own'], 'a')
      assert.equal(answer.body.toString(), '{"a":1}')
      const seen = server.requests[0]!
      assert.equal(seen.method, 'POST')
      assert.equal(seen.url, '/p/1?q=2')
      assert.equal(seen.headers['veilgate-role'], 'doctor')
      assert.equal(seen.headers.host, 'upstream.test')
      assert.equal(seen.headers['x-forwarded-for'], undefined)
      assert.equal(seen.body.toString(), '{"b":2}')
    })

    test('reads chunked answers, drops 1xx and trailers', async () => {
      const server = await up(
        rawUpstream((socket) =>
          socket.write(
            'HTTP/1.1 103 Early Hints\r\nLink: </secret>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Name\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Name: zhang\r\n\r\n',
          ),
        ),
      )
      const answer = await candidate.ask(plain(server))
      assert.equal(answer.status, 200)
      assert.equal(answer.body.toString(), 'abcdefg')
      assert.equal(answer.headers['x-name'], undefined)
      assert.equal(answer.headers.link, undefined)
    })

    test('redirects are answers', async () => {
      const server = await up(
        httpUpstream((_s, _i, outgoing) => void outgoing.writeHead(302, { location: '/other' }).end()),
      )
      assert.equal((await candidate.ask(plain(server))).status, 302)
      assert.equal(server.requests.length, 1)
    })

    test('HEAD, 204 and 304 have no body', async () => {
      const server = await up(
        httpUpstream((seen, _i, outgoing) => {
          if (seen.method === 'HEAD') outgoing.writeHead(200, { 'content-length': '1000' }).end()
          else outgoing.writeHead(Number(seen.url.slice(1))).end()
        }),
      )
      assert.equal((await candidate.ask(plain(server), { method: 'HEAD' })).body.length, 0)
      assert.equal((await candidate.ask(plain(server), { path: '/204' })).status, 204)
      assert.equal((await candidate.ask(plain(server), { path: '/304' })).status, 304)
    })

    test('nobody listens: UPSTREAM_DOWN', async () => {
      const target = { origin: `http://127.0.0.1:${await closedPort()}`, tls: null }
      await refusedWith('UPSTREAM_DOWN', candidate.ask(target))
    })

    test('no answer in time, before the head and within the body: UPSTREAM_TIMEOUT', async () => {
      const mute = await up(rawUpstream(() => {}))
      await refusedWith('UPSTREAM_TIMEOUT', candidate.ask(plain(mute), { timeoutMs: 100 }))
      if (!candidate.reads) return
      const slow = await up(rawUpstream((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')))
      await refusedWith('UPSTREAM_TIMEOUT', candidate.ask(plain(slow), { timeoutMs: 100 }))
    })

    test('cut off mid-body, by length and by chunk: UPSTREAM_INVALID', async () => {
      for (const head of ['Content-Length: 10\r\n\r\nabc', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n']) {
        const server = await up(rawUpstream((socket) => socket.end(`HTTP/1.1 200 OK\r\n${head}`)))
        await refusedWith('UPSTREAM_INVALID', candidate.ask(plain(server), { method: 'POST' }))
      }
    })

    test('garbage instead of HTTP: UPSTREAM_INVALID', async () => {
      const server = await up(rawUpstream((socket) => socket.end('SSH-2.0-OpenSSH_9\r\n')))
      await refusedWith('UPSTREAM_INVALID', candidate.ask(plain(server)))
    })

    test('two framings or two lengths in an answer: UPSTREAM_INVALID', async () => {
      for (const head of [
        'Content-Length: 3\r\nContent-Length: 5',
        'Content-Length: 3\r\nTransfer-Encoding: chunked',
      ]) {
        const server = await up(rawUpstream((socket) => socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\nabc`)))
        await refusedWith('UPSTREAM_INVALID', candidate.ask(plain(server), { timeoutMs: 500 }))
      }
    })

    test('TLS: a foreign authority, a wrong name, a missing client certificate are UPSTREAM_TLS; all right is an answer', async () => {
      const { server, ca, clients } = await consortium()
      const own = {
        cert: server.chain,
        key: server.privateKey,
        ca,
        requestCert: true,
        rejectUnauthorized: true,
        maxVersion: 'TLSv1.2',
      } as const
      const secure = await up(httpsUpstream(own, (_s, _i, outgoing) => void outgoing.end('ok')))
      const county = clients.get('county')!
      const tls = { ca, cert: county.chain, key: county.privateKey, serverName: 'localhost' }
      const target = (change: object): UpstreamTarget => ({ origin: secure.origin, tls: { ...tls, ...change } })
      assert.equal((await candidate.ask(target({}))).body.toString(), 'ok')
      await refusedWith('UPSTREAM_TLS', candidate.ask(target({ ca: null })))
      await refusedWith('UPSTREAM_TLS', candidate.ask(target({ serverName: 'other.invalid' })))
      await refusedWith('UPSTREAM_TLS', candidate.ask(target({ cert: null, key: null })))
    })

    test('over the limit, declared and chunked: UPSTREAM_TOO_LARGE', {
      skip: !candidate.reads && 'the sink limits',
    }, async () => {
      const declared = await up(httpUpstream((_s, _i, outgoing) => void outgoing.end(Buffer.alloc(3000))))
      await refusedWith('UPSTREAM_TOO_LARGE', candidate.ask(plain(declared), { maxBytes: 2000 }))
      const chunked = await up(
        httpUpstream((_s, _i, outgoing) => {
          for (let i = 0; i < 30; i++) outgoing.write(Buffer.alloc(100_000))
        }),
      )
      await refusedWith('UPSTREAM_TOO_LARGE', candidate.ask(plain(chunked), { maxBytes: 1 << 20 }))
    })

    test('a request that may change something goes out once, also when a reused connection closed', async () => {
      const server = await up(
        rawUpstream((socket, _text, nth) => {
          if (nth === 2) socket.destroy()
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        }),
      )
      await candidate.ask(plain(server), { method: 'POST' })
      await new Promise((resolve) => setTimeout(resolve, 20))
      await refusedWith('UPSTREAM_INVALID', candidate.ask(plain(server), { method: 'POST' }))
      assert.equal(server.requests.length, 2)
    })

    test('GET goes out once more when a reused connection closed before any byte, and never on a fresh one', {
      skip: !candidate.reads && "the caller's bytes may be gone",
    }, async () => {
      const reused = await up(
        rawUpstream((socket, _text, nth) => {
          if (nth === 2) socket.destroy()
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        }),
      )
      await candidate.ask(plain(reused))
      await new Promise((resolve) => setTimeout(resolve, 20))
      assert.equal((await candidate.ask(plain(reused))).body.toString(), 'ok')
      assert.equal(reused.requests.length, 3)
      const fresh = await up(rawUpstream((socket) => socket.destroy()))
      await refusedWith('UPSTREAM_INVALID', candidate.ask(plain(fresh)))
      assert.equal(fresh.requests.length, 1)
    })

    test('a caller that left ends its exchange at once', async () => {
      const server = await up(rawUpstream(() => {}))
      const leaving = { left: false, onLeave: null as (() => void) | null }
      const asked = candidate.ask(plain(server), { leaving })
      await eventually(() => server.requests.length === 1)
      leaving.left = true
      leaving.onLeave?.()
      await refusedWith('CLIENT_GONE', asked)
      await refusedWith('CLIENT_GONE', candidate.ask(plain(server), { leaving }))
    })

    const many = Math.max(200, Math.round(10_000 * Number(process.env.VEILGATE_SCALE ?? 0.02)))
    test(`${many} callers that leave while the upstream streams do not wedge it`, { timeout: 120_000 }, async () => {
      const server = await up(
        httpUpstream((seen, _i, outgoing) => {
          if (seen.url === '/end') return void outgoing.end('ok')
          // a caller that left before its request was read to the end: nobody will say close any more
          if (outgoing.destroyed) return
          const timer = setInterval(() => outgoing.write(Buffer.alloc(4096)), 1)
          outgoing.on('close', () => clearInterval(timer))
        }),
      )
      for (let left = many; left > 0; left -= 50) {
        await Promise.all(
          Array.from({ length: Math.min(50, left) }, async () => {
            const leaving = { left: false, onLeave: null as (() => void) | null }
            const asked = candidate.ask(plain(server), { leaving, maxBytes: 1 << 30 })
            asked.catch(() => {})
            setTimeout(
              () => {
                leaving.left = true
                leaving.onLeave?.()
              },
              2 + (left % 7),
            )
            await refusedWith('CLIENT_GONE', asked)
          }),
        )
      }
      assert.equal((await candidate.ask(plain(server), { path: '/end' })).body.toString(), 'ok')
    })

    test('an exchange keeps its connections when the targets change, and the old ones end after it', async () => {
      const slow = await up(httpUpstream((_s, _i, outgoing) => void setTimeout(() => outgoing.end('slow'), 100)))
      const other = await up(httpUpstream((_s, _i, outgoing) => void outgoing.end('other')))
      const first = candidate.ask(plain(slow))
      await eventually(() => slow.requests.length === 1)
      assert.equal((await candidate.ask(plain(other))).body.toString(), 'other')
      assert.equal((await first).body.toString(), 'slow')
    })
  })
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.ok(holds())
}
