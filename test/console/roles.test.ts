/** Every route x every role, over the wire; and objects of others (X66: missing authorisation, IDOR). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ROLES, type Role } from '../../src/accounts/index.ts'
import { ROUTES, type Route } from '../../src/console/api/routes.ts'
import { activateRules, type Browser, type Console, SECRET, startConsole } from './fixtures/console.ts'

let at: Console
let bundle = ''
const people = new Map<Role, Browser>()
before(async () => {
  at = await startConsole([{ path: 'index.html', bytes: Buffer.from('<!doctype html>') }])
  bundle = await activateRules(at)
  for (const role of ROLES) people.set(role, await at.person(`the.${role}`, role))
})
after(() => at.close())

/** Who may call what, written out by hand: the table of the house is compared with what the wire says. */
const MAY: Readonly<Record<string, string>> = {
  getSession: 'editor approver auditor ops admin',
  signOut: 'editor approver auditor ops admin',
  changePassword: 'editor approver auditor ops admin',
  listUsers: 'auditor admin',
  addUser: 'admin',
  changeUser: 'admin',
  resetUser: 'admin',
  listApprovers: 'editor approver auditor admin',
  proposeApprover: 'approver',
  withdrawApprover: 'approver',
  getVocabulary: 'editor approver auditor ops admin',
  getRules: 'editor approver auditor',
  getRuleFile: 'editor approver auditor',
  getProblems: 'editor approver auditor',
  getMatrix: 'editor approver auditor',
  preview: 'editor approver',
  runTests: 'editor approver',
  diffRules: 'editor approver auditor',
  listSamples: 'editor approver auditor',
  saveSample: 'editor',
  getSample: 'editor approver auditor',
  deleteSample: 'editor',
  listDrafts: 'editor approver auditor',
  addDraft: 'editor',
  getDraft: 'editor approver auditor',
  deleteDraft: 'editor',
  putDraftFile: 'editor',
  deleteDraftFile: 'editor',
  checkDraft: 'editor approver',
  setCell: 'editor',
  dictionaryBatch: 'editor',
  rebaseDraft: 'editor',
  reopenDraft: 'editor',
  submitDraft: 'editor',
  listProposals: 'editor approver auditor',
  getProposal: 'editor approver auditor',
  activate: 'editor approver',
  withdrawProposal: 'editor',
  refuseProposal: 'approver',
  prepareStatement: 'approver',
  approve: 'approver',
  getHistory: 'editor approver auditor ops admin',
  getShadow: 'editor approver auditor ops',
  stopShadow: 'approver',
  getNodes: 'editor approver auditor ops admin',
  getAudit: 'auditor',
  getAnomalies: 'auditor ops',
  getSummary: 'auditor ops',
  signIn: '',
  beginTotp: '',
  confirmTotp: '',
}

const ID = 'a'.repeat(26)
const HASH = `sha256:${'0'.repeat(64)}`
const VALUES: Readonly<Record<string, string>> = {
  ref: 'active',
  draftId: ID,
  userId: ID,
  proposalId: HASH,
  sampleId: 'rules.inpatient.json',
  name: 'nobody.here',
  dictionary: 'diagnosis',
}
const pathOf = ({ path, operation }: Route): string => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => VALUES[name]!)
  return operation.endsWith('File') ? `${filled}?path=policies/research.yaml` : filled
}

test('the table has every route, and every route is in this list', () => {
  assert.deepEqual(ROUTES.map((r) => r.operation).sort(), Object.keys(MAY).sort())
})

