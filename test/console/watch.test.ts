/** Signals, figures and audit events: for ops and auditors, counts and codes only; downloads that no spreadsheet runs. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { compileAnomalies } from '../../src/anomaly/index.ts'
import { csvOf } from '../../src/console/api/csv.ts'
import { deniedRecord } from '../fixtures/call-records.ts'
import { DAY_START, reportCalls } from '../fixtures/report-calls.ts'
import { activateRules, type Browser, type Console, startConsole } from './fixtures/console.ts'

const DAY = 86_400_000
let at: Console
let ops: Browser
before(async () => {
  at = await startConsole()
  await activateRules(at)
  const text = 'anomalies:\n  burst: { detector: denied-burst, window: 5m, threshold: 3 }\n'
  at.calls.watch(compileAnomalies([{ file: 'a', text }]).anomalies)
  at.calls.add(
    [1, 2, 3].map((n) => deniedRecord(1000 + n, DAY_START + n * 1000)),
    'q',
  )
  at.calls.add(reportCalls(), 'p')
  at.clock.now = DAY_START + DAY
  ops = await at.person('ops.one', 'ops')
})
after(() => at.close())

test('signals, newest first, with since and limit', async () => {
  const { status, json, headers } = await ops.get('/api/anomalies')
  assert.equal(status, 200)
  assert.equal(headers['cache-control'], 'no-store')
  assert.deepEqual(
    json.signals.map((s: { anomaly: string; institution: string }) => [s.anomaly, s.institution]),
    [['burst', 'county']],
  )
  assert.deepEqual((await ops.get('/api/anomalies?since=2027-03-02&limit=5')).json.signals, [])
})

test('the summary is the report of a period, by default of the last 24 hours', async () => {
  assert.equal((await ops.get('/api/calls/summary')).json.calls.total, 203)
  const hour = await ops.get('/api/calls/summary?from=2027-03-01T00:00&to=2027-03-01T01:00')
  assert.equal(hour.json.calls.total, 12)
})

test('two people of one name are told apart, what was done to an account names it, and all of it can be read', async () => {
  const auditor = await at.person('auditor.two', 'auditor')
  const event = { at: new Date(at.clock.now).toISOString(), outcome: 'ok', address: null, note: null }
  const one = (await at.people.add('li.qiang', '李强', ['admin'])).account
  const two = (await at.people.add('li.qiang2', '李强', ['editor'])).account
  for (const { id, displayName: name } of [one, two])
    at.accounts.audit({ ...event, account: { id, name }, action: 'resetUser', object: two.id })
  const gone = { id: 'a'.repeat(26), name: '走了' }
  at.accounts.audit({ ...event, account: gone, action: 'addDraft', object: 'b'.repeat(26) })
  const { json } = await auditor.get('/api/audit?limit=3')
  assert.deepEqual(
    json.events.map((e: { account: { name: string; login: string | null }; objectLogin: string | null }) => [
      e.account.name,
      e.account.login,
      e.objectLogin,
    ]),
    [
      ['走了', null, null],
      ['李强', 'li.qiang2', 'li.qiang2'],
      ['李强', 'li.qiang', 'li.qiang2'],
    ],
  )
  const csv = (await auditor.get('/api/audit?as=csv&limit=4')).text.split('\r\n')
  assert.equal(csv[0]!.slice(1), 'id,at,account,login,action,object,object_login,outcome,address,note')
  assert.match(csv[2]!, /,李强,li\.qiang2,resetUser,[a-z2-7]{26},li\.qiang2,ok,/)
  const all: number[] = []
  for (let before: number | undefined, page: { id: number }[]; ; before = page.at(-1)!.id) {
    page = (await auditor.get(`/api/audit?limit=2${before === undefined ? '' : `&before=${before}`}`)).json.events
    if (page.length === 0) break
    all.push(...page.map(({ id }) => id))
  }
  assert.deepEqual(
    all,
    at.accounts.events(0, 1000).map(({ id }) => id),
  )
})

test('X66: a formula in a name is text in every download', async () => {
  const auditor = await at.person('auditor.one', 'auditor')
  const { account } = await at.people.add('formula.one', '=HYPERLINK("https://evil.example";"x")', ['admin'])
  at.accounts.audit({
    at: new Date(at.clock.now).toISOString(),
    account: { id: account.id, name: account.displayName },
    action: 'addUser',
    object: '+1',
    outcome: 'ok',
    address: null,
    note: null,
  })
  const { text, headers } = await auditor.get('/api/audit?as=csv')
  assert.match(String(headers['content-disposition']), /^attachment; filename="audit\.csv"$/)
  assert.match(String(headers['content-type']), /^text\/csv/)
  assert.ok(text.includes(`"'=HYPERLINK(""https`))
  assert.ok(text.includes(`"'+1"`))
  assert.equal(csvOf([['a;=1+1', 'b\t＝1', '\n@x']]), `\ufeff"a;=1+1","b\t＝1","'\n@x"\r\n`)
  for (const line of text.slice(1).split('\r\n')) assert.ok(!/(^|,)"?[=+\-@\t＝＋－＠]/.test(line), line)
  const matrix = await auditor.get('/api/rules/active/matrix?as=csv')
  assert.match(matrix.text, /^\ufeffelement,zh,level,/)
  assert.match(matrix.text, /mobile,手机号,4,/)
  const editor = await at.person('formula.two', 'editor')
  const { json: draft } = await editor.post('/api/drafts', { title: 'x' })
  const path = `/api/drafts/${draft.id}/file?path=elements.yaml`
  const { json: file } = await editor.get(`/api/rules/${draft.id}/file?path=elements.yaml`)
  const body = { text: `${file.text}  plate: { zh: "=1+cmd", kind: identifier, level: 3, group: contact }\n` }
  assert.equal((await editor.ask('PUT', path, { body, headers: { 'if-match': file.etag } })).status, 200)
  const hostile = await auditor.get(`/api/rules/${draft.id}/matrix?as=csv`)
  assert.ok(hostile.text.includes(`'=1+cmd`) && !/(^|,)"?=1/m.test(hostile.text), 'in names of the rules, too')
  const { json } = await auditor.get('/api/audit?limit=2')
  assert.deepEqual(
    json.events.map((e: { action: string }) => e.action),
    ['getMatrix', 'putDraftFile'],
    'downloads are audited',
  )
})
