/** What every bundle store promises, held against a real file and a real Redis. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { MemoryBundleStore } from '../../src/adapters/bundle-store/memory.ts'
import { RedisBundleStore } from '../../src/adapters/bundle-store/redis.ts'
import { serveStore } from '../../src/adapters/bundle-store/serve-store.ts'
import { SqliteBundleStore } from '../../src/adapters/bundle-store/sqlite.ts'
import { openThreadedStore } from '../../src/adapters/bundle-store/threaded.ts'
import type { Attestation, BundleStore, StoredBundle } from '../../src/ports/bundle-store.ts'
import { bundleId } from '../../src/release/bundle.ts'
import { NO_HISTORY, nextEntry, verifyHistory } from '../../src/release/history.ts'
import type { BundleFile, EntryDraft } from '../../src/release/model.ts'
import { redisMissing, startRedis } from '../services/redis.ts'

interface Subject {
  /** another connection to the same store */
  open(): BundleStore
  end(): Promise<void>
}

const folders: string[] = []
const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-store-'))
  folders.push(folder)
  return join(folder, 'bundles.sqlite')
}
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

async function memory(): Promise<Subject> {
  const store = new MemoryBundleStore()
  return { open: () => store, end: async () => {} }
}

async function sqlite(): Promise<Subject> {
  const path = file()
  const open: BundleStore[] = []
  return {
    open() {
      open.push(new SqliteBundleStore(path))
      return open.at(-1)!
    },
    end: async () => void (await Promise.all(open.map((store) => store.close()))),
  }
}

async function threaded(): Promise<Subject> {
  const path = file()
  const open: BundleStore[] = []
  return {
    open() {
      open.push(openThreadedStore(path))
      return open.at(-1)!
    },
    end: async () => void (await Promise.all(open.map((store) => store.close()))),
  }
}

const at = (port: number, prefix: string) =>
  new RedisBundleStore({ host: '127.0.0.1', port, username: null, password: null, ca: null, prefix })

async function redis(): Promise<Subject> {
  const server = await startRedis()
  const open: BundleStore[] = []
  return {
    open() {
      open.push(at(server.port, 'test'))
      return open.at(-1)!
    },
    async end() {
      await Promise.all(open.map((store) => store.close()))
      await server.stop()
    },
  }
}

const bundle = (n: number): StoredBundle => {
  const files: BundleFile[] = [
    { path: 'elements.yaml', text: `elements: {} # ${n} 姓名 \u{1f512}\n`, encoding: 'utf8' },
    { path: 'samples/a.hl7', text: Buffer.from([0, 13, 255, n]).toString('base64'), encoding: 'base64' },
  ]
  const submission = {
    author: 'lin.wei',
    at: `2026-11-21T08:00:0${n}.000Z`,
    why: '收紧',
    parent: null,
    class: 'looser',
    tests: { passed: 3, failed: 0 },
  } as const
  return { id: bundleId(files), hash: `sha256:${String(n).repeat(64)}`, files, submission }
}

const draft = (n: number): EntryDraft => ({
  at: `2026-11-21T08:00:0${n}.000Z`,
  who: 'lin.wei',
  kind: 'submitted',
  why: `第 ${n} 次`,
  bundle: { id: bundle(1).id, hash: bundle(1).hash },
  parent: null,
  class: 'looser',
  statements: [],
  alarm: false,
})

const attestation = (node: string, seen: string): Attestation => ({
  node,
  hash: bundle(1).hash,
  since: '2026-11-21T08:00:00.000Z',
  seen,
  keyring: '0123456789abcdef0123456789abcdef',
  notes: ['RULES_LAST_GOOD'],
  shadow: {
    bundle: bundle(2).id,
    calls: 7,
    skipped: 1,
    differing: 2,
    tighter: 3,
    looser: 0,
    other: 1,
    errors: { MASK_FAILED: 1 },
  },
})

