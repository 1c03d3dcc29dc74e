/**
 * The canary at the console: a string of its own through every door where somebody may paste or mistype, in a real
 * `veilgate serve`; then a search of whatever that left: logs, audit, stores as bytes with their -wal, reports, journal,
 * answers to other accounts, refusals. It may be in the one answer to who pasted it, and nowhere else.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readDocument } from '../../src/cli/serve/console-parts.ts'
import { ROUTES } from '../../src/console/api/routes.ts'
import { Browser, type Reply } from '../console/fixtures/console.ts'
import { veilgate } from '../fixtures/command.ts'
import { leaks, told } from './fixtures/canary.ts'
import { type Deployment, deploy, type Serving } from './fixtures/deployment.ts'
import { filesBelow, placesOf } from './fixtures/places.ts'
import { until } from './fixtures/plain-scene.ts'
import { ruleText, writeRules } from './fixtures/story.ts'

/** One a door, so that a finding names it. All invented. */
const DOOR = {
  preview: '漪澜金丝雀预览甲',
  previewNumber: '13987061590',
  refusedPreview: '漪澜金丝雀残文乙',
  role: 'canary-role-lianyi-8706',
  sample: '13987061591',
  sampleTitle: '13987061592',
  escapedSample: '13987061593',
  dictionary: '漪澜金丝雀词条丙',
  table: '漪澜金丝雀表格丁',
  loginName: 'lianyi-typed-her-password-8706',
  password: 'Lianyi-wrong-password-8706',
  code: '漪澜金丝雀口令戊',
  yaml: '漪澜金丝雀规则己',
  form: '漪澜金丝雀表单庚',
  tests: '漪澜金丝雀自测辛',
  broken: '漪澜金丝雀断句壬',
  member: '漪澜金丝雀多余癸',
  parameter: 'canary-parameter-lianyi-8706',
  path: 'canary-path-lianyi-8706',
  media: '漪澜金丝雀类型子',
  statement: 'canary-subject-lianyi-8706',
} as const
const TEXTS = Object.values(DOOR)
/** kept on purpose, on her word that it is invented: the search must find it in the store */
const KEPT = '漪澜金丝雀存样丑'
const RESEARCH = 'policies/research.yaml'

