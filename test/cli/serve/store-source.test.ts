/** A node and its store: what it runs, what it refuses, what it keeps, and when it says that it must not be used. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryBundleStore } from '../../../src/adapters/bundle-store/memory.ts'
import { MemoryLog } from '../../../src/adapters/log/memory.ts'
import { keepRelease, keptRelease } from '../../../src/adapters/state/kept-release.ts'
import { createRing, type Keyring, rotate } from '../../../src/base/keyring.ts'
import { StoreDesk } from '../../../src/cli/release/desk.ts'
import { compileFolder } from '../../../src/cli/rules/compile-folder.ts'
import { StoreSource } from '../../../src/cli/serve/store-source.ts'
import { BundleStoreError } from '../../../src/ports/bundle-store.ts'
import { nextEntry } from '../../../src/release/history.ts'
import type { Entry, EntryDraft } from '../../../src/release/model.ts'
import { type Person, people, publicOf } from '../../fixtures/approvers.ts'
import { rulesWithMobile } from '../../fixtures/release-rules.ts'

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A store that can be away, and that can lose a bundle. */
class FrailStore extends MemoryBundleStore {
  away = false
  readonly lost = new Set<string>()
  override async head() {
    if (this.away) throw new BundleStoreError('STORE_UNAVAILABLE')
    return super.head()
  }
  override async bundle(id: string) {
    return this.lost.has(id) ? null : super.bundle(id)
  }
}

interface Node {
  readonly source: StoreSource
  /** hashes put in force, in order */
  readonly put: string[]
  readonly log: MemoryLog
  stop(): Promise<void>
}

interface Scene {
  readonly store: FrailStore
  readonly desk: StoreDesk
  readonly people: readonly [Person, Person]
  readonly clock: { now: number }
  readonly ring: Keyring
  state(): string
  /** `behind`: milliseconds its clock is behind the desk's */
  node(state: string, ring?: Keyring, behind?: () => number): Promise<Node>
  submit(cell: string): Promise<string>
  /** signs by the first `count` people and releases */
  release(cell: string, count: 1 | 2): Promise<{ id: string; hash: string }>
}

