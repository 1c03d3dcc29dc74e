/** Connections: who gets in, who stays in, who leaves, and how the road ends. */
import assert from 'node:assert/strict'
import https from 'node:https'
import { describe, test } from 'node:test'
import tls from 'node:tls'
import { mint } from '../fixtures/consortium.ts'
import { ask, askRaw, clientTls, eventually, startRoad } from '../fixtures/road.ts'
import { INTERFACES, json, type Scene, startScene } from '../fixtures/scene.ts'

async function withScene(
  run: (scene: Scene) => Promise<void>,
  options: Parameters<typeof startScene>[0] = {},
): Promise<void> {
  const scene = await startScene(options)
  try {
    await run(scene)
  } finally {
    await scene.close()
  }
}

describe('handshake', () => {
  test('X01: no certificate, an unknown authority, TLS 1.1 and h2 alone get no HTTP answer', () =>
    withScene(async (scene) => {
      const stranger = await mint()
      await assert.rejects(ask(scene.road, { as: null }))
      const foreign = { ...clientTls(stranger, 'county'), ca: scene.road.consortium.ca }
      const connect = (options: tls.ConnectionOptions): Promise<string> =>
        new Promise((resolve, reject) => {
          const socket = tls.connect({ host: '127.0.0.1', port: scene.road.port, ...options }, () => {
            socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
          })
          socket.on('data', (data) => {
            resolve(data.toString())
            socket.destroy()
          })
          socket.on('error', reject)
          socket.on('close', () => reject(new Error('closed')))
        })
      await assert.rejects(connect(foreign))
      const own = clientTls(scene.road.consortium, 'county')
      await assert.rejects(connect({ ...own, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }))
      await assert.rejects(connect({ ...own, ALPNProtocols: ['h2'] }))
      assert.match(await connect(own), /^HTTP\/1\.1 401/)
      assert.match(scene.road.metrics.render(), /refused_connections_total\{reason="TLS"\} [3-9]/)
    }))
})

describe('revocation', () => {
  test('X02, X04: counts on an open keep-alive connection and on a resumed session at once', () =>
    withScene(async (scene) => {
      const { road } = scene
      const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
      assert.equal((await scene.ask({ agent })).status, 200)
      const connect = (session?: Buffer): Promise<tls.TLSSocket> =>
        new Promise((resolve, reject) => {
          const socket = tls.connect(
            {
              ...clientTls(road.consortium, 'county'),
              host: '127.0.0.1',
              port: road.port,
              ...(session && { session }),
            },
            () => resolve(socket),
          )
          socket.on('error', reject)
        })
      const first = await connect()
      const ticket = new Promise<Buffer>((resolve) => first.once('session', resolve))
      first.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      const session = await ticket
      first.destroy()
      await road.revoke(['county'])
      const open = await scene.ask({ agent })
      assert.equal(open.json['code'], 'CERT_REVOKED')
      const resumed = await connect(session)
      assert.equal(resumed.isSessionReused(), true)
      const answer = await new Promise<string>((resolve) => {
        resumed.once('data', (data) => resolve(data.toString()))
        resumed.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      })
      assert.match(answer, /CERT_REVOKED/)
      resumed.destroy()
      agent.destroy()
      assert.equal((await ask(road, { as: 'research' })).json['code'], 'TOKEN_MISSING')
    }))

  test('X03: a list past its nextUpdate refuses its certificates', async () => {
    let now = Date.now()
    await withScene(
      async (scene) => {
        assert.equal((await ask(scene.road)).json['code'], 'TOKEN_MISSING')
        now += 26 * 3600_000
        assert.equal((await ask(scene.road)).json['code'], 'CRL_UNAVAILABLE')
      },
      { now: () => now },
    )
  })
})

describe('limits', () => {
  test('one certificate takes no more than its share of connections', () =>
    withScene(
      async (scene) => {
        const open: tls.TLSSocket[] = []
        let closed = 0
        for (let i = 0; i < 5; i++) {
          const socket = tls.connect({
            ...clientTls(scene.road.consortium, 'county'),
            host: '127.0.0.1',
            port: scene.road.port,
          })
          socket.on('error', () => {})
          socket.on('close', () => closed++)
          open.push(socket)
        }
        await eventually(() => closed === 2)
        assert.equal((await ask(scene.road, { as: 'research' })).status, 401)
        for (const socket of open) socket.destroy()
      },
      { limits: { connectionsPerCertificate: 3 } },
    ))

  test('bodies over the budget wait, then 503 OVERLOADED with Retry-After; the budget is given back', () =>
    withScene(
      async (scene) => {
        scene.answer = (_s, _i, outgoing) => {
          outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '900000' })
          outgoing.flushHeaders()
          setTimeout(() => outgoing.end(Buffer.alloc(900_000, 32).fill('{}', 0, 2)), 600)
        }
        const told = await Promise.all([scene.ask(), scene.ask(), scene.ask()])
        const codes = told.map((t) => t.status).sort()
        assert.deepEqual(codes, [200, 503, 503])
        assert.ok(told.find((t) => t.status === 503)!.headers['retry-after'])
        await eventually(() => scene.road.budget.used === 0)
        assert.equal(scene.road.budget.waiting, 0)
      },
      { budget: { limit: 1 << 20, patienceMs: 200 } },
    ))
})

