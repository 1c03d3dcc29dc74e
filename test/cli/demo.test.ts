/** The demo as its reader meets it: it ends by itself with all its checks, it stays up and ends on Ctrl-C, it leaves no key. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { get } from 'node:https'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import type { Io } from '../../src/cli/command.ts'
import { runCli } from '../../src/cli/index.ts'
import { readDocument } from '../../src/cli/serve/console-parts.ts'
import { Browser, PASSWORD } from '../console/fixtures/console.ts'
import { ROOT } from '../house/tree.ts'

const workspaces = () => readdirSync(tmpdir()).filter((name) => name.startsWith('veilgate-demo-'))

async function run(...args: string[]) {
  let out = ''
  let err = ''
  const io: Io = {
    stdin: process.stdin,
    out: (part) => {
      out += part
    },
    raw: () => Promise.resolve(),
    err: (part) => {
      err += part
    },
    env: {},
    cwd: tmpdir(),
  }
  return { code: await runCli(['demo', ...args], io), out, err }
}

/** What a reader is promised to see, in its order. */
const PARTS: readonly RegExp[] = [
  /doctor +.*nurse +.*billing +.*researcher +.*third-party/,
  /^ +姓名 name +张三丰 +张三丰 +张三丰 +张三丰 +P[A-Z2-7]+… +（删除）$/m,
  /^ +HIS JSON +200 +(P[A-Z2-7]{19}) +1\.10\n +FHIR R4 +200 +\1 +1\.10\n +HL7 v2 +200 +\1 +1\.10$/m,
  /^ +PID\|1\|\|P[A-Z2-7]{19}\^/m,
  /401 +TOKEN_INVALID +TOKEN_CERT_MISMATCH$/m,
  /403 +TOKEN_PERMISSION +TOKEN_PERMISSION$/m,
  /401 +TOKEN_INVALID +TOKEN_EXPIRED$/m,
  /403 +CERT_REVOKED +CERT_REVOKED$/m,
  /403 +LEVEL5_FORBIDDEN +LEVEL5_FORBIDDEN$/m,
  /TOKEN_PERMISSION → .*denied-burst +warning +research +10 ≥ 10$/m,
  /address: truncate → redact +重庆市\*\*\* → \*\*\* +\d+ ms$/m,
  /通道 stream +embedded/,
  /用时 seconds +\d/,
]

/** Takes a port, unless somebody has it already. */
async function hold(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => undefined)
  return server
}

describe('veilgate demo', { timeout: 120_000 }, () => {
  it('ends by itself, with every check held, a report and no key left, whatever ports are taken', async () => {
    const before = workspaces()
    const held = await Promise.all([8443, 9443, 9090].map(hold))
    const { code, out } = await run().finally(() => {
      for (const server of held) server.close()
    })
    const report = /(\S+report\.html)/.exec(out)?.[1] ?? ''
    try {
      assert.equal(code, 0, out)
      assert.match(out, /all \d+ checks hold/)
      for (const part of PARTS) assert.match(out, part)
      assert.match(readFileSync(report, 'utf8'), /<html/)
      assert.ok(!/张三丰|13812345678|ZY20260001/.test(readFileSync(report, 'utf8')))
      assert.deepEqual(workspaces(), before)
    } finally {
      if (report !== '') rmSync(dirname(report), { recursive: true, force: true })
    }
  })

  it('refuses wrong usage', async () => {
    assert.equal((await run('--nothing')).code, 2)
    assert.equal((await run('--kafka', 'nowhere')).code, 2)
    assert.equal((await run('--code', 'short')).code, 2)
  })

  it('stays up with --stay and ends on Ctrl-C', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'veilgate.js'), 'demo', '--stay'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const printed = await untilPrinted(child, /Ctrl-C/)
      const folder = /^DEMO=(\S+)$/m.exec(printed)![1]!
      assert.equal(statSync(folder).mode & 0o777, 0o700)
      assert.match(await viewOf('doctor', 'county', folder, printed), /张三丰/)
      await releaseAlone(folder, printed)
      child.kill('SIGINT')
      // a terminal's Ctrl-C may arrive twice: it must not keep the keys from being removed
      child.kill('SIGINT')
      const [code] = await once(child, 'exit')
      assert.equal(code, 0)
      assert.ok(!existsSync(folder))
      rmSync(dirname(/(\S+report\.html)/.exec(printed)![1]!), { recursive: true, force: true })
    } finally {
      child.kill('SIGKILL')
    }
  })
})

async function untilPrinted(child: ChildProcess, mark: RegExp): Promise<string> {
  let printed = ''
  for await (const chunk of child.stdout!) {
    printed += String(chunk)
    if (mark.test(printed)) return printed
  }
  throw new Error(`ended early:\n${printed}`)
}

/** A printed curl line, spoken by node:https. */
async function viewOf(who: string, member: string, folder: string, printed: string): Promise<string> {
  const [, port, path] = /https:\/\/localhost:(\d+)(\/teaching\/inpatients\/\w+)/.exec(printed)!
  const file = (name: string) => readFileSync(join(folder, name), 'utf8')
  const answer = get({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    path,
    agent: false,
    ca: file('ca.pem'),
    cert: file(`${member}.pem`),
    key: file(`${member}.key`),
    headers: { authorization: `Bearer ${file(`${who}.token`)}` },
  })
  const [response] = await once(answer, 'response')
  return text(response)
}

/** The printed account signs in with a code of `--code`, is told that nobody signs, and tightens a rule for the next call. */
async function releaseAlone(folder: string, printed: string): Promise<void> {
  const port = Number(/rule console +https:\/\/localhost:(\d+)$/m.exec(printed)![1])
  const password = /^ +officer .*password +(\S+)$/m.exec(printed)![1]!
  assert.match(printed, /^ +approver .*password +\S+$/m)
  assert.match(printed, /approval: off/)
  const ca = readFileSync(join(folder, 'ca.pem'), 'utf8')
  const browser = new Browser({ port, ca, document: await readDocument() })
  assert.match((await browser.get('/')).text, /<html/)
  assert.equal((await browser.post('/api/session', { name: 'officer', password })).status, 200)
  const { json: begun } = await browser.post('/api/session/totp')
  const { out: totp } = await run('--code', begun.secret)
  const { json } = await browser.post('/api/session/totp/confirm', { totp: totp.trim(), password: PASSWORD })
  assert.deepEqual([json.stage, json.deployment.approval, json.deployment.source], ['full', 'off', 'store'])
  const { json: draft } = await browser.post('/api/drafts', { title: '收紧' })
  const place = `/api/rules/${draft.id}/file?path=policies/research.yaml`
  const { json: file } = await browser.get(place)
  const put = {
    body: { text: file.text.replace(/^( +)department: keep/m, '$1department: drop') },
    headers: { 'if-match': file.etag },
  }
  const saved = await browser.ask('PUT', place.replace('/rules/', '/drafts/'), put)
  assert.equal(saved.status, 200, saved.text)
  assert.match(await viewOf('researcher', 'research', folder, printed), DEPARTMENT)
  const { status, json: proposal } = await browser.post(`/api/drafts/${draft.id}/submit`, { reason: '收紧' })
  assert.ok(status < 300, JSON.stringify(proposal))
  const activated = await browser.post(`/api/proposals/${proposal.id}/activate`, { reason: '收紧' })
  assert.equal(activated.status, 200, activated.text)
  const began = performance.now()
  while (DEPARTMENT.test(await viewOf('researcher', 'research', folder, printed)))
    assert.ok(performance.now() - began < 30_000, 'the release reaches the calls')
}

const DEPARTMENT = /"ksmc"/
