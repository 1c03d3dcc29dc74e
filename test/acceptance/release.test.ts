/**
 * Releases under live traffic, through `veilgate serve` and the commands: two nodes that share Redis, one node with its
 * own file, one with signatures beside its folder. X58: nobody loosens alone; an edited file, a forged or repeated
 * entry, an altered state folder and a store that is away change nothing that runs.
 */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RedisBundleStore } from '../../src/adapters/bundle-store/redis.ts'
import { nextEntry } from '../../src/release/history.ts'
import type { EntryDraft } from '../../src/release/model.ts'
import { signToken } from '../fixtures/consortium.ts'
import { ask } from '../fixtures/road.ts'
import { json } from '../fixtures/scene.ts'
import { httpUpstream, type UpstreamServer } from '../fixtures/upstream.ts'
import { type RedisServer, redisMissing, startRedis } from '../services/redis.ts'
import { type Deployment, deploy, type Serving } from './fixtures/deployment.ts'
import { Bench, type Officers, officers } from './fixtures/officers.ts'
import { INTERFACES, POLICIES, until } from './fixtures/plain-scene.ts'

const CELL = /resident-id: [^,}]+ }/
const cell = (treatment: string) => ({
  'policies/research.yaml': (text: string) => text.replace(CELL, `resident-id: ${treatment} }`),
})
const ID = '500103199003070025'
/** five seconds, and more only where other work holds the processors */
const MS = loadavg()[0]! > 2 * availableParallelism() ? 30_000 : 5000

interface Node {
  readonly deployment: Deployment
  serving: Serving
  /** the researcher's view of the resident id; null: no answer */
  seen(): Promise<string | null>
  ready(): Promise<{ status: number; reasons: string[]; notes: string[]; bundle: string | null }>
}

async function startNode(upstream: UpstreamServer, rules: string, node: string, from?: Deployment): Promise<Node> {
  const deployment = await deploy({
    upstream: upstream.origin,
    interfaces: INTERFACES,
    policies: { care: POLICIES['care']!, research: POLICIES['research']! },
    rules,
    node,
  })
  // nodes of one consortium have one authority and one issuer
  for (const name of from === undefined
    ? []
    : ['ca.pem', 'root.crl.pem', 'issuing.crl.pem', 'server.pem', 'server.key', 'jwks.json'])
    cpSync(join(from!.folder, name), join(deployment.folder, name))
  const consortium = from?.consortium ?? deployment.consortium
  const own = { ...deployment, consortium }
  const serving = await serveUnready(own)
  const token = await signToken(consortium, 'county', { roles: ['researcher'], scopes: ['his'], lifetimeSeconds: 3000 })
  return {
    deployment: own,
    serving,
    async seen() {
      const reply = await ask(own, { path: '/teaching/records/1', token }).catch(() => null)
      if (reply === null) return null
      return reply.status === 200 ? String(reply.json['sfzh']) : null
    },
    async ready() {
      const { status, text } = await own.operations('/readyz')
      return { status, ...(JSON.parse(text) as { reasons: string[]; notes: string[]; bundle: string | null }) }
    },
  }
}

/** A node without any release is not ready, and serves as soon as there is one. */
async function serveUnready(deployment: Deployment): Promise<Serving> {
  const serving = await deployment.serve(503)
  const said = async () => (await deployment.operations('/readyz')).text
  await until(async () => !(await said()).includes('STARTING'), 'it has started')
  return serving
}

/** All nodes show this value, within five seconds; what else they show is told. */
async function sees(nodes: readonly Node[], value: string): Promise<void> {
  const began = performance.now()
  for (;;) {
    const seen = await Promise.all(nodes.map((n) => n.seen()))
    if (seen.every((v) => v === value)) break
    assert.ok(performance.now() - began < MS, `${value} is not live: ${seen.join(', ')}`)
    await sleep(50)
  }
}

