/** Proposals through the API that end without a release, and the shadow run: who may, what is kept, what is told. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signStatement } from '../../src/release/jws.ts'
import { activateRules, type Browser, type Console, type Key, startConsole } from './fixtures/console.ts'

const RESEARCH = 'policies/research.yaml'

let at: Console
let lin: Browser
let chen: Browser
let auditor: Browser
before(async () => {
  at = await startConsole()
  await activateRules(at)
  lin = await at.person('lin.wei', 'editor', 'approver')
  chen = await at.person('chen.yu', 'editor', 'approver')
  auditor = await at.person('the.auditor', 'auditor')
})
after(() => at.close())

async function proposed(mobile: string): Promise<{ draft: string; id: string }> {
  const { json: draft } = await lin.post('/api/drafts', { title: mobile })
  const url = `/api/drafts/${draft.id}/file?path=${RESEARCH}`
  const { json: file } = await lin.get(`/api/rules/${draft.id}/file?path=${RESEARCH}`)
  const text = file.text.replace('mobile: mask', `mobile: ${mobile}`)
  const put = await lin.ask('PUT', url, { body: { text }, headers: { 'if-match': file.etag } })
  assert.equal(put.status, 200, put.text)
  const { json, status } = await lin.post(`/api/drafts/${draft.id}/submit`, { reason: '手机号' })
  assert.equal(status, 201, JSON.stringify(json))
  return { draft: draft.id, id: json.id }
}

async function sign(who: Browser, key: Key, request: object) {
  const prepared = await who.post('/api/statements', { reason: '理由', ...request })
  if (prepared.status !== 200) return prepared
  return who.post('/api/approvals', { jws: await signStatement(prepared.json.claims, key, key.key) })
}

const lastEvent = async (action: string) =>
  (await auditor.get('/api/audit?limit=50')).json.events.find((e: { action: string }) => e.action === action)

describe('a draft that is submitted', () => {
  const submissions = async () =>
    (await auditor.get('/api/history?limit=1000')).json.releases.filter((e: { kind: string }) => e.kind === 'submitted')

  test('is closed before it is judged: a second submission and an edit meanwhile come too late', async () => {
    const { json: draft } = await lin.post('/api/drafts', { title: 'race' })
    const { json: file } = await lin.get(`/api/rules/${draft.id}/file?path=${RESEARCH}`)
    const put = (text: string, etag: string) =>
      lin.ask('PUT', `/api/drafts/${draft.id}/file?path=${RESEARCH}`, { body: { text }, headers: { 'if-match': etag } })
    const text = file.text.replace('mobile: mask', 'mobile: redact')
    const { headers } = await put(text, file.etag)
    const before = (await submissions()).length
    const submit = () => lin.post(`/api/drafts/${draft.id}/submit`, { reason: 'race' })
    // while the gate judges the first
    const real = at.desk.submit.bind(at.desk)
    const late: string[] = []
    at.desk.submit = async (given) => {
      at.desk.submit = real
      const open = `/api/drafts/${draft.id}`
      const replies = [await submit(), await put(file.text, String(headers['etag']))]
      replies.push(await lin.post(`${open}/reopen`), await lin.ask('DELETE', open))
      for (const reply of replies) late.push(reply.json.code)
      return real(given)
    }
    const { status, json } = await submit()
    assert.deepEqual([status, late], [201, ['DRAFT_CLOSED', 'DRAFT_CLOSED', 'DRAFT_JUDGED', 'DRAFT_JUDGED']])
    assert.equal((await submissions()).length, before + 1)
    const kept = (await at.desk.bundle(json.id))!.files.find(({ path }) => path === RESEARCH)
    assert.equal(kept!.text, text)
    assert.equal((await lin.get(`/api/drafts/${draft.id}`)).json.proposal, json.id)
    assert.equal((await lin.post(`/api/proposals/${json.id}/withdraw`, { reason: 'x' })).status, 200)
  })

  test('is open again when the gate refuses it or fails', async () => {
    const { json: draft } = await lin.post('/api/drafts', { title: 'nothing' })
    const submit = async () => (await lin.post(`/api/drafts/${draft.id}/submit`, { reason: 'x' })).json.code
    assert.equal(await submit(), 'NOTHING_CHANGED')
    const real = at.desk.submit.bind(at.desk)
    at.desk.submit = async () => {
      at.desk.submit = real
      throw new Error('the store went away')
    }
    assert.equal(await submit(), 'INTERNAL')
    assert.equal((await lin.get(`/api/drafts/${draft.id}`)).json.state, 'open')
  })
})

describe('a proposal that is not released', () => {
  test('an approver refuses it with a reason; its author mends the same draft and submits again', async () => {
    const { draft, id } = await proposed('keep')
    assert.equal((await sign(lin, at.keys.lin, { act: 'release', id })).json.signed.length, 1)
    assert.equal((await lin.post(`/api/drafts/${draft}/reopen`)).json.code, 'DRAFT_IN_PROPOSAL')
    const unsigned = await chen.post(`/api/proposals/${id}/refuse`, { reason: '不妥' })
    assert.deepEqual([unsigned.status, unsigned.json.code], [409, 'APPROVAL_MISSING'])
    assert.equal((await chen.post('/api/statements', { act: 'refuse', id, reason: '' })).json.code, 'BAD_BODY')
    const refused = await sign(chen, at.keys.chen, { act: 'refuse', id, reason: '手机号不可放宽' })
    assert.deepEqual([refused.status, refused.json.released], [200, true])
    const { json: seen } = await lin.get(`/api/proposals/${id}`)
    assert.deepEqual(
      [seen.state, seen.signed, seen.closed.by, seen.closed.reason],
      ['refused', [], 'chen.yu', '手机号不可放宽'],
    )
    const { json: history } = await auditor.get('/api/history?limit=1')
    const [last] = history.releases
    assert.deepEqual(
      [last.kind, last.who, last.reason, last.signers],
      ['refused', 'chen.yu', '手机号不可放宽', ['chen.yu']],
    )
    const event = await lastEvent('approve')
    assert.deepEqual([event.account.name, event.note.act], ['CHEN.YU', 'refuse'])
    assert.equal((await sign(chen, at.keys.chen, { act: 'refuse', id })).json.code, 'PROPOSAL_NOT_OPEN')
    assert.equal((await sign(chen, at.keys.chen, { act: 'release', id })).json.code, 'PROPOSAL_CLOSED')
    const activated = await lin.post(`/api/proposals/${id}/activate`, { reason: 'x' })
    assert.deepEqual([activated.status, activated.json.code], [409, 'PROPOSAL_CLOSED'])
    assert.equal((await chen.post(`/api/drafts/${draft}/reopen`)).json.code, 'NOT_YOURS')
    const { json: open } = await lin.post(`/api/drafts/${draft}/reopen`)
    assert.deepEqual([open.state, open.proposal, open.changed], ['open', null, [RESEARCH]])
    at.clock.now += 2000
    const again = await lin.post(`/api/drafts/${draft}/submit`, { reason: '再议' })
    assert.deepEqual([again.status, again.json.id], [201, id])
    assert.deepEqual((await lin.get(`/api/proposals/${id}`)).json.signed, [], 'signatures begin anew')
  })

  test('its author withdraws it, nobody else; both are told and audited', async () => {
    const { draft, id } = await proposed('drop')
    const other = await chen.post(`/api/proposals/${id}/withdraw`, { reason: 'x' })
    assert.deepEqual([other.status, other.json.code], [403, 'PROPOSAL_NOT_YOURS'])
    assert.equal((await lin.post(`/api/proposals/${id}/withdraw`, {})).json.code, 'BAD_BODY')
    assert.equal((await lin.post(`/api/proposals/${id}/withdraw`, { reason: '写错了' })).status, 200)
    const { json: seen } = await chen.get(`/api/proposals/${id}`)
    assert.deepEqual([seen.state, seen.closed.by, seen.closed.reason], ['withdrawn', 'lin.wei', '写错了'])
    assert.equal((await auditor.get('/api/history?limit=1')).json.releases[0].kind, 'withdrawn')
    const event = await lastEvent('withdrawProposal')
    assert.deepEqual([event.account.name, event.object, event.outcome], ['LIN.WEI', id, 'ok'])
    const twice = await lin.post(`/api/proposals/${id}/withdraw`, { reason: 'x' })
    assert.deepEqual([twice.status, twice.json.code], [409, 'PROPOSAL_NOT_OPEN'])
    assert.equal((await lin.post(`/api/drafts/${draft}/reopen`)).json.state, 'open')
  })

  test('where nobody signs, an approver refuses by a word', async () => {
    const off = await startConsole(null, 'off')
    try {
      const one = await off.person('lin.wei', 'editor', 'approver')
      const two = await off.person('chen.yu', 'approver')
      const { bundle } = await off.desk.submit({
        files: (await import('./fixtures/rules.ts')).RULE_FILES,
        author: 'lin.wei',
        why: 'x',
      })
      const refused = await two.post(`/api/proposals/${bundle!.id}/refuse`, { reason: '不妥' })
      assert.deepEqual([refused.status, refused.json.released], [200, true])
      assert.equal(
        (await one.post(`/api/proposals/${bundle!.id}/activate`, { reason: 'x' })).json.code,
        'PROPOSAL_CLOSED',
      )
    } finally {
      await off.close()
    }
  })
})

describe('the shadow run', () => {
  test('an approver starts it by a signature and ends it; counts are told by node', async () => {
    const { id } = await proposed('redact')
    assert.deepEqual((await lin.get('/api/shadow')).json, { run: null, nodes: [] })
    const early = await chen.post('/api/shadow/stop', { reason: 'x' })
    assert.deepEqual([early.status, early.json.code], [409, 'SHADOW_NOT_RUNNING'])
    const started = await sign(lin, at.keys.lin, { act: 'shadow', id, share: 0.25, minutes: 30 })
    assert.equal(started.json.released, true, started.text)
    const counts = { bundle: id, calls: 7, skipped: 1, differing: 2, tighter: 3, looser: 0, other: 0, errors: {} }
    const node = { node: 'n1', hash: null, since: '2026-11-20T02:00:00Z', seen: '2026-11-20T02:00:00Z', keyring: 'k' }
    await at.store.attest({ ...node, notes: [], shadow: counts })
    const { json } = await auditor.get('/api/shadow')
    assert.deepEqual([json.run.bundle, json.run.share], [id, 0.25])
    assert.equal(Date.parse(json.run.until) - at.clock.now, 30 * 60_000)
    assert.deepEqual(json.nodes, [{ node: 'n1', seen: '2026-11-20T02:00:00Z', counts }])
    assert.equal((await chen.post('/api/shadow/stop', { reason: '够了' })).status, 204)
    assert.equal((await lin.get('/api/shadow')).json.run, null)
    assert.equal((await lastEvent('stopShadow')).account.name, 'CHEN.YU')
    const last = (await auditor.get('/api/history?limit=1')).json.releases[0]
    assert.deepEqual([last.kind, last.bundle, last.who], ['shadow', null, 'chen.yu'])
  })

  test('it is over by itself when its time has come', async () => {
    const { id } = await proposed('pseudonym')
    await sign(lin, at.keys.lin, { act: 'shadow', id, share: 1, minutes: 1 })
    assert.equal((await lin.get('/api/shadow')).json.run.bundle, id)
    at.clock.now += 61_000
    assert.equal((await lin.get('/api/shadow')).json.run, null)
  })
})

describe('a draft whose ground has changed', () => {
  const write = async (who: Browser, draft: string, path: string, change: (text: string) => string) => {
    const { json: file } = await who.get(`/api/rules/${draft}/file?path=${path}`)
    const url = `/api/drafts/${draft}/file?path=${path}`
    const { status } = await who.ask('PUT', url, {
      body: { text: change(file.text) },
      headers: { 'if-match': file.etag },
    })
    assert.equal(status, 200)
  }
  const DOCTOR = 'policies/doctor.yaml'

  test('is carried over file by file; where both changed one nothing is written', async () => {
    const begun = async (title: string) => (await lin.post('/api/drafts', { title })).json.id as string
    const [mine, both] = [await begun('mine'), await begun('both')]
    await write(lin, mine, DOCTOR, (text) => text.replace('护士站另议', '护士站同意'))
    await write(lin, both, RESEARCH, (text) => text.replace('one person, one token', 'mine'))
    const theirs = await begun('theirs')
    await write(lin, theirs, RESEARCH, (text) => text.replace('mobile: mask', 'mobile: drop '))
    const { json: proposal } = await lin.post(`/api/drafts/${theirs}/submit`, { reason: 'x' })
    for (const [who, key] of [
      [lin, at.keys.lin],
      [chen, at.keys.chen],
    ] as const)
      await sign(who, key, { act: 'release', id: proposal.id })
    assert.equal((await lin.post(`/api/proposals/${proposal.id}/activate`, { reason: 'x' })).status, 200)
    assert.equal((await lin.post(`/api/drafts/${mine}/submit`, { reason: 'x' })).json.code, 'PARENT_CHANGED')
    assert.equal((await chen.post(`/api/drafts/${mine}/rebase`)).json.code, 'NOT_YOURS')
    const { json: moved } = await lin.post(`/api/drafts/${mine}/rebase`)
    assert.deepEqual([moved.changed, moved.base], [[DOCTOR], proposal.hash])
    const research = (await lin.get(`/api/rules/${mine}/file?path=${RESEARCH}`)).json.text
    assert.match(research, /mobile: drop/, 'what others released is in it')
    assert.match((await lin.get(`/api/rules/${mine}/file?path=${DOCTOR}`)).json.text, /护士站同意/)
    const refused = await lin.post(`/api/drafts/${both}/rebase`)
    assert.deepEqual([refused.status, refused.json.code], [409, 'DRAFT_CONFLICTS'])
    assert.deepEqual(
      refused.json.problems.map((p: { file: string }) => p.file),
      [RESEARCH],
    )
    assert.match((await lin.get(`/api/rules/${both}/file?path=${RESEARCH}`)).json.text, /# mine\n/)
    assert.equal((await lin.post(`/api/drafts/${theirs}/rebase`)).json.code, 'DRAFT_CLOSED')
  })
})
