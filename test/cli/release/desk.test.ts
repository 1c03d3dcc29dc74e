/** The release desk from draft to history: who may release what, what is refused and why, X58 for approvals. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MemoryBundleStore } from '../../../src/adapters/bundle-store/memory.ts'
import { StoreDesk } from '../../../src/cli/release/desk.ts'
import type { ReleaseDesk, StatementRequest, Verdict } from '../../../src/ports/release.ts'
import { type Person, people, person, publicOf } from '../../fixtures/approvers.ts'
import { rulesWithMobile } from '../../fixtures/release-rules.ts'

interface Scene {
  readonly desk: ReleaseDesk
  readonly store: MemoryBundleStore
  readonly people: readonly [Person, Person]
  /** moves the clock */
  wait(seconds: number): void
  submit(cell: string, author?: string): Promise<string>
  sign(who: Person, request: StatementRequest): Promise<Verdict>
  /** both sign, and it is released */
  release(id: string): Promise<Verdict>
}

async function scene(approval: 'required' | 'off' = 'required'): Promise<Scene> {
  const store = new MemoryBundleStore()
  const pair = (await people('lin.wei', 'chen.yu')) as [Person, Person]
  let now = Date.parse('2026-11-21T08:00:00Z')
  const options = { roster: pair.map(publicOf), approval, source: 'store', today: () => '2026-11-21' } as const
  const desk = new StoreDesk({ ...options, store, now: () => now })
  const sign: Scene['sign'] = async (who, request) => {
    const { claims } = await desk.prepare(request)
    return desk.approve(await who.sign(claims))
  }
  return {
    desk,
    store,
    people: pair,
    wait: (seconds) => void (now += seconds * 1000),
    async submit(cell, author = 'lin.wei') {
      const said = await desk.submit({ files: rulesWithMobile(cell), author, why: '测试' })
      assert.equal(said.refused, null, JSON.stringify(said.problems))
      return said.bundle!.id
    },
    sign,
    async release(id) {
      for (const who of pair) await sign(who, { act: 'release', id, why: '发布' })
      return desk.activate(id, 'lin.wei', '发布')
    },
  }
}