async function scene(): Promise<Scene> {
  const store = new FrailStore()
  const pair = (await people('lin.wei', 'chen.yu')) as [Person, Person]
  const clock = { now: Date.parse('2026-11-21T08:00:00Z') }
  const roster = pair.map(publicOf)
  const now = () => clock.now
  const desk = new StoreDesk({ store, roster, now, approval: 'required', source: 'store', today: () => '2026-11-21' })
  const ring = createRing(randomBytes(32), '2026-11-21T08:00:00.000Z')
  const submit = async (cell: string) => {
    const said = await desk.submit({ files: rulesWithMobile(cell), author: 'lin.wei', why: '' })
    assert.equal(said.refused, null, JSON.stringify(said.problems))
    return said.bundle!.id
  }
  return {
    store,
    desk,
    people: pair,
    clock,
    ring,
    submit,
    state() {
      folders.push(mkdtempSync(join(tmpdir(), 'veilgate-node-')))
      return folders.at(-1)!
    },
    async node(state, own = ring, behind = () => 0) {
      const put: string[] = []
      const log = new MemoryLog()
      const kept = {
        read: () => keptRelease(state, own),
        write: (k: Parameters<typeof keepRelease>[1]) => keepRelease(state, k, own),
      }
      const attest = () => ({ node: 'n', keyring: '', notes: [], shadow: null })
      const source = new StoreSource(
        { store, roster, required: true, kept, attest, now: () => clock.now - behind(), log, pollMs: 5 },
        {
          compile: async (files, read) => compileFolder(files, read),
          put: async ({ hash }) => put.push(hash) > 0,
          bundle: () => put.at(-1) ?? null,
        },
      )
      await source.start()
      return { source, put, log, stop: () => source.stop() }
    },
    async release(cell, count) {
      const id = await submit(cell)
      for (const who of pair.slice(0, count)) {
        const { claims } = await desk.prepare({ act: 'release', id, why: '' })
        await desk.approve(await who.sign(claims))
      }
      const verdict = await desk.activate(id, 'lin.wei', '')
      assert.equal(verdict.refused, null)
      return (await desk.state()).active!
    },
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 20_000
  while (!holds()) {
    assert.ok(performance.now() < end, what)
    await sleep(5)
  }
}

const reopen = ({ seq: _s, prev: _p, hash: _h, ...draft }: Entry): EntryDraft => draft

describe('rules from a store', { timeout: 120_000 }, () => {
  test('follows releases, keeps them, and starts from them without the store', async () => {
    const s = await scene()
    const state = s.state()
    const node = await s.node(state)
    assert.deepEqual(node.put, [])
    const first = await s.release('mask', 2)
    await until(() => node.put.length === 1, 'the first release')
    const second = await s.release('drop', 1)
    await until(() => node.put.length === 2, 'the second')
    assert.deepEqual(node.put, [first.hash, second.hash])
    assert.deepEqual(node.source.notes(), ['RELEASE_TO_REVIEW'])
    assert.deepEqual(node.source.reasons(), [])
    await until(() => keptRelease(state, s.ring) !== 'none', 'kept')
    const attested = await s.store.attestations()
    assert.equal(attested[0]!.hash, second.hash)
    await until(() => (keptRelease(state, s.ring) as { bundle: { id: string } }).bundle.id === second.id, 'kept')
    await node.stop()

    s.store.away = true
    const again = await s.node(state, rotate(s.ring, randomBytes(32), '2026-11-22T08:00:00.000Z'))
    assert.deepEqual(again.put, [second.hash], 'after a rotation of the keyring, too')
    assert.ok(again.source.notes().includes('RELEASE_STORE_AWAY'))
    s.store.away = false
    const third = await s.release('redact', 2)
    await until(() => again.put.at(-1) === third.hash, 'it goes on')
    await again.stop()
  })

  test('a shadow run that is ended is ended on the node, and releases go on behind a withdrawal', async () => {
    const s = await scene()
    const node = await s.node(s.state())
    const first = await s.release('mask', 2)
    await until(() => node.put.length === 1, 'the first release')
    const id = await s.submit('drop')
    const { claims } = await s.desk.prepare({ act: 'shadow', id, share: 1, why: '' })
    assert.equal((await s.desk.approve(await s.people[0].sign(claims))).released, true)
    await until(() => node.source.shadow()?.candidate.id === id, 'the candidate runs')
    assert.equal((await s.desk.stopShadow('chen.yu', '')).released, true)
    await until(() => node.source.shadow() === null, 'it has ended')
    assert.equal((await s.desk.drop(id, 'withdrawn', 'lin.wei', '')).released, true)
    const next = await s.release('redact', 2)
    await until(() => node.put.at(-1) === next.hash, 'releases go on behind a withdrawal')
    assert.deepEqual(node.put, [first.hash, next.hash])
    assert.deepEqual(node.source.reasons(), [])
    await node.stop()
  })

  test('a new node comes to the same end, from the last release two people stand by', async () => {
    const s = await scene()
    await s.release('mask', 2)
    await s.release('keep', 2)
    await s.release('mask', 1)
    const last = await s.release('drop', 1)
    const node = await s.node(s.state())
    assert.deepEqual(node.put, [last.hash])
    await node.stop()
  })

  test('one who claims that a loosening tightens is refused by old and new nodes alike', async () => {
    const s = await scene()
    const good = await s.release('drop', 2)
    const old = await s.node(s.state())
    const loose = await s.submit('keep')
    const { claims } = await s.desk.prepare({ act: 'release', id: loose, why: '' })
    assert.equal(claims.class, 'looser')
    const jws = await s.people[0].sign({ ...claims, class: 'tighter' })
    const bundle = { id: claims.files!, hash: claims.subject }
    const about = { bundle, parent: claims.parent, class: 'tighter', statements: [jws], alarm: false } as const
    const entry = {
      kind: 'activated',
      at: new Date(s.clock.now).toISOString(),
      who: 'lin.wei',
      why: '',
      ...about,
    } as const
    assert.equal(await s.store.append(nextEntry(entry, await s.store.head())), true)
    const fresh = await s.node(s.state())
    await until(() => old.source.notes().includes('RELEASE_REFUSED'), 'it is said')
    assert.deepEqual([old.put, fresh.put], [[good.hash], [good.hash]])
    assert.deepEqual([old.source.reasons(), fresh.source.reasons()], [[], []])
    assert.equal((await s.desk.state()).active!.hash, good.hash)
    await old.stop()
    await fresh.stop()
  })

  test('repeated, unsigned, foreign and backdated entries move nothing', async () => {
    const s = await scene()
    await s.release('keep', 2)
    const good = await s.release('drop', 1)
    const node = await s.node(s.state())
    const entries = await s.store.entries(0, 100)
    const old = entries.find((e) => e.kind === 'activated')!
    // approved for these rules, never released, and over by now
    const waiting = await s.submit('keep')
    for (const who of s.people) {
      const { claims } = await s.desk.prepare({ act: 'release', id: waiting, why: '', lifetime: 600 })
      await s.desk.approve(await who.sign(claims))
    }
    const approved = (await s.store.entries(0, 100)).filter((e) => e.kind === 'approved' && e.bundle!.id === waiting)
    await sleep(50)
    s.clock.now += 3600_000
    await sleep(50)
    const backdated = {
      ...reopen(old),
      bundle: approved[0]!.bundle,
      parent: good.hash,
      statements: approved.map((e) => e.statements[0]!),
      at: approved[0]!.at,
    }
    const forged: EntryDraft[] = [
      { ...reopen(old), at: entries.at(-1)!.at },
      { ...reopen(old), at: approved[0]!.at, statements: [] },
      { ...reopen(old), at: approved[0]!.at, parent: good.hash },
      backdated,
    ]
    const lines = node.log.lines.length
    for (const draft of forged) {
      const { seq } = await s.store.head()
      const at = (await s.store.entries(seq - 1, 1))[0]!.at
      assert.equal(
        await s.store.append(nextEntry({ ...draft, at: draft.at > at ? draft.at : at }, await s.store.head())),
        true,
      )
    }
    await until(
      () => node.log.lines.slice(lines).filter((l) => l.event === 'release.refused').length === forged.length,
      'all are refused',
    )
    assert.deepEqual(node.put, [good.hash])
    assert.deepEqual(node.source.reasons(), [])
    await node.stop()
  })

  test('a node whose clock is behind is not ready, and follows when its clock is right', async () => {
    const s = await scene()
    const first = await s.release('keep', 2)
    let behind = 0
    const node = await s.node(s.state(), s.ring, () => behind)
    assert.deepEqual(node.put, [first.hash])
    behind = 900_000
    const tight = await s.release('drop', 1)
    await until(() => node.log.lines.some((l) => l.event === 'release.unreadable'), 'it is said')
    s.clock.now += 6000
    assert.deepEqual([node.put, node.source.reasons()], [[first.hash], ['RELEASE_NOT_IN_FORCE']])
    const said = node.log.lines.find((l) => l.event === 'release.unreadable')
    assert.equal(said?.['problem'], 'APPROVAL_NOT_YET')
    const again = await s.release('redact', 2)
    behind = 0
    await until(() => node.put.at(-1) === again.hash, 'it follows')
    assert.deepEqual(node.put.slice(0, 1), [first.hash])
    assert.ok(tight.hash !== again.hash)
    await until(() => node.source.reasons().length === 0, 'it is ready')
    await node.stop()
  })

  test('an entry ahead of the clock that proves nothing holds nobody up', async () => {
    const s = await scene()
    const good = await s.release('keep', 2)
    const node = await s.node(s.state())
    const old = (await s.store.entries(0, 100)).find((e) => e.kind === 'activated')!
    const at = new Date(s.clock.now + 3600_000).toISOString()
    await s.store.append(nextEntry({ ...reopen(old), at }, await s.store.head()))
    await until(() => node.log.lines.some((l) => l.event === 'release.refused'), 'it is refused')
    s.clock.now += 6000
    await sleep(50)
    assert.deepEqual([node.put, node.source.reasons()], [[good.hash], []])
    await node.stop()
  })

  test('a history that is told anew is not followed', async () => {
    const s = await scene()
    const good = await s.release('drop', 2)
    const node = await s.node(s.state())
    const shadow = await scene()
    await shadow.release('keep', 2)
    await shadow.release('mask', 2)
    const [mine, other] = [await s.store.head(), await shadow.store.head()]
    assert.notDeepEqual(mine, other)
    s.store.head = () => shadow.store.head()
    s.store.entries = (after, limit) => shadow.store.entries(after, limit)
    await until(() => node.source.notes().includes('RELEASE_HISTORY_BROKEN'), 'it is said')
    assert.deepEqual(node.put, [good.hash])
    await node.stop()
  })

  test('an approved bundle that cannot be had: the last good rules run, and after 5 s the node is not ready', async () => {
    const s = await scene()
    const good = await s.release('mask', 2)
    const node = await s.node(s.state())
    const id = await s.submit('drop')
    s.store.lost.add(id)
    // the desk has it at hand, the node must fetch it
    assert.equal((await s.release('drop', 1)).id, id)
    await until(() => node.source.notes().includes('RULES_LAST_GOOD'), 'it is said')
    assert.deepEqual([node.put, node.source.reasons()], [[good.hash], []])
    s.clock.now += 5001
    assert.deepEqual(node.source.reasons(), ['RELEASE_NOT_IN_FORCE'])
    s.store.lost.clear()
    await until(() => node.put.length === 2, 'it comes')
    assert.deepEqual([node.source.reasons(), node.source.notes()], [[], ['RELEASE_TO_REVIEW']])
    await node.stop()
  })

  test('what is kept is believed only as this node wrote it', async () => {
    const s = await scene()
    const state = s.state()
    const node = await s.node(state)
    await s.release('drop', 2)
    await until(() => keptRelease(state, s.ring) !== 'none', 'kept')
    await node.stop()
    s.store.away = true
    const file = join(state, 'release.kept.json')
    const text = readFileSync(file, 'utf8')
    const other = createRing(randomBytes(32), '2026-11-21T08:00:00.000Z')
    const altered = [text.replace('mobile: drop', 'mobile: keep'), text.slice(0, -20), '{}', '']
    for (const change of altered) {
      assert.notEqual(change, text)
      writeFileSync(file, change)
      const again = await s.node(state)
      assert.deepEqual(again.put, [])
      assert.ok(again.source.notes().includes('RELEASE_KEPT_ALTERED'))
      await again.stop()
    }
    writeFileSync(file, text)
    assert.equal(keptRelease(state, other), 'altered')
    const whole = await s.node(state)
    assert.equal(whole.put.length, 1)
    await whole.stop()
  })
})