const noRedis = redisMissing()
for (const [name, make] of Object.entries({ memory, sqlite, threaded, redis }))
  describe(`${name} bundle store`, { skip: name === 'redis' && noRedis, timeout: 60_000 }, () => {
    const subject = (title: string, body: (s: Subject) => Promise<void>) =>
      test(title, async () => {
        const s = await make()
        try {
          await body(s)
        } finally {
          await s.end()
        }
      })

    subject('a bundle is there once, whole, for everyone; the first submission stays', async (s) => {
      const [one, two] = [s.open(), s.open()]
      assert.equal(await one.putBundle(bundle(1)), true)
      const again = { ...bundle(1), submission: { ...bundle(1).submission, author: 'somebody' } }
      assert.equal(await two.putBundle(again), false)
      assert.deepEqual(await two.bundle(bundle(1).id), bundle(1))
      assert.equal(await two.bundle(bundle(2).id), null)
      assert.equal(await two.putBundle(bundle(2)), true)
      const heads = await one.bundles(10)
      assert.deepEqual(
        heads.map((h) => [h.id, h.hash, h.submission.author]),
        [2, 1].map((n) => [bundle(n).id, bundle(n).hash, 'lin.wei']),
      )
      assert.equal((await one.bundles(1)).length, 1)
    })

    subject('the history grows at its end only, and one of two writers loses', async (s) => {
      const [one, two] = [s.open(), s.open()]
      assert.deepEqual(await one.head(), NO_HISTORY)
      const first = nextEntry(draft(1), NO_HISTORY)
      assert.equal(await one.append(first), true)
      assert.equal(await two.append(first), false)
      assert.equal(await two.append(nextEntry(draft(2), NO_HISTORY)), false)
      assert.equal(await two.append({ ...nextEntry(draft(2), first), seq: 3 }), false)
      const racing = await Promise.all([one, two].map((store, n) => store.append(nextEntry(draft(2 + n), first))))
      assert.deepEqual(racing.toSorted(), [false, true])
      const entries = await one.entries(0, 10)
      assert.equal(entries.length, 2)
      assert.deepEqual(entries[0], first)
      assert.deepEqual(await two.head(), verifyHistory(entries))
      assert.deepEqual(await two.entries(1, 10), entries.slice(1))
      assert.deepEqual(await two.entries(0, 1), entries.slice(0, 1))
      assert.deepEqual(await two.entries(2, 10), [])
    })

    subject('each node says one thing of itself, the last', async (s) => {
      const [one, two] = [s.open(), s.open()]
      await one.attest(attestation('b', '2026-11-21T08:00:01.000Z'))
      await two.attest(attestation('a', '2026-11-21T08:00:02.000Z'))
      await two.attest({ ...attestation('b', '2026-11-21T08:00:03.000Z'), hash: null, shadow: null })
      const said = await one.attestations()
      assert.deepEqual(
        said.map((a) => [a.node, a.seen.slice(17, 19), a.hash === null]),
        [
          ['a', '02', false],
          ['b', '03', true],
        ],
      )
      assert.deepEqual(said[0], attestation('a', '2026-11-21T08:00:02.000Z'))
    })
  })

test('the thread answers by code, and to its own questions only', async () => {
  const { port1, port2 } = new MessageChannel()
  serveStore(port2, file())
  const ask = (method: string) =>
    new Promise((resolve) => {
      port1.once('message', resolve)
      port1.postMessage({ id: 7, method, args: [] })
    })
  assert.deepEqual(await ask('head'), { id: 7, value: NO_HISTORY })
  assert.deepEqual(await ask('constructor'), { id: 7, failed: 'STORE_UNAVAILABLE' })
  port1.close()
})

test('sqlite bundle store: what was kept survives, another format and damage are refused by code', async () => {
  const path = file()
  const store = new SqliteBundleStore(path)
  await store.putBundle(bundle(1))
  await store.append(nextEntry(draft(1), NO_HISTORY))
  await store.close()
  const again = new SqliteBundleStore(path)
  assert.deepEqual(await again.bundle(bundle(1).id), bundle(1))
  assert.equal((await again.head()).seq, 1)
  await again.close()
  const db = new DatabaseSync(path)
  db.exec(`UPDATE bundles SET bundle = '{"id":1}'; UPDATE entries SET entry = '[]'`)
  const damaged = new SqliteBundleStore(path)
  await assert.rejects(damaged.bundle(bundle(1).id), { code: 'STORE_DAMAGED' })
  await assert.rejects(damaged.entries(0, 5), { code: 'STORE_DAMAGED' })
  await damaged.close()
  db.exec('PRAGMA user_version = 99')
  db.close()
  assert.throws(() => new SqliteBundleStore(path), { code: 'STORE_VERSION' })
  assert.throws(() => new SqliteBundleStore(join(path, 'below')), { code: 'STORE_UNAVAILABLE' })
  const thread = openThreadedStore(join(path, 'below'))
  await assert.rejects(thread.head(), { code: 'STORE_UNAVAILABLE' })
  await thread.close()
})

test('redis bundle store: a server that may forget is refused', { skip: noRedis, timeout: 60_000 }, async () => {
  for (const settings of [
    ['--appendonly', 'no'],
    ['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru'],
  ]) {
    const server = await startRedis(...settings)
    const store = at(server.port, 'test')
    try {
      await assert.rejects(store.head(), { code: 'STORE_NOT_DURABLE' })
      await assert.rejects(store.putBundle(bundle(1)), { code: 'STORE_NOT_DURABLE' })
    } finally {
      await store.close()
      await server.stop()
    }
  }
})

test('redis bundle store: away is a code, back it goes on; deployments do not see each other', {
  skip: noRedis,
  timeout: 60_000,
}, async () => {
  const server = await startRedis()
  const [store, other] = [at(server.port, 'test'), at(server.port, 'other')]
  try {
    await store.putBundle(bundle(1))
    await store.append(nextEntry(draft(1), NO_HISTORY))
    assert.equal(await other.bundle(bundle(1).id), null)
    assert.deepEqual(await other.head(), NO_HISTORY)
    await server.down()
    await assert.rejects(store.head(), { code: 'STORE_UNAVAILABLE' })
    await server.up()
    const until = Date.now() + 10_000
    while ((await store.head().catch(() => NO_HISTORY)).seq !== 1) assert.ok(Date.now() < until, 'not back in 10 s')
    assert.deepEqual(await store.bundle(bundle(1).id), bundle(1))
  } finally {
    await store.close()
    await other.close()
    await server.stop()
  }
})
