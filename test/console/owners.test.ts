/**
 * X66: every id of every route, asked for by everybody who does not own it (IDOR); what any answer lets a cache keep; and
 * how much each route reads at most. The tables are written by hand and hold every route there is.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ROLES } from '../../src/accounts/index.ts'
import { type Operation, ROUTES, type Route } from '../../src/console/api/routes.ts'
import { type Ask, activateRules, type Browser, type Console, makeKey, startConsole } from './fixtures/console.ts'
import { RULE_FILES } from './fixtures/rules.ts'

const KIB = 1024
const MIB = 1024 * KIB
const FILE = 'policies/research.yaml'
const CSV = { raw: Buffer.from('term,replacement\n坏,A\n'), headers: { 'content-type': 'text/csv' } }
const json = (body: object): Ask => ({ body })

/** Routes with an id that change what it names: only who made it may. */
const OWNED: Readonly<Partial<Record<Operation, Ask>>> = {
  deleteDraft: {},
  putDraftFile: { ...json({ text: 'x' }), headers: { 'if-match': '*' } },
  deleteDraftFile: { headers: { 'if-match': '*' } },
  setCell: json({ path: FILE, element: 'mobile', cell: null }),
  dictionaryBatch: CSV,
  rebaseDraft: {},
  reopenDraft: {},
  submitDraft: json({ reason: 'x' }),
  deleteSample: {},
  withdrawApprover: {},
  withdrawProposal: json({ reason: 'x' }),
}
/** Routes with an id that whoever has the role may ask for, and that change nothing of it by themselves. */
const SHARED: Readonly<Partial<Record<Operation, Ask>>> = {
  getRules: {},
  getRuleFile: {},
  getProblems: {},
  getMatrix: {},
  diffRules: {},
  preview: json({ role: 'researcher', text: '{}', format: 'json' }),
  runTests: json({ files: [] }),
  getSample: {},
  getDraft: {},
  checkDraft: json({ files: [] }),
  getProposal: {},
}
/** Of releases and accounts: judged by signatures and by role, in tests of their own. */
const ELSEWHERE: readonly Operation[] = ['activate', 'refuseProposal', 'changeUser', 'resetUser']

let at: Console
let owner: Browser
const others: (readonly [role: string, browser: Browser])[] = []
const ids: Record<string, string> = { name: 'the.owner', dictionary: 'diagnosis' }

before(async () => {
  at = await startConsole()
  await activateRules(at)
  owner = await at.person('the.owner', 'editor', 'approver')
  for (const role of ROLES) others.push([role, await at.person(`other.${role}`, role)])
  ids['draftId'] = ids['ref'] = (await owner.post('/api/drafts', { title: 'mine' })).json.id
  ids['sampleId'] = (await owner.post('/api/samples', { title: 's', format: 'json', text: '{"a":"b"}' })).json.id
  const files = RULE_FILES.map((f) => ({ ...f, text: f.text.replace('mobile: mask', 'mobile: drop') }))
  ids['proposalId'] = (await at.desk.submit({ files, author: 'the.owner', why: 'x' })).bundle!.id
  const { id: name, x, y } = await makeKey('the.owner')
  at.workshop.putProposedKey({ name, x, y, label: 'office', at: '2026-11-20T02:00:00Z' })
})
after(() => at.close())

const pathOf = ({ path, operation }: Route): string => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? 'a'.repeat(26)))
  return operation.endsWith('File') ? `${filled}?path=${FILE}` : filled
}
const send = (browser: Browser, route: Route, ask: Ask) => browser.ask(route.method.toUpperCase(), pathOf(route), ask)
const state = async (): Promise<string> => {
  const { workshop, desk } = at
  const drafts = workshop.drafts().map((draft) => [draft, workshop.draftFiles(draft.id)])
  return JSON.stringify([drafts, workshop.samples(), workshop.proposedKeys(), await desk.bundles()])
}

test('every route with an id is in one of the tables', () => {
  const listed = [...Object.keys(OWNED), ...Object.keys(SHARED), ...ELSEWHERE].sort()
  assert.deepEqual(
    listed,
    ROUTES.filter(({ path }) => path.includes('{'))
      .map((r) => r.operation)
      .sort(),
  )
})

test('IDOR: what is another’s is changed by nobody else, whatever their role', async () => {
  const whole = await state()
  const wrong: string[] = []
  for (const route of ROUTES) {
    const ask = OWNED[route.operation] ?? SHARED[route.operation]
    if (ask === undefined) continue
    for (const [role, browser] of others) {
      const { status, json: said } = await send(browser, route, ask)
      const admitted = (route.roles as readonly string[]).includes(role)
      const owned = Object.hasOwn(OWNED, route.operation)
      const right = !admitted
        ? said?.code === 'ROLE_FORBIDDEN'
        : owned
          ? said?.code === 'NOT_YOURS' || said?.code === 'PROPOSAL_NOT_YOURS'
          : status === 200
      if (!right) wrong.push(`${route.operation} ${role}: ${status} ${said?.code}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.equal(await state(), whole)
  assert.equal((await owner.ask('DELETE', `/api/approvers/the.owner`)).status, 204, 'and the owner may')
})

test('no answer may be kept by a cache, be it data or a refusal', async () => {
  for (const route of ROUTES) {
    for (const [role, browser] of others) {
      if (route.operation === 'signOut') continue
      const { headers } = await send(browser, route, route.method === 'get' ? {} : { body: {} })
      assert.equal(headers['cache-control'], 'no-store', `${route.operation} ${role}`)
    }
    const { headers } = await send(at.browser(), route, {})
    assert.equal(headers['cache-control'], 'no-store', route.operation)
  }
})

/** bytes of a body; every route that is not here: 64 KiB, or none at all */
const MOST: Readonly<Partial<Record<Operation, number>>> = {
  preview: 12 * MIB,
  runTests: 12 * MIB,
  checkDraft: 12 * MIB,
  putDraftFile: 5 * MIB,
  setCell: 5 * MIB,
  saveSample: 3 * MIB,
  dictionaryBatch: 20 * MIB,
}

test('every upload is bounded, and read for none but those who may send it', async () => {
  const takes = (route: Route): object | undefined =>
    (at.document.paths[route.path]![route.method] as { requestBody?: { content: object } }).requestBody?.content
  const writers = new Map<string, Browser>(others)
  for (const route of ROUTES) {
    const content = takes(route)
    if (content === undefined) continue
    const most = MOST[route.operation] ?? 64 * KIB
    const [type] = Object.keys(content) as [string]
    const role = route.roles.find((each) => writers.has(each)) ?? 'editor'
    const browser = route.operation === 'confirmTotp' ? await unenrolled() : writers.get(role)!
    const body = (size: number): Ask => ({
      raw: Buffer.concat([Buffer.from('{"'), Buffer.alloc(size - 2, 'a')]),
      headers: { 'content-type': type },
    })
    const over = await send(browser, route, body(most + 1))
    assert.deepEqual([over.status, over.json.code], [413, 'BODY_TOO_LARGE'], route.operation)
    assert.notEqual((await send(browser, route, body(most))).status, 413, `${route.operation}: its bound`)
    if (route.operation === 'signIn') continue
    const stranger = await send(at.browser(), route, body(64 * KIB + 1))
    assert.equal(stranger.json.code, 'NOT_SIGNED_IN', route.operation)
  }
})

async function unenrolled(): Promise<Browser> {
  const { password } = await at.people.add('first.time', 'x', ['editor'])
  const browser = at.browser()
  assert.equal((await browser.post('/api/session', { name: 'first.time', password })).status, 200)
  return browser
}
