/** The demo as its reader meets it: it ends by itself with all its checks, it stays up and ends on Ctrl-C, it leaves no key. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import type { Io } from '../../src/cli/command.ts'
import { runCli } from '../../src/cli/index.ts'
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
    raw: () => undefined,
    err: (part) => {
      err += part
    },
    env: {},
    cwd: tmpdir(),
  }
  return { code: await runCli(['demo', ...args], io), out, err }
}

describe('veilgate demo', { timeout: 120_000 }, () => {
  it('ends by itself, with every check held, a report and no key left', async () => {
    const before = workspaces()
    const { code, out } = await run()
    const report = /(\S+report\.html)/.exec(out)?.[1] ?? ''
    try {
      assert.equal(code, 0, out)
      assert.match(out, /all \d+ checks hold/)
      assert.match(out, /embedded/)
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
  })

  it('stays up with --stay and ends on Ctrl-C', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'veilgate.js'), 'demo', '--stay'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const printed = await untilPrinted(child, /Ctrl-C/)
      const folder = /^DEMO=(\S+)$/m.exec(printed)![1]!
      assert.equal(statSync(folder).mode & 0o777, 0o700)
      assert.match(await doctorsView(folder, printed), /张三丰/)
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

/** The first printed curl line, spoken by node:https. */
async function doctorsView(folder: string, printed: string): Promise<string> {
  const [, port, path] = /https:\/\/localhost:(\d+)(\/teaching\/inpatients\/\w+)/.exec(printed)!
  const file = (name: string) => readFileSync(join(folder, name), 'utf8')
  const answer = get({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    path,
    agent: false,
    ca: file('ca.pem'),
    cert: file('county.pem'),
    key: file('county.key'),
    headers: { authorization: `Bearer ${file('doctor.token')}` },
  })
  const [response] = await once(answer, 'response')
  return text(response)
}
