/** The history as the API tells it: what an entry only claims is told apart, and whoever may sign can be named. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nextEntry } from '../../src/release/history.ts'
import { signStatement } from '../../src/release/jws.ts'
import type { EntryDraft } from '../../src/release/model.ts'
import { activateRules, type Browser, type Console, makeKey, startConsole } from './fixtures/console.ts'

let at: Console
let lin: Browser
let bundle = ''
before(async () => {
  at = await startConsole()
  bundle = await activateRules(at)
  lin = await at.person('lin.wei', 'editor', 'approver')
})
after(() => at.close())

/** Written past the desk, as somebody would who can write into the store. */
async function forge(kind: EntryDraft['kind'], statements: readonly string[], who: string): Promise<number> {
  const head = await at.store.head()
  const hash = (await at.desk.bundle(bundle))!.hash
  const draft = { kind, who, why: 'forged', bundle: { id: bundle, hash }, parent: hash, class: 'tighter' as const }
  const at_ = new Date(at.clock.now).toISOString()
  assert.ok(await at.store.append(nextEntry({ at: at_, ...draft, statements, alarm: false }, head)))
  return head.seq + 1
}

test('an entry that proves nothing says so, names no signer and offers no way back', async () => {
  const unsigned = await forge('activated', [], 'mallory')
  const used = (await at.desk.history(100)).find(({ kind }) => kind === 'activated' || kind === 'approved')!
  const replayed = await forge('activated', used.statements, 'lin.wei')
  const { json } = await lin.get('/api/history')
  const told = (seq: number) => json.releases.find((each: { seq: number }) => each.seq === seq)
  assert.equal(told(unsigned).unproved.code, 'APPROVAL_MISSING')
  assert.match(told(unsigned).unproved.zh, /\p{Script=Han}/u)
  assert.ok(told(replayed).unproved.code.startsWith('APPROVAL_'), JSON.stringify(told(replayed)))
  assert.deepEqual([told(unsigned).signers, told(replayed).signers], [[], []])
  const honest = json.releases.filter((each: { seq: number }) => each.seq < unsigned)
  assert.ok(honest.length > 2 && honest.every((each: { unproved: unknown }) => each.unproved === null))
  assert.equal((await at.desk.state()).active!.id, bundle, 'and it moved nothing')
})

test('every id the records of releases admit is an id of the API', async () => {
  const ids = ['0_office.of-wu', 'w'.repeat(64)]
  for (const id of ids) {
    const { x, y } = await makeKey(id)
    for (const key of [at.keys.lin, at.keys.chen]) {
      const { claims } = await at.desk.prepare({ act: 'enrol', approver: { id, x, y }, why: 'known in person' })
      await at.desk.approve(await signStatement(claims, key, key.key))
    }
  }
  // the answer is held against the document
  const { json } = await lin.get('/api/approvers')
  for (const id of ids) {
    assert.ok(json.enrolled.some((each: { name: string; account: boolean }) => each.name === id && !each.account))
    const { status, json: prepared } = await lin.post('/api/statements', { act: 'remove', subject: id, reason: 'left' })
    assert.deepEqual([status, prepared.claims?.subject], [200, id])
  }
})
