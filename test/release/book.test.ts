/** The book by itself: what an entry must be to follow, what two people mean, what a folder may begin with. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkRoster, rosterHash } from '../../src/release/approvers.ts'
import { Book, type BookOptions } from '../../src/release/book.ts'
import { bundleId } from '../../src/release/bundle.ts'
import { NO_HISTORY, nextEntry, readEntry, verifyHistory } from '../../src/release/history.ts'
import { peekClaims } from '../../src/release/jws.ts'
import type { BundleFile, ChangeClass, Claims, Entry, EntryDraft } from '../../src/release/model.ts'
import { type Person, people, publicOf } from '../fixtures/approvers.ts'

const NOW = Date.parse('2026-11-21T08:00:00Z') / 1000
const hash = (n: number): string => `sha256:${String(n).repeat(64)}`
const ref = (n: number) => ({ id: hash(n), hash: hash(n + 4) })
let used = 0

const claims = (n: number, parent: string | null, more: Partial<Claims> = {}): Claims => ({
  v: 1,
  act: 'release',
  subject: ref(n).hash,
  files: ref(n).id,
  parent,
  class: 'looser',
  iat: NOW,
  exp: NOW + 3600,
  jti: `statement-${String(++used).padStart(8, '0')}`,
  why: '',
  ...more,
})

const draft = (statements: readonly string[], more: Partial<EntryDraft> = {}): EntryDraft => ({
  at: '2026-11-21T08:00:00.000Z',
  who: 'a',
  kind: 'activated',
  why: '',
  bundle: ref(1),
  parent: null,
  class: 'looser',
  alarm: false,
  statements,
  ...more,
})

const reader = (change: ChangeClass = 'looser', now = NOW) => ({ now, since: 0, classOf: async () => change })

async function scene(more: Partial<BookOptions> = {}) {
  const [a, b] = (await people('a', 'b')) as [Person, Person]
  const book = new Book({ roster: [publicOf(a), publicOf(b)], required: true, ...more })
  const both = (c: Claims) => Promise.all([a.sign(c), b.sign({ ...c, jti: `${c.jti}-b` })])
  const take = (d: EntryDraft, change?: ChangeClass, now?: number) =>
    book.take(nextEntry(d, book.head), reader(change, now))
  const code = async (d: EntryDraft, change?: ChangeClass, now?: number): Promise<string> => {
    const taken = await take(d, change, now)
    return taken.kind === 'refused' ? taken.error.code : taken.kind
  }
  return { a, b, book, both, code }
}

describe('book of releases', () => {
  test('an entry follows by number, hash and time, whole and unchanged', async () => {
    const first = nextEntry(draft([]), NO_HISTORY)
    const second = nextEntry(draft([], { at: '2026-11-21T08:00:01.000Z' }), first)
    assert.deepEqual(verifyHistory([first, second]), { seq: 2, hash: second.hash })
    const rehashed = (e: Entry, more: Partial<Entry>) => nextEntry({ ...e, ...more }, first)
    const bad: Entry[][] = [
      [second],
      [first, first],
      [first, { ...second, who: 'b' }],
      [first, { ...second, seq: 3 }],
      [first, rehashed(second, { at: '2026-11-21T07:59:59.000Z' })],
      [{ ...first, alarm: true }, second],
    ]
    for (const entries of bad) assert.throws(() => verifyHistory(entries), { code: 'HISTORY_BROKEN' })
    const { book } = await scene()
    await assert.rejects(book.take(second, reader()), { code: 'HISTORY_BROKEN' })
    assert.equal(book.head.seq, 0)
    const shapes: unknown[] = [
      null,
      [],
      {},
      { ...first, at: 'now' },
      { ...first, kind: 'x' },
      { ...first, statements: [1] },
      { ...first, bundle: {} },
    ]
    for (const shape of shapes) assert.throws(() => readEntry(shape), { code: 'HISTORY_BROKEN' })
  })

  test('a stated class may be worse than the computed one, never better', async () => {
    const { a, both, code, book } = await scene()
    assert.equal(await code(draft(await both(claims(1, null)))), 'activated')
    const parent = ref(1).hash
    const next = async (stated: ChangeClass) =>
      draft([await a.sign(claims(2, parent, { class: stated }))], { bundle: ref(2) })
    assert.equal(await code(await next('tighter'), 'looser'), 'APPROVAL_CLASS')
    assert.equal(await code(await next('same'), 'tighter'), 'APPROVAL_CLASS')
    assert.equal(await code(await next('looser'), 'tighter'), 'APPROVAL_MISSING')
    assert.equal(book.active!.bundle.hash, parent)
    assert.equal(await code(await next('tighter'), 'tighter'), 'activated')
    assert.equal(book.anchor, 1)
    assert.deepEqual(
      book.toReview.map((each) => each.by),
      [['a']],
    )
  })

  test('a rollback goes to what was in force, and to nothing else', async () => {
    const { a, both, code, book } = await scene()
    await code(draft(await both(claims(1, null))))
    const back = async (n: number) =>
      draft([await a.sign(claims(n, book.active!.bundle.hash, { act: 'rollback', class: 'rollback' }))], {
        bundle: ref(n),
      })
    assert.equal(await code(await back(2)), 'ROLLBACK_NEVER_ACTIVE')
    await code(draft(await both(claims(2, ref(1).hash)), { bundle: ref(2) }))
    assert.equal(await code(await back(1)), 'activated')
    assert.equal(book.active!.class, 'rollback')
  })

  test('a clock that is turned back or ahead lets nothing in', async () => {
    const { a, book, both, code } = await scene()
    const late = NOW + 7200
    const at = (seconds: number) => new Date(seconds * 1000).toISOString()
    assert.equal(
      await code(draft(await both(claims(1, null)), { at: at(late) }), 'looser', NOW),
      'APPROVAL_EXPIRED',
      'by then it is over',
    )
    const open = await scene()
    const soon = draft(await open.both(claims(1, null)), { at: at(NOW + 1800) })
    await assert.rejects(open.code(soon, 'looser', NOW), { name: 'ReleaseError', code: 'APPROVAL_NOT_YET' })
    assert.deepEqual([open.book.head.seq, open.book.active, open.book.spent.size], [0, null, 0], 'read again later')
    assert.equal(await open.code(soon, 'looser', NOW + 1800), 'activated')
    for (const proves of [
      draft([], { kind: 'submitted', at: at(late) }),
      draft([await a.sign(claims(1, null))], { kind: 'approved', at: at(late) }),
      draft([await a.sign(claims(1, null, { exp: late + 60 }))], { at: at(late) }),
    ])
      assert.match(await code(proves, 'looser', NOW), /^APPROVAL_(?:NOT_YET|MISSING)$/, 'nothing that binds')
    assert.equal(book.active, null)
    const expired = draft(await both(claims(1, null)), { at: new Date(late * 1000).toISOString() })
    assert.equal(await code(expired, 'looser', late), 'APPROVAL_EXPIRED')
  })

  test('the list of approvers: what stands in an entry must be what two signed for', async () => {
    const { a, b, book, code } = await scene()
    const [c, d] = (await people('c', 'c')) as [Person, Person]
    const enrol = (approver: Person) =>
      claims(1, rosterHash(book.roster), {
        act: 'enrol',
        subject: 'c',
        files: null,
        class: 'roster',
        approver: publicOf(approver),
      })
    const entry = async (...signed: Promise<string>[]) =>
      draft(await Promise.all(signed), { kind: 'roster', bundle: null })
    assert.equal(await code(await entry(a.sign(enrol(c)))), 'APPROVAL_MISSING')
    assert.equal(await code(await entry(a.sign(enrol(c)), a.sign(enrol(c)))), 'APPROVAL_TWICE')
    assert.equal(await code(await entry(a.sign(enrol(c)), b.sign(enrol(d)))), 'APPROVAL_BUNDLE')
    assert.equal(await code(await entry(a.sign(enrol(c)), b.sign(enrol(c)))), 'noted')
    assert.deepEqual(
      book.roster.map((p) => p.id),
      ['a', 'b', 'c'],
    )
    assert.throws(() => checkRoster([publicOf(a), { ...publicOf(a), id: 'z' }]), { code: 'ROSTER_KNOWN' })
    assert.throws(() => checkRoster([publicOf(a)]), { code: 'ROSTER_SIZE' })
  })

  test('a folder begins with what two people stand by, one is not enough', async () => {
    const { a, both, code } = await scene({ adopts: true })
    const elsewhere = claims(1, hash(3), { class: 'tighter' })
    assert.equal(await code(draft([await a.sign(elsewhere)])), 'APPROVAL_PARENT')
    assert.equal(await code(draft(await both(elsewhere))), 'activated')
  })

  test('a bundle is its files, in whatever order; paths that are none are refused', () => {
    const file = (path: string, text = 'x'): BundleFile => ({ path, text, encoding: 'utf8' })
    assert.equal(bundleId([file('a.yaml'), file('b/c.yaml')]), bundleId([file('b/c.yaml'), file('a.yaml')]))
    assert.notEqual(bundleId([file('a.yaml')]), bundleId([file('a.yaml', 'y')]))
    for (const path of ['../a', '/a', 'a/../b', '.hidden', 'a//b', '', 'a\\b'])
      assert.throws(() => bundleId([file(path)]), { code: 'BUNDLE_ALTERED' }, path)
    assert.throws(() => bundleId([file('a'), file('a')]), { code: 'BUNDLE_ALTERED' })
    assert.throws(() => bundleId([{ path: 'a', text: 'QQ', encoding: 'base64' }]), { code: 'BUNDLE_ALTERED' })
  })

  test('what is shown before it is signed is read as strictly', async () => {
    const { a } = await scene()
    const good = claims(1, null)
    assert.deepEqual(peekClaims(await a.sign(good)), good)
    const bad: Partial<Record<keyof Claims, unknown>>[] = [
      { v: 2 },
      { act: 'anything' },
      { jti: 'short' },
      { exp: NOW },
      { iat: 1.5 },
      { files: null },
      { subject: 'x' },
      { class: 'rollback' },
      { share: 1 },
      { why: 'x'.repeat(501) },
      { why: '\u202eabc' },
    ]
    for (const more of bad) {
      const jws = await a.sign({ ...good, ...more } as Claims)
      assert.throws(() => peekClaims(jws), { code: 'APPROVAL_MALFORMED' }, JSON.stringify(more))
    }
  })
})
