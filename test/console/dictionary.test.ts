/** What an officer sees of a batch before it binds anybody: every row, whatever its status, and where its terms stand. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { activateRules, type Browser, type Console, startConsole } from './fixtures/console.ts'

let at: Console
let lin: Browser
let url = ''
before(async () => {
  at = await startConsole()
  await activateRules(at)
  lin = await at.person('lin.wei', 'editor')
  const { json } = await lin.post('/api/drafts', { title: 'batch' })
  url = `/api/drafts/${json.id}/dictionaries/diagnosis`
})
after(() => at.close())

const upload = async (csv: string) => {
  const reply = await lin.ask('POST', url, { raw: Buffer.from(csv), headers: { 'content-type': 'text/csv' } })
  assert.equal(reply.status, 200, reply.text)
  return reply.json
}

test('a term of a sample is found though its row is in review, begins later, or is for one role', async () => {
  const json = await upload(
    'term,replacement,mode,roles,effective_from\n血小板减少症,TP,text,,\n免疫性血小板减少症,ITP2,both,researcher,2099-01-01\n没有的词,X,both,,\n',
  )
  assert.deepEqual(json.hits, [{ sample: 'rules.inpatient.json', count: 1 }])
  assert.equal(json.inactive, 3)
  assert.deepEqual(new Set(json.entries.map((e: { status: string }) => e.status)), new Set(['in_review']))
})

test('rows in review are changes to be seen, and a term that only gets another replacement is found all the same', async () => {
  const later = await upload('term,replacement\n高血压病,HTN\n')
  assert.deepEqual([later.added, later.changed, later.same, later.entries[0].term], [1, 0, 0, '高血压病'])
  const changed = await upload('term,replacement,status,author,approver\n免疫性血小板减少症,ITP-2,active,zhang,li\n')
  assert.deepEqual([changed.added, changed.changed, changed.same, changed.inactive], [0, 1, 0, 0])
  assert.deepEqual(changed.hits, [{ sample: 'rules.inpatient.json', count: 1 }])
  const same = await upload('term,replacement,status,author,approver\n高血压病,HTN,active,zhang,li\n')
  assert.deepEqual(same.hits, [])
})

test('errors the draft had before are no conflicts of the batch, and keep nobody from writing it', async () => {
  const { json: draft } = await lin.post('/api/drafts', { title: 'broken elsewhere' })
  const path = 'policies/research.yaml'
  const { json: file } = await lin.get(`/api/rules/${draft.id}/file?path=${path}`)
  const body = { text: `${file.text}nothing: known\n` }
  const put = await lin.ask('PUT', `/api/drafts/${draft.id}/file?path=${path}`, {
    body,
    headers: { 'if-match': file.etag },
  })
  assert.equal(put.status, 200)
  const good = { raw: Buffer.from('term,replacement\n高血压病,HTN\n'), headers: { 'content-type': 'text/csv' } }
  const into = `/api/drafts/${draft.id}/dictionaries/diagnosis`
  assert.deepEqual((await lin.ask('POST', into, good)).json.conflicts, [])
  assert.equal((await lin.ask('POST', `${into}?mode=apply&batch=b1`, good)).json.applied, true)
  const bad = {
    raw: Buffer.from('term,replacement,status,author,approver\n坏,A,active,li,lin.wei\n'),
    headers: good.headers,
  }
  const { conflicts } = (await lin.ask('POST', into, bad)).json
  assert.deepEqual(
    conflicts.map((c: { file: string; line: number }) => [c.file, c.line]),
    [['diagnosis.csv', 2]],
    'told once',
  )
})

test('what is wrong with a field names its line and its column, as the file calls it', async () => {
  const told = async (csv: string) =>
    (await upload(csv)).conflicts.map((c: { line: number; en: { message: string } }) => [c.line, c.en.message])
  const head = 'term,replacement,status,effective_from,author,approver\n'
  assert.deepEqual(await told(`${head}高血压病,HTN,active,2026-01-01,li,zhang\n肺炎,P,,2026-01-01,li,zhang\n`), [
    [3, 'column "status": this field is empty'],
  ])
  const [wrong] = await told(`${head}肺炎,P,activ,2026-01-01,li,zhang\n`)
  assert.match(wrong[1], /^column "status": "activ" is not one of the words/)
  assert.deepEqual(await told(`${head}肺炎,P,draft,soon,li,zhang\n`), [
    [2, 'column "effective_from": "soon" is no date'],
  ])
  assert.deepEqual(await told(`${head}肺炎,${'长'.repeat(201)},draft,,li,zhang\n`), [
    [2, 'column "replacement": the text is too long'],
  ])
  const [zh] = await told('术语,替换,状态,编写人,审批人\n肺炎,P,,li,zhang\n')
  assert.deepEqual(zh, [2, 'column "状态": this field is empty'])
})
