/** A release made in the console reaches the calls of a running gateway: submit, sign, activate, and within 5 seconds. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/cli/demo/free-port.ts'
import { openDesk } from '../../src/cli/release/open-desk.ts'
import { readDocument } from '../../src/cli/serve/console-parts.ts'
import { parseConfig } from '../../src/config.ts'
import { signStatement } from '../../src/release/jws.ts'
import { activateRules, Browser, type Key, makeKey } from '../console/fixtures/console.ts'
import { type Deployment, deploy, type Served, serve } from '../fixtures/deployment.ts'

const CLI = fileURLToPath(new URL('../../bin/veilgate.js', import.meta.url))
const FILE = 'policies/research.yaml'
let deployment: Deployment
let served: Served
let keys: { lin: Key; chen: Key }
let operations = 0
let browser: Browser

before(async () => {
  deployment = await deploy({ interfaces: '', more: 'control: { port: 0 }\n' })
  rmSync(deployment.path('rules'), { recursive: true })
  keys = { lin: await makeKey('lin.wei'), chen: await makeKey('chen.yu') }
  operations = await freePort(0)
  const approvers = Object.values(keys).map(({ id, x, y }) => `{ id: ${id}, x: "${x}", y: "${y}" }`)
  const text = deployment
    .read('veilgate.yaml')
    .replace('rules: { approval: off }', `rules: { source: store, approvers: [${approvers.join(', ')}] }`)
    .replace('operations: { port: 0 }', `operations: { port: ${operations} }`)
  deployment.write('veilgate.yaml', text)
  deployment.write('state/.keep', '')
  const { config } = parseConfig('veilgate.yaml', text)
  const desk = await openDesk(config!, deployment.folder, {})
  await activateRules({ desk, keys })
  await desk.close()
  const args = [CLI, 'users', 'add', 'lin.wei', '--roles', 'editor,approver', '--config', deployment.config]
  const added = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(added.status, 0, added.stderr)
  served = await serve(deployment)
  const [ready] = deployment.read('veilgate.log').match(/^.*"console\.ready".*$/m)!
  const { port } = JSON.parse(ready) as { port: number }
  browser = new Browser({ port, ca: deployment.consortium.ca, document: await readDocument() })
  await browser.enrol('lin.wei', /once: (\S+)/.exec(added.stdout)![1]!, Date.now)
})
after(async () => {
  served?.child.kill('SIGTERM')
  await served?.ended
  await deployment?.remove()
})

const running = async (): Promise<string> => {
  const reply = await fetch(`http://127.0.0.1:${operations}/readyz`)
  return ((await reply.json()) as { bundle: string }).bundle
}

test('a tightening made and signed in the console runs on the node within 5 seconds', async () => {
  const first = await running()
  assert.equal((await browser.get('/api/session')).json.deployment.active, first)
  const { json: draft } = await browser.post('/api/drafts', { title: '收紧' })
  const { json: file } = await browser.get(`/api/rules/${draft.id}/file?path=${FILE}`)
  const body = { text: file.text.replace('mobile: mask', 'mobile: drop') }
  const put = { body, headers: { 'if-match': file.etag } }
  assert.equal((await browser.ask('PUT', `/api/drafts/${draft.id}/file?path=${FILE}`, put)).status, 200)
  const { json: proposal } = await browser.post(`/api/drafts/${draft.id}/submit`, { reason: '收紧' })
  const { json: prepared } = await browser.post('/api/statements', { act: 'release', id: proposal.id, reason: '收紧' })
  const jws = await signStatement(prepared.claims, keys.lin, keys.lin.key)
  assert.equal((await browser.post('/api/approvals', { jws })).json.released, true)
  assert.equal(await running(), first, 'nothing runs before it is activated')
  assert.equal((await browser.post(`/api/proposals/${proposal.id}/activate`, { reason: '收紧' })).status, 200)
  const began = performance.now()
  while ((await running()) !== proposal.hash) {
    assert.ok(performance.now() - began < 5000, 'in force within 5 seconds')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { json: nodes } = await browser.get('/api/nodes')
  assert.deepEqual([nodes.approved, nodes.nodes.length], [proposal.hash, 1])
})