describe('two nodes and Redis', { skip: redisMissing(), timeout: 240_000 }, () => {
  let redis: RedisServer
  let upstream: UpstreamServer
  let people: Officers
  let nodes: Node[] = []
  let bench: Bench
  const rules = () =>
    `{ source: store, approvers: ${people.approvers}, store: { redis: { host: 127.0.0.1, port: ${redis.port} } } }`
  const store = () =>
    new RedisBundleStore({
      host: '127.0.0.1',
      port: redis.port,
      username: null,
      password: null,
      ca: null,
      prefix: 'rules',
    })

  before(async () => {
    redis = await startRedis()
    upstream = await httpUpstream(json(`{"brxm":"张三","sfzh":"${ID}"}`))
    people = await officers('lin.wei', 'chen.yu')
    const first = await startNode(upstream, rules(), 'node-1')
    nodes = [first, await startNode(upstream, rules(), 'node-2', first.deployment)]
    bench = new Bench(first.deployment.folder, people)
  })
  after(async () => {
    for (const each of open) await each.close()
    for (const { serving, deployment } of nodes) {
      await serving.stop()
      deployment.remove()
    }
    await upstream?.close()
    await redis?.stop()
    people?.remove()
  })

  const open: { close(): Promise<void> }[] = []
  const drafts = { masked: '', tight: '', loose: '' }

  test('before the first release nothing is forwarded; two people release it', async () => {
    for (const node of nodes) {
      const { status, reasons, bundle } = await node.ready()
      assert.deepEqual({ status, reasons, bundle }, { status: 503, reasons: ['POLICY_UNAVAILABLE'], bundle: null })
      assert.equal(await node.seen(), null)
    }
    assert.equal(upstream.requests.length, 0)
    const masked = await bench.submit('lin.wei', cell('mask'))
    drafts.masked = masked
    assert.equal((await bench.approve(masked, 'lin.wei')).code, 0)
    assert.match((await bench.activate(masked, 'lin.wei')).err, /APPROVAL_OWN/)
    assert.equal((await bench.approve(masked, 'chen.yu')).code, 0)
    assert.equal((await bench.activate(masked, 'lin.wei')).code, 0)
    await sees(nodes, '5***************25')
    for (const node of nodes) assert.equal((await node.ready()).status, 200)
  })

  test('tightening: one person, live on both nodes within 5 s', async () => {
    const tight = await bench.submit('lin.wei', cell('redact'))
    drafts.tight = tight
    await bench.release(tight, 'lin.wei')
    await sees(nodes, '***')
    await until(
      async () => (await Promise.all(nodes.map((n) => n.ready()))).every((r) => r.notes.includes('RELEASE_TO_REVIEW')),
      'it waits for a review',
    )
    assert.match((await bench.approve(tight, 'lin.wei', '--review')).err, /APPROVAL_TWICE/)
    assert.equal((await bench.approve(tight, 'chen.yu', '--review')).code, 0)
    await until(async () => !(await nodes[1]!.ready()).notes.includes('RELEASE_TO_REVIEW'), 'reviewed')
  })

  test('loosening: not alone, with two it is; nodes attest it', async () => {
    const loose = await bench.submit('lin.wei', cell('keep'))
    drafts.loose = loose
    assert.match((await bench.approve(loose, 'lin.wei')).out, /APPROVAL_OWN/)
    assert.match((await bench.activate(loose, 'lin.wei')).err, /APPROVAL_OWN/)
    assert.match((await bench.approve(loose, 'lin.wei')).err, /APPROVAL_TWICE/)
    assert.deepEqual(await Promise.all(nodes.map((n) => n.seen())), ['***', '***'])
    assert.equal((await bench.approve(loose, 'chen.yu')).code, 0)
    assert.equal((await bench.activate(loose, 'chen.yu')).code, 0)
    await sees(nodes, ID)
    const hash = (await nodes[0]!.ready()).bundle
    type Said = { nodes: { node: string; hash: string; keyring: string }[]; bundles: { id: string; state: string }[] }
    const said = async () => JSON.parse(await bench.good('bundles', '--json')) as Said
    await until(async () => (await said()).nodes.every((n) => n.hash === hash), 'both attest', 10_000)
    assert.deepEqual(
      (await said()).nodes.map((n) => n.node),
      ['node-1', 'node-2'],
    )
    assert.deepEqual(
      (await said()).bundles.map((b) => b.state),
      ['active', 'past', 'past'],
    )
  })

  test('rollback: one person, an alarm, and the history tells who, when and why', async () => {
    assert.equal((await bench.rollback(drafts.tight.slice(7, 19), 'chen.yu')).code, 0)
    await sees(nodes, '***')
    for (const { deployment } of nodes)
      assert.match(deployment.read('veilgate.log'), /"release\.rollback".*"high"|"high".*"release\.rollback"/)
    const [last] = (await bench.good('history', '--limit', '1')).split('\n')
    assert.match(last!, /activated +rollback +[0-9a-f]{12} +chen\.yu +回退 +\(!\)$/)
    assert.match(last!, /20\d\d-\d\d-\d\dT\d\d:\d\d/)
  })

  test('a file edited on a node changes nothing that runs', async () => {
    for (const { deployment } of nodes)
      writeFileSync(
        join(deployment.folder, 'rules/policies/research.yaml'),
        POLICIES['research']!.replace(CELL, 'resident-id: keep }'),
      )
    const node = nodes[1]!
    await node.serving.kill()
    node.serving = await node.deployment.serve()
    assert.deepEqual(await Promise.all(nodes.map((n) => n.seen())), ['***', '***'])
  })

  test('forged, repeated and backdated entries in Redis change nothing, and are said', async () => {
    const redisStore = store()
    open.push(redisStore)
    const before = (await nodes[0]!.ready()).bundle
    const entries = await redisStore.entries(0, 1000)
    const loosening = entries.find((e) => e.kind === 'activated' && e.bundle!.id === drafts.loose)!
    const forge = async (change: Partial<EntryDraft>) => {
      const { seq: _s, prev: _p, hash: _h, ...draft } = loosening
      const head = await redisStore.head()
      const last = (await redisStore.entries(head.seq - 1, 1))[0]!
      assert.equal(await redisStore.append(nextEntry({ ...draft, at: last.at, ...change }, head)), true)
    }
    await forge({})
    await forge({ statements: [], class: 'tighter' })
    await forge({ parent: entries.findLast((e) => e.kind === 'activated')!.bundle!.hash })
    await forge({ statements: [loosening.statements[0]!.replace(/.{8}$/, 'AAAAAAAA')] })
    await until(async () => (await nodes[0]!.ready()).notes.includes('RELEASE_REFUSED'), 'it is said')
    await until(async () => (await nodes[1]!.ready()).notes.includes('RELEASE_REFUSED'), 'it is said')
    assert.deepEqual(await Promise.all(nodes.map((n) => n.seen())), ['***', '***'])
    assert.deepEqual(await Promise.all(nodes.map(async (n) => (await n.ready()).bundle)), [before, before])
    assert.deepEqual(await Promise.all(nodes.map(async (n) => (await n.ready()).status)), [200, 200])
  })

  test('Redis stops and comes back: calls go on, a restart runs what was in force, releases go on', async () => {
    await redis.down()
    await until(async () => (await nodes[0]!.ready()).notes.includes('RELEASE_STORE_AWAY'), 'the store is away', 15_000)
    assert.equal((await nodes[0]!.ready()).status, 200)
    const node = nodes[1]!
    await node.serving.kill()
    node.serving = await node.deployment.serve()
    assert.deepEqual(await Promise.all(nodes.map((n) => n.seen())), ['***', '***'])
    await redis.up()
    await until(async () => !(await nodes[0]!.ready()).notes.includes('RELEASE_STORE_AWAY'), 'it is back', 15_000)
    const again = await bench.submit('chen.yu', cell('drop'))
    await bench.release(again, 'chen.yu')
    await sees(nodes, 'undefined')
  })

  test('an altered state folder is not believed', async () => {
    const node = nodes[1]!
    await node.serving.stop()
    const kept = join(node.deployment.folder, 'state/release.kept.json')
    const { body, ...rest } = JSON.parse(readFileSync(kept, 'utf8')) as { body: string }
    writeFileSync(kept, JSON.stringify({ ...rest, body: body.replace('resident-id: drop', 'resident-id: keep') }))
    await redis.down()
    node.serving = await serveUnready(node.deployment)
    const { reasons, notes } = await node.ready()
    assert.deepEqual(reasons, ['POLICY_UNAVAILABLE'])
    assert.ok(notes.includes('RELEASE_KEPT_ALTERED'))
    await redis.up()
    await sees(nodes, 'undefined')
  })

  test('nothing secret is in Redis or in the logs', () => {
    for (const { deployment } of nodes) {
      const log = deployment.read('veilgate.log')
      assert.ok(!log.includes(ID) && !log.includes('张三'))
    }
  })
})

