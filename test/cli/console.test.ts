/** The console as a deployment runs it: `veilgate users` beside `veilgate serve`, a person in a browser, the rules folder. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, statSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import type { Io } from '../../src/cli/command.ts'
import { readDocument } from '../../src/cli/serve/console-parts.ts'
import { serveConsole } from '../../src/cli/serve/console-protocol.ts'
import { readOptions } from '../../src/cli/serve/options.ts'
import type { BundleFile } from '../../src/release/model.ts'
import { Browser } from '../console/fixtures/console.ts'
import { RULE_FILES } from '../console/fixtures/rules.ts'
import { type Deployment, deploy, type Served, serve } from '../fixtures/deployment.ts'

const CLI = fileURLToPath(new URL('../../bin/veilgate.js', import.meta.url))
let deployment: Deployment
let served: Served
let port = 0
before(async () => {
  const more = 'control: { port: 0, secret: { file: control.secret } }\n'
  deployment = await deploy({ interfaces: '', more })
  rmSync(deployment.path('rules'), { recursive: true })
  for (const file of RULE_FILES) writeFile(deployment, file)
  deployment.write('control.secret', 'console-test-secret-0123456789abcdef')
  const added = users('add', 'lin.wei', '--roles', 'editor,approver', '--display-name', '林薇')
  assert.equal(added.status, 0, added.stderr)
  served = await serve(deployment, '--unsafe-approval-off')
  port = logged('console.ready')[0]!.port!
})
after(async () => {
  served?.child.kill('SIGTERM')
  await served?.ended
  await deployment?.remove()
})

const writeFile = ({ write }: Deployment, { path, text, encoding }: BundleFile): string =>
  write(`rules/${path}`, Buffer.from(text, encoding).toString('utf8'))

function users(...args: string[]) {
  return spawnSync(process.execPath, [CLI, 'users', ...args, '--config', deployment.config], { encoding: 'utf8' })
}

const logged = (event: string): { readonly port?: number }[] =>
  deployment
    .read('veilgate.log')
    .split('\n')
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line) as { port?: number })

const open = async (): Promise<Browser> =>
  new Browser({ port, ca: deployment.consortium.ca, document: await readDocument() })

test('a person added by the command signs in, enrols, and reads the rules that run', async () => {
  const { stdout } = users('reset', 'lin.wei')
  const password = /once: (\S+)/.exec(stdout)![1]!
  const browser = await open()
  await browser.enrol('lin.wei', password, Date.now)
  const { json: session } = await browser.get('/api/session')
  assert.deepEqual(
    [session.account.displayName, session.deployment.node, session.deployment.source],
    ['林薇', 'test', 'folder'],
  )
  const { json: rules } = await browser.get('/api/rules/active')
  assert.equal(rules.hash, session.deployment.active)
  const { json: matrix } = await browser.get('/api/rules/active/matrix')
  assert.ok(matrix.rows.length > 0 && matrix.columns.length > 0)
  const { json: preview } = await browser.post('/api/rules/active/preview', {
    sample: 'rules.inpatient.json',
    role: 'doctor',
    scenario: 'treatment',
  })
  assert.equal(preview.refused, null, JSON.stringify(preview))
  assert.ok(!preview.after.includes('13800138000') && preview.after.includes('张三'))
  const { json: draft } = await browser.post('/api/drafts', { title: 'x' })
  const { json: diff } = await browser.get(`/api/rules/${draft.id}/diff`)
  assert.equal(diff.class, 'same')
  assert.equal((await browser.post(`/api/drafts/${draft.id}/submit`, { reason: 'x' })).json.code, 'RELEASED_BY_FOLDER')
  assert.equal(statSync(deployment.path('state/console.sqlite')).mode & 0o077, 0)
  // another process ends what this one began
  assert.equal(users('disable', 'lin.wei').status, 0)
  assert.equal((await browser.get('/api/session')).status, 401)
  const list = JSON.parse(users('list', '--json').stdout) as { name: string; disabled: boolean; enrolled: boolean }[]
  assert.deepEqual(
    list.map((u) => [u.name, u.disabled, u.enrolled]),
    [['lin.wei', true, true]],
  )
})

test('what the command refuses, with exit code and sentence', () => {
  const cases: readonly [string[], number, RegExp][] = [
    [['add', 'Bad_Name', '--roles', 'editor'], 1, /2 to 32/],
    [['add', 'lin.wei', '--roles', 'editor'], 1, /exists/],
    [['add', 'a.b', '--roles', 'admin,editor'], 1, /stand alone/],
    [['add', 'a.b', '--roles', 'root'], 2, /--roles/],
    [['add', 'a.b'], 2, /--roles/],
    [['reset', 'nobody'], 1, /no account/],
    [['frobnicate'], 2, /one of/],
    [['list', 'x'], 2, /NAME/],
  ]
  for (const [args, status, pattern] of cases) {
    const result = users(...args)
    assert.equal(result.status, status, args.join(' '))
    assert.match(result.stderr, pattern)
  }
})

test('a console that cannot start says which file is at fault', async () => {
  const { port1, port2 } = new MessageChannel()
  const { config, base } = await readOptions(['--config', deployment.config, '--unsafe-approval-off'], {
    env: {},
    cwd: '/',
  } as Io).then((o) => o!)
  const control = { ...config.control!, secret: { file: 'no-such.secret' } }
  const told = once(port2, 'message')
  await serveConsole(port1, { config: { ...config, control, state: 'other' }, base, env: {}, callLog: 'x' })
  const [{ kind, reason }] = (await told) as [{ kind: string; reason: string }]
  assert.equal(kind, 'failed')
  assert.match(reason, /no-such\.secret: cannot be read: there is no such file/)
  port2.close()
})

test('the bearer secret still opens the figures on this machine; secrets and passwords are in no log', async () => {
  const browser = await open()
  const reply = await browser.get('/api/anomalies', { authorization: 'Bearer console-test-secret-0123456789abcdef' })
  assert.deepEqual([reply.status, reply.json], [200, { signals: [] }])
  const log = deployment.read('veilgate.log')
  for (const secret of ['console-test-secret', 'correct horse', 'lin.wei']) assert.ok(!log.includes(secret), secret)
})
