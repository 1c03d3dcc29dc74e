/** The officer's road through the API: find, tighten, preview, release alone; loosen with a second person; roll back. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { signStatement } from '../../src/release/jws.ts'
import { activateRules, type Browser, type Console, type Key, makeKey, startConsole } from './fixtures/console.ts'
import { RULE_FILES, SAMPLE } from './fixtures/rules.ts'

let at: Console
let first = ''
let lin: Browser
let chen: Browser
before(async () => {
  at = await startConsole()
  first = await activateRules(at)
  lin = await at.person('lin.wei', 'editor', 'approver')
  chen = await at.person('chen.yu', 'approver')
})
after(() => at.close())

const RESEARCH = 'policies/research.yaml'

async function draftWith(who: Browser, change: (text: string) => string, path = RESEARCH): Promise<string> {
  const { json: draft } = await who.post('/api/drafts', { title: '手机号' })
  const { json: file } = await who.get(`/api/rules/${draft.id}/file?path=${path}`)
  const put = await who.ask('PUT', `/api/drafts/${draft.id}/file?path=${path}`, {
    body: { text: change(file.text) },
    headers: { 'if-match': file.etag },
  })
  assert.equal(put.status, 200, put.text)
  return draft.id
}

async function sign(who: Browser, key: Key, request: object) {
  const prepared = await who.post('/api/statements', { reason: '收紧', ...request })
  assert.equal(prepared.status, 200, prepared.text)
  assert.deepEqual(JSON.parse(prepared.json.payload), prepared.json.claims)
  return who.post('/api/approvals', { jws: await signStatement(prepared.json.claims, key, key.key) })
}

test('the matrix tells which line shows a masked mobile to the researcher', async () => {
  const { json } = await lin.get('/api/rules/active/matrix')
  const column = json.columns.findIndex(
    (c: { role: string; policies: string[] }) => c.role === 'researcher' && c.policies.length > 0,
  )
  const row = json.rows.find((r: { element: string }) => r.element === 'mobile')
  assert.equal(row.cells[column].method, 'mask')
  const { json: file } = await lin.get(`/api/rules/active/file?path=${row.cells[column].at.file}`)
  assert.match(file.text.split('\n')[row.cells[column].at.line - 1], /mobile: mask/)
  assert.equal((await lin.get('/api/rules/active/matrix?interface=his.inpatient')).json.interface, 'his.inpatient')
  assert.equal((await lin.get('/api/rules/active/matrix?interface=no.such')).status, 404)
  const { json: rules } = await lin.get('/api/rules/active')
  assert.deepEqual(rules.institutions.map((i: { zh: string }) => i.zh).sort(), ['县医院', '附属医院'])
  assert.ok(rules.methods.some((m: { name: string }) => m.name === 'drop'))
})

test('before and after, every treated value linked to its place and line', async () => {
  const request = {
    sample: 'rules.inpatient.json',
    role: 'researcher',
    scenario: 'research',
    interface: 'his.inpatient',
    at: '2026-11-21',
  }
  const { json } = await lin.post('/api/rules/active/preview', request)
  assert.equal(json.before, SAMPLE)
  const of = (element: string) => json.values.find((v: { element: string }) => v.element === element)
  const mobile = of('mobile')
  assert.equal(json.before.slice(mobile.before.start, mobile.before.end), '13800138000')
  assert.equal(json.after.slice(mobile.after.start, mobile.after.end), '138****8000')
  const diagnosis = of('diagnosis')
  assert.equal(json.after.slice(diagnosis.after.start, diagnosis.after.end), 'ITP')
  assert.equal(json.before.slice(diagnosis.before.start, diagnosis.before.end), '免疫性血小板减少症')
  assert.deepEqual([of('inpatient-no').outcome, of('inpatient-no').after], ['removed', null])
  assert.equal(mobile.why.at.file, RESEARCH)
  const denied = await lin.post('/api/rules/active/preview', { ...request, role: 'nobody' })
  assert.deepEqual([denied.json.refused, denied.json.after], ['ROLE_DENIED', null])
  const broken = await lin.post('/api/rules/active/preview', {
    text: '{"a":',
    format: 'json',
    role: 'researcher',
    scenario: 'research',
  })
  assert.equal(broken.json.refused, 'PAYLOAD_UNPARSEABLE')
  const bad = [
    { role: 'x' },
    { role: 'x', text: 'a' },
    { role: 'x', text: 'a', format: 'csv' },
    { role: 'x', text: 'a', format: 'json', sample: 'b' },
  ]
  for (const body of bad) assert.equal((await lin.post('/api/rules/active/preview', body)).json.code, 'BAD_BODY')
})

test("a file is edited under its ETag; problems come back at their lines in the file's language", async () => {
  const { json: draft } = await lin.post('/api/drafts', { title: 'etag' })
  const urlOf = (path: string): string => `/api/drafts/${draft.id}/file?path=${encodeURIComponent(path)}`
  const { json: file, headers } = await lin.get(`/api/rules/${draft.id}/file?path=${RESEARCH}`)
  assert.equal(headers['etag'], file.etag)
  const put = (text: string, h: Record<string, string>, path = RESEARCH) =>
    lin.ask('PUT', urlOf(path), { body: { text }, headers: h })
  assert.equal((await put('x', {})).status, 428)
  assert.equal((await put('x', { 'if-match': '"old"' })).json.etag, file.etag)
  assert.equal((await put('x', { 'if-none-match': '*' })).status, 412)
  const bad = file.text.replace('mobile: mask', 'mobile: msk')
  const checked = await lin.post(`/api/drafts/${draft.id}/check`, { files: [{ path: RESEARCH, text: bad }] })
  const [problem] = checked.json.problems
  assert.deepEqual(
    [checked.json.errors > 0, problem.file, problem.line, problem.code],
    [true, RESEARCH, 8, 'unknown-method'],
  )
  assert.match(problem.expected, /mask/)
  const written = { path: 'policies/doctor.yaml', text: '策略: doctor\n脱敏:\n  手机号: 遮闭\n' }
  const zh = await lin.post(`/api/drafts/${draft.id}/check`, { files: [written] })
  assert.match(zh.json.problems[0].message, /\p{Script=Han}/u)
  assert.equal((await lin.get(`/api/rules/${draft.id}/problems`)).json.errors, 0, 'nothing was kept')
  assert.equal((await put(bad, { 'if-match': file.etag })).status, 200, 'a draft may have problems')
  assert.equal((await put('x', { 'if-match': file.etag })).status, 412)
  const submitted = await lin.post(`/api/drafts/${draft.id}/submit`, { reason: 'x' })
  assert.equal(submitted.json.code, 'GATE_PROBLEMS')
  assert.equal(submitted.json.problems[0].line, 8)
  assert.equal((await lin.get(`/api/rules/${draft.id}`)).json.compiled, false)
  assert.equal((await put('format: json\nmobile: [dh]\n', { 'if-none-match': '*' }, 'bindings/more.yaml')).status, 200)
  const { files } = (await lin.get(`/api/rules/${draft.id}`)).json as { files: { path: string; change: string }[] }
  const changes = new Map(files.map((f) => [f.path, f.change]))
  assert.deepEqual([changes.get('bindings/more.yaml'), changes.get(RESEARCH)], ['added', 'changed'])
  for (const path of [
    '../secret.yaml',
    '/etc/passwd',
    'policies/x.sh',
    '.hidden.yaml',
    'a//b.yaml',
    'policies/../x.yaml',
  ])
    assert.ok([400, 422].includes((await put('x', { 'if-none-match': '*' }, path)).status), path)
  assert.equal((await lin.ask('DELETE', `/api/drafts/${draft.id}`)).status, 204)
})

test('a cell by form keeps comments and the language of the file', async () => {
  const { json: draft } = await lin.post('/api/drafts', { title: 'form' })
  const cell = (body: object) => lin.post(`/api/drafts/${draft.id}/cell`, body)
  const en = await cell({ path: RESEARCH, element: 'mobile', cell: { method: 'drop' } })
  assert.match(en.json.text, /\n {2}mobile: drop {18}# the county's researcher sees this\n/)
  assert.equal(en.json.line, 8)
  const zh = await cell({ path: 'policies/doctor.yaml', element: 'mobile', cell: { method: 'redact' } })
  assert.match(zh.json.text, / {2}手机号: \S+ {3}# 护士站另议/)
  assert.equal((await cell({ path: RESEARCH, element: 'no-such', cell: null })).json.code, 'CELL_NOT_SIMPLE')
  assert.equal((await cell({ path: RESEARCH, element: 'mobile', cell: { method: 'no' } })).json.code, 'CELL_NOT_SIMPLE')
  const text = 'policy: research\nelements:\n  mobile: mask\n  a: b\n'
  assert.equal(
    (await cell({ path: RESEARCH, element: 'mobile', cell: null, text })).json.text,
    'policy: research\nelements:\n  a: b\n',
  )
  await lin.ask('DELETE', `/api/drafts/${draft.id}`)
})

test('she tightens, sees it, and releases alone', async () => {
  const id = await draftWith(lin, (text) => text.replace('mobile: mask', 'mobile: drop'))
  const { json: diff } = await lin.get(`/api/rules/${id}/diff`)
  assert.deepEqual([diff.class, diff.needs], ['tighter', 1])
  const cell = diff.changes.find((c: { element?: string }) => c.element === 'mobile')
  assert.deepEqual([cell.before.text.split(' ')[0], cell.after.text, cell.class], ['mask', 'drop', 'tighter'])
  const scene = { role: 'researcher', scenario: 'research' }
  const { json: seen } = await lin.post(`/api/rules/${id}/preview`, { sample: 'rules.inpatient.json', ...scene })
  assert.ok(!seen.after.includes('138'))
  const { json: tests } = await lin.post(`/api/rules/${id}/tests`, { files: [] })
  assert.deepEqual([tests.passed, tests.failed], [1, 0])
  const { json: proposal } = await lin.post(`/api/drafts/${id}/submit`, { reason: '收紧' })
  assert.deepEqual([proposal.class, proposal.needs], ['tighter', 1])
  const activate = () => lin.post(`/api/proposals/${proposal.id}/activate`, { reason: '收紧' })
  assert.equal((await activate()).json.code, 'APPROVAL_MISSING', 'nothing without a signature')
  const signed = await sign(lin, at.keys.lin, { act: 'release', id: proposal.id })
  assert.deepEqual([signed.json.released, signed.json.signed], [true, ['lin.wei']])
  assert.equal((await activate()).status, 200)
  const { json: after } = await lin.post('/api/rules/active/preview', { text: SAMPLE, format: 'json', ...scene })
  assert.ok(!after.after.includes('138'))
  const late = { body: { text: 'x' }, headers: { 'if-match': '"x"' } }
  assert.equal((await lin.ask('PUT', `/api/drafts/${id}/file?path=${RESEARCH}`, late)).json.code, 'DRAFT_CLOSED')
  const { json: history } = await chen.get('/api/history?limit=2')
  assert.deepEqual(
    history.releases.map((r: { kind: string; who: string; signers: string[] }) => [r.kind, r.who, r.signers]),
    [
      ['activated', 'lin.wei', ['lin.wei']],
      ['approved', 'lin.wei', ['lin.wei']],
    ],
  )
})

test('X58: she cannot loosen alone; a second person signs; then she rolls back', async () => {
  const id = await draftWith(lin, (text) => text.replace('resident-id: redact', 'resident-id: mask'))
  const { json: proposal } = await lin.post(`/api/drafts/${id}/submit`, { reason: '放宽' })
  assert.deepEqual([proposal.class, proposal.needs], ['looser', 2])
  const activate = () => lin.post(`/api/proposals/${proposal.id}/activate`, { reason: '放宽' })
  const own = await sign(lin, at.keys.lin, { act: 'release', id: proposal.id })
  assert.deepEqual([own.json.released, own.json.waiting], [false, 'APPROVAL_OWN'])
  assert.equal((await activate()).status, 409)
  const { json: again } = await lin.post('/api/statements', { act: 'release', id: proposal.id, reason: 'x' })
  const stranger = await makeKey('lin.wei')
  const { lin: mine, chen: theirs } = at.keys
  const attempts: readonly [Key, Key, string][] = [
    [mine, mine, 'APPROVAL_TWICE'],
    [theirs, theirs, 'KEY_NOT_YOURS'],
    [stranger, stranger, 'KEY_NOT_YOURS'],
    [mine, stranger, 'APPROVAL_SIGNATURE'],
  ]
  for (const [named, used, code] of attempts) {
    const jws = await signStatement(again.claims, named, used.key)
    assert.equal((await lin.post('/api/approvals', { jws })).json.code, code)
  }
  assert.equal((await sign(chen, at.keys.chen, { act: 'release', id: proposal.id })).json.released, true)
  assert.equal((await activate()).status, 200)
  assert.equal((await sign(lin, at.keys.lin, { act: 'rollback', id: first })).json.released, true)
  assert.equal((await lin.post(`/api/proposals/${first}/activate`, { reason: '回退' })).status, 200)
  const { json } = await lin.get('/api/proposals')
  assert.equal(json.proposals.find((p: { id: string }) => p.id === first).state, 'active')
  assert.equal(json.alarm?.kind, 'activated', 'a rollback by one person raises an alarm')
})

test("enrolling a key takes its owner's proof and two who are enrolled", async () => {
  const wang = await at.person('wang.fang', 'approver')
  const key = await makeKey('wang.fang')
  const { x, y } = key
  const proofBy = async (by: Key, account: string) => {
    const kid = createHash('sha256').update(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).digest('base64url')
    const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const input = `${b64({ alg: 'ES256', kid, typ: 'veilgate-key' })}.${b64({ account, x, y })}`
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, by.key, Buffer.from(input))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }
  const propose = (proof: string) => wang.post('/api/approvers', { x, y, label: '办公室', proof })
  assert.equal((await propose(await proofBy(at.keys.lin, 'wang.fang'))).json.code, 'KEY_PROOF')
  assert.equal((await propose(await proofBy(key, 'lin.wei'))).json.code, 'KEY_PROOF')
  assert.equal((await propose(await proofBy(key, 'wang.fang'))).status, 201)
  assert.equal((await lin.ask('DELETE', '/api/approvers/wang.fang')).json.code, 'NOT_YOURS')
  assert.equal((await sign(lin, at.keys.lin, { act: 'enrol', subject: 'wang.fang' })).json.released, false)
  const { json: own } = await wang.post('/api/statements', { act: 'enrol', subject: 'wang.fang', reason: 'x' })
  const self = await signStatement(own.claims, key, key.key)
  assert.equal((await wang.post('/api/approvals', { jws: self })).json.code, 'KEY_NOT_YOURS')
  assert.equal((await sign(chen, at.keys.chen, { act: 'enrol', subject: 'wang.fang' })).json.released, true)
  const { json } = await lin.get('/api/approvers')
  assert.deepEqual(json.enrolled.map((a: { name: string }) => a.name).sort(), ['chen.yu', 'lin.wei', 'wang.fang'])
  assert.deepEqual(json.proposed, [])
  const accounts = new Map(json.enrolled.map((a: { name: string; account: boolean }) => [a.name, a.account]))
  assert.deepEqual([accounts.get('lin.wei'), accounts.get('chen.yu')], [true, true])
})

test('a dictionary batch shows what it changes and hits, and is refused with conflicts', async () => {
  const { json: draft } = await lin.post('/api/drafts', { title: 'batch' })
  const url = `/api/drafts/${draft.id}/dictionaries/diagnosis`
  const upload = (csv: string, query = '') =>
    lin.ask('POST', `${url}${query}`, { raw: Buffer.from(csv), headers: { 'content-type': 'text/csv' } })
  const head = 'term,replacement,status,author,approver\n'
  const { text } = RULE_FILES.find((f) => f.path === 'dictionaries/diagnosis.csv')!
  const columns = text.split('\n', 1)[0]!.split(',')
  const row: Record<string, string> = {
    term: '高血压病',
    replacement: 'HTN',
    status: 'active',
    author: 'zhang',
    approver: 'li',
  }
  const good = `${text}${columns.map((name) => row[name] ?? '').join(',')}\n`
  const { json, status } = await upload(good)
  assert.deepEqual([status, json.applied, json.added, json.changed + json.same, json.conflicts], [200, false, 1, 1, []])
  assert.equal(json.entries[0].term, '高血压病')
  assert.deepEqual((await lin.get(`/api/drafts/${draft.id}`)).json.changed, [])
  assert.equal((await upload(good, '?mode=apply')).json.code, 'BATCH_MISSING')
  const own = `${head}高血压病,HTN,active,lin.wei,lin.wei\n`
  assert.equal((await upload(own, '?mode=apply&batch=b1')).json.code, 'DICTIONARY_CONFLICTS')
  assert.equal((await upload(own)).json.conflicts[0].line, 2)
  assert.equal((await upload(good, '?mode=apply&batch=b1')).json.applied, true)
  assert.deepEqual((await lin.get(`/api/drafts/${draft.id}`)).json.changed, ['dictionaries/diagnosis.csv'])
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const xlsx = { raw: Buffer.from('PK\u0003\u0004 not a workbook'), headers: { 'content-type': type } }
  assert.equal((await lin.ask('POST', url, xlsx)).json.code, 'TABLE_UNREADABLE')
  assert.equal((await upload('x'.repeat(21 * 1024 * 1024))).json.code, 'BODY_TOO_LARGE')
  await lin.ask('DELETE', `/api/drafts/${draft.id}`)
})