describe('one node and its own file', { timeout: 240_000 }, () => {
  let upstream: UpstreamServer
  let people: Officers
  let node: Node
  let bench: Bench

  before(async () => {
    upstream = await httpUpstream(json(`{"brxm":"张三","sfzh":"${ID}"}`))
    people = await officers('lin.wei', 'chen.yu')
    node = await startNode(upstream, `{ source: store, approvers: ${people.approvers} }`, 'single')
    bench = new Bench(node.deployment.folder, people)
  })
  after(async () => {
    await node?.serving.stop()
    node?.deployment.remove()
    await upstream?.close()
    people?.remove()
  })

  test('two release, one tightens, one rolls back', async () => {
    const masked = await bench.submit('lin.wei', cell('mask'))
    await bench.release(masked, 'lin.wei', 'chen.yu')
    await sees([node], '5***************25')
    await bench.release(await bench.submit('lin.wei', cell('redact')), 'lin.wei')
    await sees([node], '***')
    assert.equal((await bench.rollback(masked, 'chen.yu')).code, 0)
    await sees([node], '5***************25')
    assert.match((await bench.submit('lin.wei', cell('mask')).catch(String)) as string, /NOTHING_CHANGED/)
  })

  test('a candidate runs beside the rules in force: counts only, and replies stay as they are', async () => {
    const id = await bench.submit('lin.wei', cell('drop'))
    const signer = people.as('chen.yu')
    assert.match((await bench.run('shadow', id, ...signer, '--share', '200')).err, /percentage/)
    await bench.good('shadow', id, ...signer, '--share', '100', '--for', '10m', '--why', '试运行')
    type Said = {
      nodes: {
        shadow: null | {
          bundle: string
          calls: number
          differing: number
          tighter: number
          looser: number
          errors: object
        }
      }[]
    }
    const shadow = async () => (JSON.parse(await bench.good('bundles', '--json')) as Said).nodes[0]?.shadow ?? null
    await until(
      async () => {
        assert.equal(await node.seen(), '5***************25')
        return ((await shadow())?.calls ?? 0) >= 3
      },
      'counts arrive',
      60_000,
    )
    const counts = (await shadow())!
    assert.equal(counts.bundle, id)
    assert.deepEqual([counts.differing, counts.tighter, counts.looser], [counts.calls, counts.calls, 0])
    assert.deepEqual(counts.errors, {})
    assert.ok(!JSON.stringify(counts).includes(ID))
    const whole = readFileSync(join(node.deployment.folder, 'state/bundles.sqlite')).toString('latin1')
    assert.ok(!whole.includes(ID), 'no value is kept')
  })

  test('a folder edited beside the store changes nothing, and neither does its removal from the history', async () => {
    const path = join(node.deployment.folder, 'rules/policies/research.yaml')
    writeFileSync(path, readFileSync(path, 'utf8').replace(CELL, 'resident-id: keep }'))
    await sleep(1500)
    assert.equal(await node.seen(), '5***************25')
    const db = new DatabaseSync(join(node.deployment.folder, 'state/bundles.sqlite'))
    db.exec('PRAGMA busy_timeout = 5000; DELETE FROM entries WHERE seq > 3')
    db.close()
    await until(async () => (await node.ready()).notes.includes('RELEASE_HISTORY_BROKEN'), 'it is said')
    assert.equal(await node.seen(), '5***************25')
    assert.equal((await node.ready()).status, 200)
  })
})