describe('the canary at the console', { timeout: 300_000 }, () => {
  let deployment: Deployment
  let serving: Serving
  let lin: Browser
  const others = new Map<string, Browser>()
  let draft = ''

  before(async () => {
    deployment = await deploy({
      upstream: 'http://127.0.0.1:9',
      interfaces: ruleText('interfaces/teaching.yaml'),
      policies: {},
      rules: '{ source: store, approval: off }',
    })
    writeRules(deployment)
    serving = await deployment.serve(503)
    await until(async () => !(await deployment.operations('/readyz')).text.includes('STARTING'), 'it has started')
    const cwd = deployment.folder
    const submitted = await veilgate(['rules', 'submit', '--as', 'lin.wei', '--why', 'first'], { cwd })
    const id = /^sha256:[0-9a-f]{64}$/m.exec(submitted.out)?.[0] ?? assert.fail(submitted.out + submitted.err)
    assert.equal((await veilgate(['rules', 'activate', id, '--as', 'lin.wei', '--why', 'first'], { cwd })).code, 0)
    await until(async () => (await deployment.operations('/readyz')).status === 200, 'the first rules run')
    const document = await readDocument()
    const person = async (name: string, roles: string): Promise<Browser> => {
      const { out, err } = await veilgate(['users', 'add', name, '--roles', roles, '--display-name', name], { cwd })
      const first = /once: (\S+)/.exec(out)?.[1] ?? assert.fail(err)
      const browser = new Browser({ port: deployment.consolePort, ca: deployment.consortium.ca, document })
      await browser.enrol(name, first, Date.now)
      return browser
    }
    lin = await person('lin.wei', 'editor,approver')
    others.set('editor', await person('wu.lan', 'editor,approver,ops'))
    others.set('auditor', await person('the.auditor', 'auditor'))
    others.set('admin', await person('the.admin', 'admin'))
    draft = (await lin.post('/api/drafts', { title: 'canary' })).json.id
  })
  after(async () => {
    await serving?.stop()
    deployment?.remove()
  })

  const clean = (place: string, hay: string | Buffer) => {
    const found = leaks(hay, TEXTS)
    assert.equal(found.length, 0, told(place, found))
  }
  /** A refusal that quotes nothing. */
  const refused = (place: string, { status, text, headers }: Reply, code: string) => {
    assert.deepEqual([status >= 400, JSON.parse(text).code], [true, code], `${place}: ${status}`)
    clean(place, text + JSON.stringify(headers))
  }
  const research = async () => (await lin.get(`/api/rules/${draft}/file?path=${RESEARCH}`)).json.text as string

  test('pasted in a preview: in that one answer', async () => {
    const preview = (text: string, role = 'researcher') =>
      lin.post('/api/rules/active/preview', { text, format: 'json', role, scenario: 'research' })
    const seen = await preview(JSON.stringify({ xm: DOOR.preview, sjh: DOOR.previewNumber }))
    assert.equal(leaks(seen.json.before, [DOOR.preview, DOOR.previewNumber]).length, 2)
    assert.equal(leaks(seen.json.after, [DOOR.preview, DOOR.previewNumber]).length, 0)
    assert.equal((await preview(`{"xm":"${DOOR.refusedPreview}`)).json.refused, 'PAYLOAD_UNPARSEABLE')
    assert.equal((await preview('{}', DOOR.role)).json.refused, 'ROLE_DENIED')
  })

  test('pasted as a sample: kept only without a find or on her word', async () => {
    const save = (title: string, text: string, synthetic = false) =>
      lin.post('/api/samples', { title, format: 'json', text, synthetic })
    refused('sample', await save('s', `{"sjh":"${DOOR.sample}"}`), 'SAMPLE_HITS')
    refused('title of a sample', await save(`致电${DOOR.sampleTitle}`, '{}'), 'SAMPLE_HITS')
    const escaped = [...DOOR.escapedSample].map((c) => `&#${c.codePointAt(0)};`).join('')
    refused('escaped sample', await save('s', `<a>${escaped}</a>`), 'SAMPLE_HITS')
    assert.equal((await save('kept', `{"xm":"${KEPT}","sjh":"13800138000"}`, true)).status, 201)
  })

  test('a dictionary file with errors, a table that is none', async () => {
    const send = (body: string, type: string) =>
      lin.ask('POST', `/api/drafts/${draft}/dictionaries/diagnosis?mode=apply&batch=b1`, {
        raw: Buffer.from(body),
        headers: { 'content-type': type },
      })
    const head = 'term,replacement,status,author,approver'
    const said = await send(`${head}\n${DOOR.dictionary},X1,activ,lin.wei,chen.yu\n`, 'text/csv')
    assert.equal(said.json.code, 'DICTIONARY_CONFLICTS', said.text)
    const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    refused('table', await send(`PK${DOOR.table}`, xlsx), 'TABLE_UNREADABLE')
    refused('media type', await send(DOOR.media, `text/${DOOR.parameter}`), 'UNSUPPORTED_MEDIA_TYPE')
  })

  test('a wrong sign-in: the name may be a password in the wrong field', async () => {
    const browser = new Browser({
      port: deployment.consolePort,
      ca: deployment.consortium.ca,
      document: await readDocument(),
    })
    const attempt = (body: object) => browser.post('/api/session', { totp: '000000', ...body })
    refused('name', await attempt({ name: DOOR.loginName, password: 'x' }), 'SIGN_IN_FAILED')
    refused('password', await attempt({ name: 'wu.lan', password: DOOR.password }), 'SIGN_IN_FAILED')
    refused('code', await attempt({ name: 'wu.lan', password: 'x', totp: DOOR.code }), 'BAD_BODY')
  })

  test('YAML with an error, by text and by form, and tests of it', async () => {
    const text = (await research()).replace('mobile: mask', `mobile: ${DOOR.yaml}`)
    const check = await lin.post(`/api/drafts/${draft}/check`, { files: [{ path: RESEARCH, text }] })
    assert.ok(check.json.errors > 0)
    const typed = `${await research()}# ${DOOR.form}\n  - [`
    await lin.post(`/api/drafts/${draft}/cell`, { path: RESEARCH, element: 'mobile', cell: null, text: typed })
    const path = 'policies/research.test.yaml'
    const tests = await lin.post(`/api/rules/${draft}/tests`, { files: [{ path, text: `- name: ${DOOR.tests}\n  [` }] })
    assert.equal(tests.json.code, 'RULES_REFUSED')
  })

  test('what no operation takes', async () => {
    const json = { 'content-type': 'application/json' }
    const cut = await lin.ask('POST', '/api/drafts', { raw: Buffer.from(`{"title":"${DOOR.broken}`), headers: json })
    refused('broken JSON', cut, 'BAD_BODY')
    refused('a member more', await lin.post('/api/drafts', { title: 'x', [DOOR.member]: DOOR.member }), 'BAD_BODY')
    refused('parameter', await lin.get(`/api/history?limit=${DOOR.parameter}`), 'BAD_PARAMETER')
    refused('path', await lin.get(`/api/samples/${DOOR.path}`), 'NOT_FOUND')
    refused('no such page', await lin.get(`/api/${DOOR.path}`), 'NOT_FOUND')
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const jws = `${part({ alg: 'ES256', kid: DOOR.statement })}.${part({ act: DOOR.statement, subject: DOOR.statement })}.AAAA`
    refused('statement', await lin.post('/api/approvals', { jws }), 'KEY_NOT_YOURS')
  })

  test('nothing of it is in any answer to anybody else', async () => {
    let read = 0
    for (const [role, browser] of others)
      for (const { path } of ROUTES.filter((route) => route.method === 'get')) {
        const filled = path
          .replace('{ref}', 'active')
          .replace('{draftId}', draft)
          .replace(/\{\w+\}/, 'none')
        const query = filled.endsWith('/file') ? `?path=${RESEARCH}` : ''
        const { status, text } = await browser.get(filled + query)
        if (status === 200) read++
        clean(`${role} ${filled}`, text)
      }
    assert.ok(read > 20, `${read} answers were read`)
    const audit = (await others.get('auditor')!.get('/api/audit?limit=1000')).json.events as { action: string }[]
    for (const action of ['preview', 'saveSample', 'dictionaryBatch', 'signIn', 'approve'])
      assert.ok(
        audit.some((event) => event.action === action),
        `${action} is audited`,
      )
  })

  test('nothing of it is in a log, a store, a report or the journal; a sample kept on her word is', async () => {
    const places = await placesOf(deployment, serving)
    assert.ok(
      [...places.keys()].some((name) => name.endsWith('-wal')),
      'write-ahead files are read, too',
    )
    for (const [place, bytes] of places) clean(place, bytes)
    const holding = [...places].filter(([, bytes]) => leaks(bytes, [KEPT]).length > 0).map(([name]) => name)
    assert.ok(holding.length > 0 && holding.every((name) => name.includes('console')), holding.join())
    assert.equal(await serving.stop(), 0)
    for (const path of filesBelow(deployment.folder))
      clean(`${path} after the end`, readFileSync(join(deployment.folder, path)))
  })
})