describe('leaving', () => {
  test('a caller that leaves ends its upstream call, on both roads, and has a record', () =>
    withScene(async (scene) => {
      for (const role of ['doctor', 'auditor']) {
        let ended = false
        scene.answer = (_s, _i, outgoing) => {
          outgoing.on('close', () => (ended = true))
          if (role === 'auditor') outgoing.writeHead(200, { 'content-type': 'application/json' }).write('{')
        }
        const before = scene.upstream.requests.length
        const records = scene.road.journal.records.length
        const leave = new AbortController()
        const asked = scene.ask({ role, signal: leave.signal })
        asked.catch(() => {})
        await eventually(() => scene.upstream.requests.length === before + 1)
        leave.abort()
        await assert.rejects(asked)
        await eventually(() => ended)
        await eventually(() => scene.road.journal.records.length === records + 1)
        assert.equal(scene.road.journal.records.at(-1)!.outcome, 'client-gone')
        assert.equal(scene.road.journal.records.at(-1)!.code, 'CLIENT_GONE')
      }
      assert.equal(scene.road.budget.used, 0)
    }))

  const many = Math.max(200, Math.round(10_000 * Number(process.env.VEILGATE_SCALE ?? 0.02)))
  test(`${many} callers that leave while the upstream streams do not wedge the road`, { timeout: 300_000 }, () =>
    withScene(
      async (scene) => {
        scene.answer = (_s, _i, outgoing) => {
          // gone before its request was read to the end: nobody will say close any more
          if (outgoing.destroyed) return
          outgoing.writeHead(200, { 'content-type': 'application/json' })
          const timer = setInterval(() => outgoing.write(Buffer.alloc(16_384, 32)), 2)
          outgoing.on('close', () => clearInterval(timer))
        }
        const token = await scene.token('doctor')
        const passing = await scene.token('auditor')
        for (let left = many; left > 0; left -= 20)
          await Promise.all(
            Array.from({ length: Math.min(20, left) }, async (_, i) => {
              const signal = AbortSignal.timeout(20 + (i % 5) * 10)
              await assert.rejects(
                ask(scene.road, { path: '/teaching/records/1', token: i % 2 === 0 ? token : passing, signal }),
              )
            }),
          )
        scene.answer = json('{"brxm":"张三"}')
        assert.equal((await scene.ask()).status, 200)
        assert.equal((await scene.ask({ role: 'auditor' })).status, 200)
        await eventually(() => scene.road.listener.running === 0 && scene.road.budget.used === 0)
      },
      { limits: { connectionsPerCertificate: 1000 } },
    ),
  )
})

describe('stopping', () => {
  test('answers say Connection: close, calls under way are finished, then the port is closed', () =>
    withScene(async (scene) => {
      scene.answer = (_s, _i, outgoing) =>
        void setTimeout(() => outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}'), 200)
      const agent = new https.Agent({ keepAlive: true })
      const slow = scene.ask({ agent })
      await eventually(() => scene.upstream.requests.length === 1)
      scene.road.setClosing(true)
      const stopped = scene.road.listener.stop(5000)
      const told = await slow
      assert.equal(told.status, 200)
      assert.equal(told.headers['connection'], 'close')
      await stopped
      await assert.rejects(ask(scene.road), /ECONNREFUSED/)
      assert.equal(scene.road.journal.records.at(-1)!.outcome, 'delivered')
      agent.destroy()
    }))

  test('a call that does not end in time is broken off, and its record says so', () =>
    withScene(async (scene) => {
      scene.answer = () => {}
      const hanging = scene.ask()
      hanging.catch(() => {})
      await eventually(() => scene.upstream.requests.length === 1)
      await scene.road.listener.stop(100)
      await assert.rejects(hanging)
      await eventually(() => scene.road.journal.records.length === 1)
    }))
})

test('a new certificate counts for new connections without a restart', () =>
  withScene(async (scene) => {
    const serial = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = tls.connect(
          { ...clientTls(scene.road.consortium, 'county'), host: '127.0.0.1', port: scene.road.port },
          () => {
            resolve(socket.getPeerCertificate().serialNumber)
            socket.destroy()
          },
        )
        socket.on('error', reject)
      })
    const before = await serial()
    const next = await mint()
    const { ca } = scene.road.consortium
    scene.road.listener.renew({ cert: next.server.chain, key: next.server.privateKey, ca })
    await assert.rejects(serial(), /self.signed|unable to verify|issuer/i)
    assert.equal(before, scene.road.consortium.server.serial)
  }))

test('no rules in force: POLICY_UNAVAILABLE', async () => {
  const road = await startRoad({ interfaces: INTERFACES, upstream: 'http://127.0.0.1:1' })
  try {
    road.swap(null as never)
    assert.equal((await ask(road)).json['code'], 'POLICY_UNAVAILABLE')
    assert.match((await askRaw(road, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).text, /^HTTP\/1\.1 503 /)
  } finally {
    await road.close()
  }
})
