/** `veilgate serve` as a process: it starts from files, follows their changes, keeps records over kills, and stops in order. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { after, afterEach, before, describe, test } from 'node:test'
import { signToken } from '../fixtures/consortium.ts'
import { type Deployment, deploy, type Served, serve } from '../fixtures/deployment.ts'
import { ask, eventually, type Told } from '../fixtures/road.ts'
import { INTERFACES, json, SCOPES } from '../fixtures/scene.ts'
import { httpUpstream, type UpstreamServer } from '../fixtures/upstream.ts'

const get = (port: number, path: string): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
        let text = ''
        answer.on('data', (chunk) => (text += chunk))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      })
      .on('error', reject)
  })

/** ids of the call log */
function recorded(deployment: Deployment): Set<string> {
  const db = new DatabaseSync(deployment.path('state', 'calls.sqlite'), { readOnly: true })
  try {
    return new Set((db.prepare('SELECT id FROM calls').all() as { id: string }[]).map((row) => row.id))
  } finally {
    db.close()
  }
}

describe('serve', { timeout: 240_000 }, () => {
  let upstream: UpstreamServer
  let deployment: Deployment
  const running: Served[] = []
  before(async () => {
    upstream = await httpUpstream((...all) => json('{"brxm":"张三","sfzh":"500103199003070025"}')(...all))
    const probe = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const operations = (probe.address() as { port: number }).port
    await new Promise((resolve) => probe.close(resolve))
    deployment = await deploy({ interfaces: INTERFACES.replaceAll('UPSTREAM', upstream.origin) })
    deployment.write(
      'veilgate.yaml',
      deployment.read('veilgate.yaml').replace('operations: { port: 0 }', `operations: { port: ${operations} }`),
    )
    operationsPort = operations
  })
  let operationsPort = 0
  afterEach(async () => {
    for (const served of running) served.child.kill('SIGKILL')
    await Promise.all(running.map((served) => served.ended))
    running.length = 0
  })
  after(async () => {
    await upstream.close()
    await deployment.remove()
  })
  const start = async (...args: string[]): Promise<Served> => {
    const served = await serve(deployment, ...args)
    running.push(served)
    return served
  }
  const call = async (served: Served, role = 'researcher', host = 'localhost'): Promise<Told> =>
    ask(
      { port: served.port, consortium: deployment.consortium },
      {
        path: '/teaching/records/1',
        headers: { host },
        token: await signToken(deployment.consortium, 'county', { roles: [role], scopes: SCOPES }),
      },
    )

  test('starts, masks, records, follows an edit of the rules and keeps the last good ones', async () => {
    const served = await start()
    const told = await call(served)
    assert.equal(told.status, 200)
    assert.equal(told.json['sfzh'], '***')
    // X16: a name the certificate does not bear
    assert.equal((await call(served, 'researcher', 'other.test')).json['code'], 'BAD_HOST')
    assert.equal((await get(operationsPort, '/healthz')).text, 'ok\n')
    const ready = JSON.parse((await get(operationsPort, '/readyz')).text)
    assert.equal(ready.ready, true)
    assert.equal(ready.bundle, told.headers['veilgate-receipt'])
    assert.match(
      (await get(operationsPort, '/metrics')).text,
      /veilgate_calls_total\{decision="allow",code="OK",outcome="delivered"\} 1/,
    )
    assert.equal((await get(operationsPort, '/api/anomalies')).status, 404)

    const policy = deployment.read('rules/policies/research.yaml')
    deployment.write('rules/policies/research.yaml', policy.replace('resident-id: redact', 'resident-id: drop'))
    await eventuallyAsync(async () => (await call(served)).json['sfzh'] === undefined)
    deployment.write('rules/policies/research.yaml', policy.replace('undecided', 'undecidedd'))
    await eventuallyAsync(async () => (await get(operationsPort, '/readyz')).text.includes('RULES_LAST_GOOD'))
    assert.equal((await get(operationsPort, '/readyz')).status, 200)
    assert.equal((await call(served)).json['sfzh'], undefined)
    assert.match(
      deployment.read('veilgate.log'),
      /"event":"rules\.problem".*"file":"policies\/research\.yaml".*"line":\d+/,
    )

    // a second process on the same state folder, and a restart over the bad draft
    await assert.rejects(serve(deployment), /in use by another process/)
    served.child.kill('SIGTERM')
    assert.equal(await served.ended, 0)
    const again = await start()
    assert.equal((await call(again)).json['sfzh'], undefined)
    assert.match((await get(operationsPort, '/readyz')).text, /RULES_LAST_GOOD/)
    deployment.write('rules/policies/research.yaml', policy)
    await eventuallyAsync(async () => (await call(again)).json['sfzh'] === '***')
    again.child.kill('SIGTERM')
    assert.equal(await again.ended, 0)
    assert.ok(recorded(deployment).size >= 5)
  })

  test('a revocation list and a token key that are replaced count without a restart', async () => {
    const served = await start()
    assert.equal((await call(served)).status, 200)
    const [, issuing] = await deployment.consortium.crls({
      revoked: ['county'],
      number: 2,
      now: new Date(Date.now() + 2000),
    })
    deployment.write('issuing.crl.pem', issuing)
    await eventuallyAsync(async () => (await call(served)).json['code'] === 'CERT_REVOKED')
    const [, lifted] = await deployment.consortium.crls({ number: 3, now: new Date(Date.now() + 4000) })
    deployment.write('issuing.crl.pem', lifted)
    await eventuallyAsync(async () => (await call(served)).status === 200)
    served.child.kill('SIGTERM')
    assert.equal(await served.ended, 0)
  })

  test('kill -9 under load, five times: every call answered 2xx has its record after a restart', async () => {
    const answered = new Set<string>()
    for (let round = 0; round < 5; round++) {
      const served = await start()
      const enough = answered.size + 10
      const token = await signToken(deployment.consortium, 'county', { roles: ['researcher'], scopes: SCOPES })
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (;;) {
            const told = await ask(
              { port: served.port, consortium: deployment.consortium },
              { path: '/teaching/records/1', token },
            ).catch(() => null)
            if (told === null) return
            if (told.status === 200) answered.add(String(told.headers['veilgate-call-id']))
            // in the middle of the others
            if (answered.size >= enough) served.child.kill('SIGKILL')
          }
        }),
      )
      assert.equal(await served.ended, 'SIGKILL')
    }
    const last = await start()
    last.child.kill('SIGTERM')
    assert.equal(await last.ended, 0)
    const kept = recorded(deployment)
    assert.ok(answered.size >= 50)
    assert.deepEqual(
      [...answered].filter((id) => !kept.has(id)),
      [],
    )
  })

  test('two workers: both serve, a dead one is replaced, its calls have records; a lost primary ends them', {
    skip: process.platform !== 'linux' && 'reads /proc',
  }, async () => {
    const served = await start('--workers', '2')
    for (let i = 0; i < 6; i++) assert.equal((await call(served)).status, 200)
    const metrics = (await get(operationsPort, '/metrics')).text
    assert.match(metrics, /outcome="delivered"\} 6/)
    const [victim] = workersOf(served.child.pid!)
    process.kill(victim!, 'SIGKILL')
    await eventually(() => workersOf(served.child.pid!).filter((pid) => pid !== victim).length === 2, 20_000)
    await eventuallyAsync(async () => (await get(operationsPort, '/readyz')).status === 200)
    assert.equal((await call(served)).status, 200)
    assert.match(deployment.read('veilgate.log'), /"event":"worker\.died"/)
    const left = workersOf(served.child.pid!)
    served.child.kill('SIGKILL')
    await served.ended
    await eventually(() => left.every((pid) => !isAlive(pid)), 10_000)
    const again = await start('--workers', '2')
    assert.equal((await call(again)).status, 200)
    again.child.kill('SIGTERM')
    assert.equal(await again.ended, 0)
  })

  test('what cannot start says why and ends with 1', async () => {
    const good = deployment.read('veilgate.yaml')
    const broken = async (change: (text: string) => string, expected: RegExp) => {
      deployment.write('veilgate.yaml', change(good))
      await assert.rejects(serve(deployment), expected)
      deployment.write('veilgate.yaml', good)
    }
    await broken(
      (t) => t.replace('node: test', 'node: test\nnodes: 2'),
      /veilgate\.yaml:2:1: error config: unknown key "nodes"/,
    )
    await broken((t) => t.replace('file: keyring.secret', 'file: nowhere'), /nowhere: cannot be read/)
    await broken(
      (t) => t.replace('{ file: keyring.secret }', '{ env: VEILGATE_TEST_UNSET }'),
      /VEILGATE_TEST_UNSET: .*not set/,
    )
    chmodSync(deployment.path('keyring.secret'), 0o644)
    await assert.rejects(serve(deployment), /readable by group or others/)
    chmodSync(deployment.path('keyring.secret'), 0o600)
  })

  test('a port that is taken is named, with what to change', async () => {
    const good = deployment.read('veilgate.yaml')
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    const taken = async (section: string, change: (text: string) => string): Promise<void> => {
      deployment.write('veilgate.yaml', change(good))
      const words = `${section}: 127\\.0\\.0\\.1:${port} cannot be listened on \\(EADDRINUSE\\): .*${section}\\.port`
      await assert.rejects(serve(deployment), new RegExp(words))
    }
    try {
      await taken('operations', (t) => t.replace(/operations: \{ port: \d+ \}/, `operations: { port: ${port} }`))
      await taken('data', (t) => t.replace(/^ {2}port: \d+$/m, `  port: ${port}`))
      deployment.write('control.secret', 'x'.repeat(43))
      await taken('control', (t) => `${t}\ncontrol: { port: ${port}, secret: { file: control.secret } }\n`)
    } finally {
      deployment.write('veilgate.yaml', good)
      holder.close()
    }
  })

  test('an authority of the demo is refused', async () => {
    const demo = await deploy({ interfaces: INTERFACES.replaceAll('UPSTREAM', upstream.origin) }, 'Veilgate demo')
    try {
      await assert.rejects(serve(demo), /throw-away authority of the demo/)
    } finally {
      await demo.remove()
      rmSync(demo.folder, { recursive: true, force: true })
    }
  })
})

async function eventuallyAsync(holds: () => Promise<boolean>, ms = 10_000): Promise<void> {
  const until = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > until) throw new Error('did not come true in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Child processes, as Linux tells them. */
function workersOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1]!.split(' ')[1] === String(parent)
      } catch {
        return false
      }
    })
    .map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