test('every route x every role', async () => {
  const wrong: string[] = []
  for (const route of ROUTES) {
    if (route.operation === 'signOut') continue
    for (const [role, browser] of people) {
      const reply = await browser.ask(route.method.toUpperCase(), pathOf(route), {
        body: route.method === 'get' ? undefined : {},
      })
      const refused = reply.json?.code === 'ROLE_FORBIDDEN'
      const listed = MAY[route.operation]!.split(' ').includes(role)
      if (route.operation === 'signIn' ? reply.status !== 400 : refused === listed)
        wrong.push(`${route.operation} ${role}: ${reply.status} ${reply.json?.code ?? ''}`)
      if (listed && reply.status >= 500) wrong.push(`${route.operation} ${role}: ${reply.status}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('X66 CSRF: every write of every route takes its session’s token and this origin, before anything else is judged', async () => {
  const wrong: string[] = []
  for (const route of ROUTES.filter(({ method }) => method !== 'get')) {
    const elsewhere = { origin: 'https://evil.example' }
    const tell = (role: string, { json }: { json: { code?: string } | null }, code: string): void => {
      if (json?.code !== code) wrong.push(`${route.operation} ${role}: ${json?.code}`)
    }
    for (const [role, browser] of people) {
      const ask = (headers: Readonly<Record<string, string | null>>) =>
        browser.ask(route.method.toUpperCase(), pathOf(route), { body: {}, headers })
      tell(role, await ask(elsewhere), 'ORIGIN_FORBIDDEN')
      if (route.operation !== 'signIn') tell(role, await ask({ 'x-veilgate-csrf': null }), 'CSRF_MISSING')
    }
  }
  assert.deepEqual(wrong, [])
})

test('without a session every route but sign-in gives one answer, whatever is asked', async () => {
  for (const route of ROUTES) {
    if (route.operation === 'signIn') continue
    const reply = await at
      .browser()
      .ask(route.method.toUpperCase(), pathOf(route), { body: route.method === 'get' ? undefined : {} })
    assert.equal(reply.json.code, 'NOT_SIGNED_IN', route.operation)
  }
})

test('the bearer secret opens the figures and nothing else', async () => {
  const headers = { authorization: `Bearer ${SECRET}` }
  for (const route of ROUTES) {
    const open = route.operation === 'getAnomalies' || route.operation === 'getSummary'
    const reply = await at
      .browser()
      .ask(route.method.toUpperCase(), pathOf(route), { headers, body: route.method === 'get' ? undefined : {} })
    if (route.operation !== 'signIn') assert.equal(reply.status, open ? 200 : 401, route.operation)
  }
  const wrong = await at.browser().get('/api/anomalies', { authorization: 'Bearer wrong' })
  assert.deepEqual([wrong.status, wrong.json.code, wrong.headers['www-authenticate']], [401, 'UNAUTHORIZED', 'Bearer'])
})

test('every session is told exactly what it may', async () => {
  for (const [role, browser] of people) {
    const { json } = await browser.get('/api/session')
    const listed = Object.keys(MAY).filter((operation) => MAY[operation]!.split(' ').includes(role))
    assert.deepEqual(json.may.toSorted(), listed.sort(), role)
  }
})

test('a key of the list says whether somebody here has an account of its name', async () => {
  const { json } = await people.get('admin')!.get('/api/approvers')
  const accounts = json.enrolled.map((key: { name: string; account: boolean }) => [key.name, key.account])
  assert.deepEqual(accounts, [
    ['lin.wei', false],
    ['chen.yu', false],
  ])
})

test('refusals by role are audited with who, what and code', async () => {
  await people.get('ops')!.get('/api/drafts')
  const { json } = await people.get('auditor')!.get('/api/audit?limit=1')
  const [event] = json.events
  assert.deepEqual([event.account.name, event.action, event.outcome], ['THE.OPS', 'listDrafts', 'ROLE_FORBIDDEN'])
})

test('paths and methods that are not there, and odd spellings of those that are', async () => {
  const editor = people.get('editor')!
  for (const path of [
    '/api',
    '/api/',
    '/api/nothing',
    '/api/session/',
    '/API/session',
    '/api/drafts/../session',
    '/api/rules/%2e%2e/file?path=x',
    '/api//session',
  ])
    assert.equal((await editor.get(path)).status, 404, path)
  const wrong = await editor.ask('PUT', '/api/session', { body: {} })
  assert.deepEqual([wrong.status, wrong.headers['allow']], [405, 'POST, GET, DELETE'])
  for (const path of [
    '/api/anomalies?limit=0',
    '/api/anomalies?limit=5000',
    '/api/anomalies?since=yesterday',
    '/api/anomalies?since=2027-03-01&since=2027-03-02',
    '/api/calls/summary?from=x',
    '/api/calls/summary?from=2027-03-02&to=2027-03-01',
    '/api/anomalies?other=1',
  ])
    assert.equal((await people.get('ops')!.get(path)).json.code, 'BAD_PARAMETER', path)
})

test('IDOR: a draft is changed, read over, submitted and thrown away by its author only', async () => {
  const author = people.get('editor')!
  const other = await at.person('second.editor', 'editor')
  const { json: draft } = await author.post('/api/drafts', { title: 'mine' })
  const file = `/api/drafts/${draft.id}/file?path=policies/research.yaml`
  const { json: read } = await other.get(`/api/rules/${draft.id}/file?path=policies/research.yaml`)
  const ifMatch = { 'if-match': read.etag }
  const tries = [
    () => other.ask('PUT', file, { body: { text: 'x' }, headers: ifMatch }),
    () => other.ask('DELETE', file, { headers: ifMatch }),
    () => other.post(`/api/drafts/${draft.id}/cell`, { path: 'policies/research.yaml', element: 'mobile', cell: null }),
    () => other.post(`/api/drafts/${draft.id}/submit`, { reason: 'x' }),
    () => other.ask('DELETE', `/api/drafts/${draft.id}`),
    () => other.post(`/api/drafts/${draft.id}/rebase`),
    () => other.post(`/api/drafts/${draft.id}/reopen`),
    () =>
      other.ask('POST', `/api/drafts/${draft.id}/dictionaries/diagnosis`, {
        raw: Buffer.from('term'),
        headers: { 'content-type': 'text/csv' },
      }),
  ]
  for (const attempt of tries) assert.equal((await attempt()).json.code, 'NOT_YOURS')
  assert.equal((await other.get(`/api/drafts/${draft.id}`)).json.mine, false)
  assert.deepEqual((await author.get(`/api/drafts/${draft.id}`)).json.changed, [])
  const { json: sample } = await author.post('/api/samples', { title: 's', format: 'json', text: '{"a":"b"}' })
  assert.equal((await other.ask('DELETE', `/api/samples/${sample.id}`)).json.code, 'NOT_YOURS')
  assert.equal((await other.ask('DELETE', '/api/samples/rules.inpatient.json')).json.code, 'NOT_YOURS')
  assert.equal((await author.ask('DELETE', `/api/samples/${sample.id}`)).status, 204)
  for (const id of [ID, 'zzz', `${draft.id}x`]) assert.equal((await author.get(`/api/drafts/${id}`)).status, 404)
})

test('an administrator makes accounts and sees no rule, no sample, no draft', async () => {
  const admin = people.get('admin')!
  const made = await admin.post('/api/users', { name: 'new.one', displayName: '新人', roles: ['editor'] })
  assert.equal(made.status, 201)
  assert.match(made.json.firstPassword, /^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/)
  const twice = await admin.post('/api/users', { name: 'new.one', displayName: 'x', roles: ['editor'] })
  assert.equal(twice.json.code, 'NAME_TAKEN')
  for (const roles of [
    ['admin', 'editor'],
    ['auditor', 'approver'],
    ['admin', 'auditor'],
  ])
    assert.equal((await admin.post('/api/users', { name: 'b.c', displayName: 'x', roles })).json.code, 'ROLES_EXCLUDE')
  for (const body of [
    { name: 'Bad Name', displayName: 'x', roles: ['editor'] },
    { name: 'ok.ok', displayName: 'x', roles: [] },
    { name: 'ok.ok', displayName: 'x', roles: ['root'] },
    { name: 'ok.ok', displayName: 'x', roles: ['editor'], disabled: false },
  ])
    assert.equal((await admin.post('/api/users', body)).json.code, 'BAD_BODY')
  const own = at.accounts.accountNamed('the.admin')!.id
  const patch = (id: string, body: object) => admin.ask('PATCH', `/api/users/${id}`, { body })
  assert.equal((await patch(own, { roles: ['editor'] })).json.code, 'OWN_ACCOUNT')
  assert.equal((await admin.post(`/api/users/${own}/reset`)).json.code, 'OWN_ACCOUNT')
  assert.equal((await patch(ID, { disabled: true })).json.code, 'ACCOUNT_UNKNOWN')
  const second = await at.person('second.admin', 'admin')
  assert.equal((await second.ask('PATCH', `/api/users/${own}`, { body: { disabled: true } })).status, 200)
  assert.equal((await admin.get('/api/users')).status, 401, 'the session ends with the change')
  assert.throws(() => at.people.change(at.accounts.accountNamed('second.admin')!.id, { disabled: true }, null), {
    code: 'LAST_ADMIN',
  })
  const reset = await second.post(`/api/users/${made.json.user.id}/reset`)
  assert.notEqual(reset.json.firstPassword, made.json.firstPassword)
  assert.equal(
    (await second.get('/api/users')).json.users.some((u: { password?: string }) => 'password' in u),
    false,
  )
  assert.equal(bundle.startsWith('sha256:'), true)
})
