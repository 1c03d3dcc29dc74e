/** Accounts and the workshop: what the ports promise, over the SQLite file. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Account } from '../../src/accounts/model.ts'
import { SqliteAccounts } from '../../src/adapters/console/accounts.ts'
import { openConsoleFile } from '../../src/adapters/console/index.ts'
import { SqliteWorkshop } from '../../src/adapters/console/workshop.ts'

const folder = mkdtempSync(join(tmpdir(), 'veilgate-console-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'console.sqlite')

const account = (id: string, name: string, more: Partial<Account> = {}): Account => ({
  id,
  name,
  displayName: name,
  roles: ['editor'],
  disabled: false,
  password: 'p',
  totp: { secret: 'S', step: 5 },
  createdAt: '2026-11-20T00:00:00Z',
  lastSignIn: null,
  ...more,
})

test("accounts by id and name; a name is taken once; the file is its owner's", () => {
  const { accounts, workshop } = openConsoleFile(path)
  assert.ok(accounts instanceof SqliteAccounts && workshop instanceof SqliteWorkshop)
  assert.equal(accounts.putAccount(account('b', 'beta')), true)
  assert.equal(accounts.putAccount(account('a', 'alpha')), true)
  assert.equal(accounts.putAccount(account('c', 'alpha')), false)
  assert.deepEqual(
    accounts.accounts().map((a) => a.name),
    ['alpha', 'beta'],
  )
  assert.equal(accounts.accountNamed('alpha')!.id, 'a')
  assert.equal(accounts.account('c'), null)
  assert.equal(statSync(path).mode & 0o077, 0)
  accounts.close()
  const again = openConsoleFile(path).accounts
  assert.equal(again.accounts().length, 2)
  again.close()
})

test('a TOTP step is taken once, and a stale copy of the account gives none back', () => {
  const { accounts } = openConsoleFile(':memory:')
  const stale = account('a', 'alpha')
  accounts.putAccount(stale)
  assert.deepEqual(
    [accounts.takeStep('a', 7), accounts.takeStep('a', 7), accounts.takeStep('a', 6)],
    [true, false, false],
  )
  accounts.putAccount({ ...stale, displayName: 'new' })
  assert.equal(accounts.account('a')!.totp!.step, 7)
  accounts.putAccount({ ...stale, totp: { secret: 'OTHER', step: 1 } })
  assert.equal(accounts.account('a')!.totp!.step, 1, 'a new secret counts anew')
  accounts.close()
})

test('sessions, failures, and their sweeping', () => {
  const { accounts } = openConsoleFile(':memory:')
  const session = { hash: 'h', account: 'a', stage: 'full', pending: null, seenAt: 1, endsAt: 100 } as const
  accounts.putSession(session)
  accounts.putSession({ ...session, seenAt: 2 })
  accounts.putSession({ ...session, hash: 'i' })
  assert.equal(accounts.session('h')!.seenAt, 2)
  accounts.endSession('h')
  assert.equal(accounts.session('h'), null)
  accounts.endSessions('a')
  assert.equal(accounts.session('i'), null)
  accounts.putSession(session)
  accounts.putFailures('k', { count: 1, until: 0, last: 1 })
  accounts.sweep(101)
  assert.equal(accounts.session('h'), null)
  assert.equal(accounts.failures('k')!.count, 1)
  accounts.forgetFailures('k')
  assert.equal(accounts.failures('k'), null)
  accounts.close()
})

test('audit events come newest first and can neither be changed nor deleted', async () => {
  const file = join(folder, 'audit.sqlite')
  const { accounts } = openConsoleFile(file)
  const event = {
    at: '2026-11-20T00:00:00Z',
    account: null,
    action: 'x',
    object: null,
    outcome: 'ok',
    address: null,
    note: { n: 1 },
  }
  accounts.audit(event)
  accounts.audit({ ...event, at: '2026-11-21T00:00:00Z', action: 'y' })
  assert.deepEqual(
    accounts.events(0, 10).map((e) => e.action),
    ['y', 'x'],
  )
  assert.deepEqual(
    accounts.events(Date.parse('2026-11-21T00:00:00Z'), 10).map((e) => e.action),
    ['y'],
  )
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(file)
  assert.throws(() => db.exec('DELETE FROM audit'), /stay/)
  assert.throws(() => db.exec(`UPDATE audit SET event = '{}'`), /stay/)
  db.close()
  accounts.close()
})

const head = {
  id: 'd',
  title: 't',
  author: 'a',
  base: null,
  state: 'open',
  proposal: null,
  createdAt: '2026-11-20T00:00:00Z',
  changedAt: '2026-11-20T00:00:00Z',
} as const

test("a draft's file changes only from what its writer has seen", () => {
  const { workshop, accounts } = openConsoleFile(':memory:')
  workshop.addDraft(head, [{ path: 'a.yaml', text: 'one', base: 'one', encoding: 'utf8' }])
  const put = (path: string, before: string | null, text: string | null) =>
    workshop.putDraftFile('d', path, before, text, '2026-11-21T00:00:00Z')
  assert.equal(put('a.yaml', 'zero', 'two'), false)
  assert.equal(put('a.yaml', 'one', 'two'), true)
  assert.deepEqual(workshop.draftFile('d', 'a.yaml'), { path: 'a.yaml', text: 'two', base: 'one', encoding: 'utf8' })
  assert.equal(put('b.yaml', null, 'new'), true)
  assert.equal(put('b.yaml', null, 'again'), false)
  assert.equal(put('b.yaml', 'new', null), true)
  assert.equal(put('a.yaml', 'two', null), true)
  assert.deepEqual(
    workshop.draftFiles('d').map((f) => [f.path, f.text]),
    [['a.yaml', null]],
  )
  assert.equal(workshop.draft('d')!.changedAt, '2026-11-21T00:00:00Z')
  workshop.putDraft({ ...head, state: 'submitted' })
  assert.equal(put('a.yaml', null, 'late'), false)
  workshop.deleteDraft('d')
  assert.deepEqual([workshop.draft('d'), workshop.draftFiles('d'), workshop.drafts()], [null, [], []])
  accounts.close()
})

test('a draft is closed once with the files of that moment, and opened again or tied to what it became', () => {
  const { workshop, accounts } = openConsoleFile(':memory:')
  const file = { path: 'a.yaml', text: 'one', base: 'one', encoding: 'utf8' } as const
  workshop.addDraft(head, [file])
  const put = () => workshop.putDraftFile('d', 'a.yaml', 'one', 'two', '2026-11-21T00:00:00Z')
  assert.deepEqual(workshop.closeDraft('d'), [file])
  assert.deepEqual([workshop.closeDraft('d'), put()], [null, false], 'nobody closes it again or writes into it')
  workshop.settleDraft('d', null)
  assert.deepEqual([workshop.draft('d'), put()], [head, true])
  assert.equal(workshop.closeDraft('d')![0]!.text, 'two')
  workshop.settleDraft('d', 'sha256:p')
  assert.deepEqual([workshop.draft('d')!.state, workshop.draft('d')!.proposal], ['submitted', 'sha256:p'])
  workshop.settleDraft('d', null)
  assert.equal(workshop.draft('d')!.state, 'submitted', 'what has become something stays')
  assert.equal(workshop.reopenDraft('d', 'sha256:other'), false)
  assert.equal(workshop.reopenDraft('d', 'sha256:p'), true)
  assert.deepEqual([workshop.draft('d')!.state, workshop.draft('d')!.proposal], ['open', null])
  assert.equal(workshop.reopenDraft('d', 'sha256:p'), false, 'once')
  workshop.closeDraft('d')
  assert.equal(workshop.reopenDraft('d', 'sha256:p'), false, 'not while it is judged again')
  workshop.deleteDraft('d')
  workshop.settleDraft('d', 'sha256:p')
  assert.deepEqual([workshop.draft('d'), workshop.closeDraft('d')], [null, null], 'thrown away is thrown away')
  accounts.close()
})

test('a draft gets new ground whole, and only as it was seen', () => {
  const { workshop, accounts } = openConsoleFile(':memory:')
  workshop.addDraft(head, [{ path: 'a.yaml', text: 'one', base: 'one', encoding: 'utf8' }])
  const moved = { ...head, base: 'sha256:x', changedAt: '2026-11-21T00:00:00Z' }
  const files = [{ path: 'b.yaml', text: 'two', base: null, encoding: 'utf8' }] as const
  assert.equal(workshop.rebase(moved, '2026-11-19T00:00:00Z', files), false, 'somebody typed meanwhile')
  assert.deepEqual(
    workshop.draftFiles('d').map((f) => f.path),
    ['a.yaml'],
  )
  assert.equal(workshop.rebase(moved, head.changedAt, files), true)
  assert.deepEqual(workshop.draftFiles('d'), files)
  assert.deepEqual(workshop.draft('d'), moved)
  workshop.putDraft({ ...moved, state: 'submitted' })
  assert.equal(workshop.rebase(moved, moved.changedAt, []), false)
  assert.equal(workshop.rebase({ ...moved, id: 'none' }, moved.changedAt, []), false)
  accounts.close()
})

test('what drafts take is told in bytes, after every change of their files', () => {
  const { workshop, accounts } = openConsoleFile(':memory:')
  const bytes = () => workshop.draftSizes().map((d) => d.bytes)
  assert.deepEqual(workshop.draftSizes(), [])
  workshop.addDraft(head, [])
  assert.deepEqual(workshop.draftSizes(), [{ author: 'a', state: 'open', bytes: 0 }])
  const put = (before: string | null, text: string | null) =>
    workshop.putDraftFile('d', 'a.yaml', before, text, head.changedAt)
  put(null, '手机')
  assert.deepEqual(bytes(), [6])
  put('手机', '手机号')
  put('nothing of the kind', 'x')
  assert.deepEqual(bytes(), [9])
  workshop.rebase(head, head.changedAt, [{ path: 'b', text: 'four', base: '二', encoding: 'utf8' }])
  assert.deepEqual(bytes(), [7])
  workshop.closeDraft('d')
  workshop.addDraft({ ...head, id: 'e', author: 'b' }, [{ path: 'b', text: null, base: 'x', encoding: 'utf8' }])
  assert.deepEqual(
    new Set(workshop.draftSizes().map((d) => `${d.author} ${d.state} ${d.bytes}`)),
    new Set(['a submitted 7', 'b open 1']),
  )
  workshop.deleteDraft('d')
  workshop.addDraft(head, [])
  assert.deepEqual(bytes().toSorted(), [0, 1])
  accounts.close()
})

test('samples and proposed keys', () => {
  const { workshop, accounts } = openConsoleFile(':memory:')
  const sample = { id: 's', title: 't', format: 'json', by: 'a', at: '2026-11-20T00:00:00Z', text: '{}' }
  workshop.addSample(sample)
  assert.deepEqual(workshop.sample('s'), sample)
  workshop.deleteSample('s')
  assert.deepEqual(workshop.samples(), [])
  const key = { name: 'lin', x: 'x', y: 'y', label: 'l', at: '2026-11-20T00:00:00Z' }
  workshop.putProposedKey(key)
  workshop.putProposedKey({ ...key, label: 'm' })
  assert.deepEqual(
    workshop.proposedKeys().map((k) => k.label),
    ['m'],
  )
  workshop.deleteProposedKey('lin')
  assert.deepEqual(workshop.proposedKeys(), [])
  accounts.close()
})