describe('release desk', () => {
  test('the first bundle takes two; tightening one; loosening two; rollback one, with an alarm', async () => {
    const {
      desk,
      people: [lin, chen],
      submit,
      sign,
      release,
    } = await scene()
    const first = await submit('mask')
    assert.deepEqual(await desk.activate(first, 'lin.wei', ''), {
      released: false,
      refused: 'APPROVAL_MISSING',
      signed: [],
      needs: 0,
    })
    assert.deepEqual(await sign(lin, { act: 'release', id: first, why: '' }), {
      released: false,
      refused: 'APPROVAL_OWN',
      signed: ['lin.wei'],
      needs: 2,
    })
    assert.equal((await desk.activate(first, 'lin.wei', '')).refused, 'APPROVAL_OWN')
    assert.equal((await sign(lin, { act: 'release', id: first, why: '' })).refused, 'APPROVAL_TWICE')
    assert.deepEqual(await sign(chen, { act: 'release', id: first, why: '' }), {
      released: true,
      refused: null,
      signed: ['lin.wei', 'chen.yu'],
      needs: 2,
    })
    assert.equal((await desk.activate(first, 'chen.yu', '首次发布')).released, true)

    const tight = await submit('drop')
    assert.deepEqual((await desk.bundle(tight))!.class, 'tighter')
    assert.equal((await sign(lin, { act: 'release', id: tight, why: '收紧' })).released, true)
    assert.equal((await desk.activate(tight, 'lin.wei', '收紧')).released, true)
    assert.deepEqual(
      (await desk.bundles()).map((b) => [b.state, b.toReview]),
      [
        ['active', true],
        ['past', false],
      ],
    )
    assert.equal((await sign(lin, { act: 'review', id: tight, why: '' })).refused, 'APPROVAL_TWICE')
    assert.equal((await sign(chen, { act: 'review', id: tight, why: '已复核' })).released, true)
    assert.equal((await desk.bundle(tight))!.toReview, false)

    const loose = await submit('keep')
    assert.equal((await desk.bundle(loose))!.needs, 2)
    assert.equal((await sign(lin, { act: 'release', id: loose, why: '' })).refused, 'APPROVAL_OWN')
    assert.equal((await desk.activate(loose, 'lin.wei', '')).refused, 'APPROVAL_OWN')
    await sign(chen, { act: 'release', id: loose, why: '同意' })
    assert.equal((await desk.activate(loose, 'chen.yu', '放宽')).released, true)

    assert.equal((await sign(lin, { act: 'rollback', id: tight, why: '回退' })).released, true)
    assert.equal((await desk.activate(tight, 'lin.wei', '回退')).released, true)
    const state = await desk.state()
    assert.equal(state.active!.id, tight)
    assert.equal(state.alarm!.class, 'rollback')
    const told = (await desk.history(4)).map((e) => [e.kind, e.who, e.why, e.class, e.alarm])
    assert.deepEqual(told[0], ['activated', 'lin.wei', '回退', 'rollback', true])
    assert.deepEqual(told[1], ['approved', 'lin.wei', '回退', 'rollback', false])
    assert.equal((await desk.history(100)).length, (await desk.history(1))[0]!.seq)
    assert.equal((await release(loose)).released, true)
  })

  test('X58: a statement counts once, for its bundle, its parent, its class, its time and its signer', async () => {
    const s = await scene()
    const {
      desk,
      people: [lin, chen],
      submit,
      release,
      wait,
    } = s
    const first = await submit('mask')
    await release(first)
    const tight = await submit('drop')
    const { claims } = await desk.prepare({ act: 'release', id: tight, why: '' })
    const [stranger, twin] = await people('lin.wei', 'nobody')
    const other = { ...claims, subject: `sha256:${'0'.repeat(64)}` }
    const good = await lin.sign(claims)
    const table: readonly [string, string, string][] = [
      ['a key nobody enrolled', await stranger!.sign(claims), 'APPROVAL_UNKNOWN_KEY'],
      ['another of them', await twin!.sign(claims), 'APPROVAL_UNKNOWN_KEY'],
      ['a milder class', await lin.sign({ ...claims, class: 'same' }), 'APPROVAL_CLASS'],
      ['another bundle', await lin.sign(other), 'BUNDLE_ALTERED'],
      ['no bundle', await lin.sign({ ...claims, files: `sha256:${'0'.repeat(64)}` }), 'BUNDLE_UNKNOWN'],
      ['another parent', await lin.sign({ ...claims, parent: `sha256:${'1'.repeat(64)}` }), 'APPROVAL_PARENT'],
      ['expired', await lin.sign({ ...claims, iat: claims.iat - 900, exp: claims.iat - 1 }), 'APPROVAL_EXPIRED'],
      [
        'of tomorrow',
        await lin.sign({ ...claims, iat: claims.iat + 86_400, exp: claims.exp + 86_400 }),
        'APPROVAL_NOT_YET',
      ],
      ['for a year', await lin.sign({ ...claims, exp: claims.iat + 365 * 86_400 }), 'APPROVAL_MALFORMED'],
      ['a byte changed', good.replace(/.$/, (c) => (c === 'A' ? 'Q' : 'A')), 'APPROVAL_SIGNATURE'],
      [
        'another payload',
        [good.split('.')[0], Buffer.from(JSON.stringify(other)).toString('base64url'), good.split('.')[2]].join('.'),
        'APPROVAL_SIGNATURE',
      ],
      ['no signature', `${good.split('.').slice(0, 2).join('.')}.`, 'APPROVAL_MALFORMED'],
      [
        'alg none',
        `${Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')}.${good.split('.')[1]}.AA`,
        'APPROVAL_MALFORMED',
      ],
      ['not a JWS', 'yes', 'APPROVAL_MALFORMED'],
      ['another member', await lin.sign({ ...claims, more: 1 } as typeof claims), 'APPROVAL_MALFORMED'],
      ['a line break in its reason', await lin.sign({ ...claims, why: 'a\nb' }), 'APPROVAL_MALFORMED'],
    ]
    const before = (await desk.history(1))[0]!.seq
    for (const [what, jws, code] of table) assert.equal((await desk.approve(jws)).refused, code, what)
    assert.equal((await desk.history(1))[0]!.seq, before, 'nothing of it is kept')

    assert.equal((await desk.approve(good)).released, true)
    assert.equal((await desk.activate(tight, 'lin.wei', '')).released, true)
    assert.equal((await desk.approve(good)).refused, 'APPROVAL_REPLAYED')
    // back to the first; the old statement must not bring the second in again, though its parent is in force once more
    await s.sign(chen, { act: 'rollback', id: first, why: '' })
    await desk.activate(first, 'chen.yu', '')
    assert.equal((await desk.approve(good)).refused, 'APPROVAL_REPLAYED')
    assert.equal((await desk.activate(tight, 'lin.wei', '')).refused, 'APPROVAL_MISSING')
    // signed, and not released in time
    await s.sign(lin, { act: 'release', id: tight, why: '', lifetime: 60 })
    wait(61)
    assert.equal((await desk.activate(tight, 'lin.wei', '')).refused, 'APPROVAL_MISSING')
  })

  test('a statement for other rules in force does not count any more', async () => {
    const {
      desk,
      people: [lin],
      submit,
      sign,
      release,
    } = await scene()
    await release(await submit('mask'))
    const [tight, other] = [await submit('drop'), await submit('redact')]
    await sign(lin, { act: 'release', id: tight, why: '' })
    await sign(lin, { act: 'release', id: other, why: '' })
    assert.equal((await desk.activate(other, 'lin.wei', '')).released, true)
    assert.equal((await desk.activate(tight, 'lin.wei', '')).released, false)
  })

  test('the gate: errors, failing tests, proposed lines, nothing new, an old base', async () => {
    const { desk, submit, release } = await scene()
    const id = await submit('mask')
    await release(id)
    const examine = async (path: string, text: string, basedOn?: string) =>
      (
        await desk.submit({
          files: [...rulesWithMobile('drop'), { path, text, encoding: 'utf8' }],
          author: 'x',
          why: '',
          ...(basedOn !== undefined && { basedOn }),
        })
      ).refused
    assert.equal(await examine('policies/bad.yaml', 'policy: bad\n'), 'GATE_PROBLEMS')
    assert.equal(
      await examine('policies/research.test.yaml', '- sample: none.json\n  expect: { mobile: removed }\n'),
      'GATE_TESTS',
    )
    const learned = 'format: json\nresident-id: [zjhm]\nmobile: [{ key: dh2, status: proposed }]\n'
    assert.equal(await examine('bindings/learned.yaml', learned), 'GATE_PROPOSED')
    assert.equal(
      await examine('bindings/learned.yaml', 'format: json\nmobile: [{ key: dh2 }, nonsense:]\n'),
      'GATE_PROBLEMS',
    )
    const keeping = (unknown: string): string =>
      `policy: staff\nbasis: 4号\nreview: 2099-01-01\nfor: { roles: [staff] }\nelements: {}\nundecided: redact\nunknown: ${unknown}\n`
    for (const unknown of ['keep', '{ treatment: keep, approval: 12号 }', '{ treatment: keep, expires: 2099-01-01 }'])
      assert.equal(await examine('policies/staff.yaml', keeping(unknown)), 'GATE_PROBLEMS', unknown)
    const approved = keeping('{ treatment: keep, approval: 12号, expires: 2099-01-01 }')
    assert.equal(await examine('policies/staff.yaml', approved, `sha256:${'2'.repeat(64)}`), 'PARENT_CHANGED')
    const stale = await desk.submit({
      files: rulesWithMobile('drop'),
      author: 'x',
      why: '',
      basedOn: `sha256:${'2'.repeat(64)}`,
    })
    assert.equal(stale.refused, 'PARENT_CHANGED')
    assert.equal(
      (await desk.submit({ files: rulesWithMobile('mask'), author: 'x', why: '' })).refused,
      'NOTHING_CHANGED',
    )
    assert.equal((await desk.bundles()).length, 1, 'refused drafts are not kept')
    await assert.rejects(desk.prepare({ act: 'rollback', id, why: '' }), { code: 'ROLLBACK_NEVER_ACTIVE' })
    await assert.rejects(desk.prepare({ act: 'release', id: 'deadbeef', why: '' }), { code: 'BUNDLE_UNKNOWN' })
  })

  test('the list of approvers changes by two who are on it, and never below two', async () => {
    const {
      desk,
      people: [lin, chen],
      sign,
      submit,
      release,
    } = await scene()
    const zhao = await person('zhao.min')
    const enrol = { act: 'enrol', approver: publicOf(zhao), why: '' } as const
    assert.equal((await sign(zhao, enrol)).refused, 'APPROVAL_UNKNOWN_KEY')
    assert.equal((await sign(lin, enrol)).refused, 'APPROVAL_MISSING')
    const fake = { ...enrol, approver: { ...publicOf(await person('other')), id: 'zhao.min' } }
    assert.equal((await sign(chen, fake)).refused, 'APPROVAL_BUNDLE', 'another key under the same name')
    assert.equal((await desk.state()).roster.length, 2)
    assert.equal((await sign(chen, enrol)).released, true)
    assert.deepEqual(
      (await desk.state()).roster.map((a) => a.id),
      ['lin.wei', 'chen.yu', 'zhao.min'],
    )
    await release(await submit('mask'))
    const remove = { act: 'remove', approver: publicOf(lin), why: '' } as const
    assert.equal((await sign(zhao, remove)).refused, 'APPROVAL_MISSING')
    assert.equal((await sign(chen, remove)).released, true)
    assert.equal(
      (await sign(lin, { act: 'release', id: await submit('drop'), why: '' })).refused,
      'APPROVAL_UNKNOWN_KEY',
    )
    const last = { act: 'remove', approver: publicOf(zhao), why: '' } as const
    await sign(zhao, last)
    assert.equal((await sign(chen, last)).refused, 'ROSTER_SIZE')
    assert.equal((await desk.state()).roster.length, 2)
  })

  test('approval: off releases without signatures', async () => {
    const { desk, submit } = await scene('off')
    assert.equal((await desk.activate(await submit('mask'), 'lin.wei', '')).released, true)
    assert.equal((await desk.activate(await submit('keep'), 'lin.wei', '')).released, true)
    assert.equal((await desk.state()).approval, 'off')
  })
})
