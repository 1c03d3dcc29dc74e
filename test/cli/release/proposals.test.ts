/** Proposals that are not released: refused by an approver, withdrawn by their author; over every store there is. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { MemoryBundleStore } from '../../../src/adapters/bundle-store/memory.ts'
import { RedisBundleStore } from '../../../src/adapters/bundle-store/redis.ts'
import { SqliteBundleStore } from '../../../src/adapters/bundle-store/sqlite.ts'
import { StoreDesk } from '../../../src/cli/release/desk.ts'
import type { BundleStore } from '../../../src/ports/bundle-store.ts'
import type { StatementRequest } from '../../../src/ports/release.ts'
import { nextEntry } from '../../../src/release/history.ts'
import { type Person, people, publicOf } from '../../fixtures/approvers.ts'
import { rulesWithMobile } from '../../fixtures/release-rules.ts'
import { redisMissing, startRedis } from '../../services/redis.ts'

interface Opened {
  readonly store: BundleStore
  end(): Promise<void>
}

const OPEN: Readonly<Record<string, () => Promise<Opened>>> = {
  async memory() {
    return { store: new MemoryBundleStore(), end: async () => {} }
  },
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'veilgate-proposals-'))
    const store = new SqliteBundleStore(join(folder, 'bundles.sqlite'))
    return { store, end: async () => store.close().then(() => rmSync(folder, { recursive: true, force: true })) }
  },
  async redis() {
    const server = await startRedis()
    const at = { host: '127.0.0.1', port: server.port, username: null, password: null, ca: null, prefix: 'test' }
    const store = new RedisBundleStore(at)
    return { store, end: async () => store.close().then(() => server.stop()) }
  },
}

async function scene(store: BundleStore, approval: 'required' | 'off' = 'required') {
  const pair = (await people('lin.wei', 'chen.yu')) as [Person, Person]
  const clock = { now: Date.parse('2026-11-21T08:00:00Z') }
  const options = { roster: pair.map(publicOf), approval, source: 'store', today: () => '2026-11-21' } as const
  const open = () => new StoreDesk({ ...options, store, now: () => clock.now })
  const desk = open()
  const prepared = async (who: Person, request: StatementRequest) => who.sign((await desk.prepare(request)).claims)
  const sign = async (who: Person, request: StatementRequest) => desk.approve(await prepared(who, request))
  const submit = async (cell: string, author = 'lin.wei') => {
    const said = await desk.submit({ files: rulesWithMobile(cell), author, why: '测试' })
    assert.equal(said.refused, null, JSON.stringify(said.problems))
    return said.bundle!.id
  }
  const release = async (id: string) => {
    for (const who of pair) await sign(who, { act: 'release', id, why: '发布' })
    assert.equal((await desk.activate(id, 'lin.wei', '发布')).released, true)
  }
  const stateOf = async (id: string, of = desk) => (await of.bundles()).find((b) => b.id === id)
  return { desk, open, pair, clock, prepared, sign, submit, release, stateOf }
}

for (const [name, open] of Object.entries(OPEN))
  describe(`proposals over ${name}`, { skip: name === 'redis' ? redisMissing() : false }, () => {
    test('an approver refuses: signatures until then are void, submitted again it begins anew', async () => {
      const { store, end } = await open()
      try {
        const s = await scene(store)
        const [lin, chen] = s.pair
        await s.release(await s.submit('mask'))
        const id = await s.submit('keep')
        const kept = await s.prepared(chen, { act: 'release', id, why: '事先签好' })
        assert.deepEqual((await s.sign(lin, { act: 'release', id, why: '' })).signed, ['lin.wei'])
        s.clock.now += 1000
        const said = await s.sign(chen, { act: 'refuse', id, why: '手机号不可放宽' })
        assert.deepEqual(said, { released: true, refused: null, signed: ['chen.yu'], needs: 1 })
        const seen = await s.stateOf(id)
        assert.deepEqual(
          [seen?.state, seen?.signed, seen?.closed?.by, seen?.closed?.why],
          ['refused', [], 'chen.yu', '手机号不可放宽'],
        )
        // whoever reads the store anew comes to the same end
        assert.equal((await s.stateOf(id, s.open()))?.state, 'refused')
        assert.equal((await s.desk.history(1))[0]?.kind, 'refused')
        assert.equal((await s.desk.approve(kept)).refused, 'PROPOSAL_CLOSED')
        assert.equal((await s.desk.activate(id, 'lin.wei', '')).refused, 'PROPOSAL_CLOSED')
        await assert.rejects(s.desk.prepare({ act: 'refuse', id, why: 'x' }), /PROPOSAL_NOT_OPEN/)
        assert.equal(await s.submit('keep'), id)
        const again = await s.stateOf(id)
        assert.deepEqual([again?.state, again?.signed, again?.closed], ['draft', [], null])
        // signed before the refusal, kept aside, handed in now
        assert.equal((await s.desk.approve(kept)).refused, 'PROPOSAL_CLOSED')
        assert.equal((await s.desk.activate(id, 'lin.wei', '')).refused, 'APPROVAL_MISSING')
        await s.release(id)
      } finally {
        await end()
      }
    })

    test('its author withdraws, nobody else does, and nobody once it was in force', async () => {
      const { store, end } = await open()
      try {
        const s = await scene(store)
        const [, chen] = s.pair
        const first = await s.submit('mask')
        await s.release(first)
        const id = await s.submit('drop')
        assert.equal((await s.desk.drop(id, 'withdrawn', 'chen.yu', '')).refused, 'PROPOSAL_NOT_YOURS')
        assert.equal((await s.desk.drop(id, 'refused', 'chen.yu', '')).refused, 'APPROVAL_MISSING', 'unsigned')
        assert.equal((await s.desk.drop(id, 'withdrawn', 'lin.wei', '写错了')).released, true)
        assert.equal((await s.desk.drop(id, 'withdrawn', 'lin.wei', '')).refused, 'PROPOSAL_NOT_OPEN')
        const seen = await s.stateOf(id)
        assert.deepEqual([seen?.state, seen?.closed?.by, seen?.closed?.why], ['withdrawn', 'lin.wei', '写错了'])
        assert.equal((await s.sign(chen, { act: 'release', id, why: '' })).refused, 'PROPOSAL_CLOSED')
        assert.equal((await s.desk.drop(first, 'withdrawn', 'lin.wei', '')).refused, 'PROPOSAL_NOT_OPEN')
        const history = await s.desk.history(100)
        assert.equal(history.filter((e) => e.kind === 'withdrawn').length, 1, 'what was refused is not written down')
      } finally {
        await end()
      }
    })

    test('a shadow run is ended by anybody, once', async () => {
      const { store, end } = await open()
      try {
        const s = await scene(store)
        await s.release(await s.submit('mask'))
        const id = await s.submit('drop')
        assert.equal((await s.desk.stopShadow('chen.yu', '')).refused, 'SHADOW_NOT_RUNNING')
        assert.equal((await s.sign(s.pair[0], { act: 'shadow', id, share: 0.5, why: '试' })).released, true)
        assert.equal((await s.desk.state()).shadow?.bundle.id, id)
        assert.equal((await s.desk.stopShadow('chen.yu', '够了')).released, true)
        assert.equal((await s.open().state()).shadow, null)
        assert.equal((await s.desk.stopShadow('chen.yu', '')).refused, 'SHADOW_NOT_RUNNING')
      } finally {
        await end()
      }
    })
  })

describe('proposals', () => {
  test('entries that prove nothing close nothing: unsigned refusals, another author, another bundle', async () => {
    const store = new MemoryBundleStore()
    const s = await scene(store)
    await s.release(await s.submit('mask'))
    const id = await s.submit('keep')
    const [bundle] = (await s.desk.bundles()).filter((b) => b.id === id)
    const ref = { id, hash: bundle!.hash }
    const active = (await s.desk.state()).active
    const forge = async (kind: 'refused' | 'withdrawn', who: string, statements: readonly string[] = []) => {
      const at = new Date(s.clock.now).toISOString()
      const said = { kind, who, why: '', bundle: ref, parent: active!.hash, class: null, alarm: false, at, statements }
      assert.equal(await store.append(nextEntry(said, await store.head())), true)
      return (await s.stateOf(id))?.state
    }
    const other = await s.prepared(s.pair[1], { act: 'release', id, why: '' })
    assert.equal(await forge('refused', 'chen.yu'), 'draft')
    assert.equal(await forge('refused', 'chen.yu', [other]), 'draft')
    assert.equal(await forge('withdrawn', 'chen.yu'), 'draft')
  })

  test('what a draft does is worked out once for the rules in force, not with every look', async () => {
    class Counting extends MemoryBundleStore {
      fetched = 0
      override async bundle(id: string) {
        this.fetched++
        return super.bundle(id)
      }
    }
    const store = new Counting()
    const s = await scene(store)
    await s.release(await s.submit('mask'))
    const drafts: string[] = []
    for (const cell of [
      'keep',
      'drop',
      'redact',
      'pseudonym',
      ...[1, 2, 3].map((n) => `{ method: mask, first: ${n}, last: 1 }`),
    ]) {
      const said = await s.desk.submit({ files: rulesWithMobile(cell), author: 'lin.wei', why: cell })
      if (said.bundle !== null) drafts.push(said.bundle.id)
    }
    await s.release(drafts[1]!)
    const first = await s.desk.bundles()
    assert.ok(first.filter(({ state }) => state === 'draft').length > 4, 'more than are kept compiled')
    store.fetched = 0
    assert.deepEqual(await s.desk.bundles(), first)
    assert.equal(store.fetched, 0)
  })

  test('with approval: off an approver refuses without a key', async () => {
    const s = await scene(new MemoryBundleStore(), 'off')
    await s.desk.activate(await s.submit('mask'), 'lin.wei', '')
    const id = await s.submit('drop')
    assert.equal((await s.desk.drop(id, 'refused', 'chen.yu', '不妥')).released, true)
    assert.equal((await s.stateOf(id))?.state, 'refused')
    assert.equal((await s.desk.activate(id, 'lin.wei', '')).refused, 'PROPOSAL_CLOSED')
  })
})
