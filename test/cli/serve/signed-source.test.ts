/** A folder with signatures beside it: drafts do not run, what approvers signed does. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryLog } from '../../../src/adapters/log/memory.ts'
import { keepRelease, keptRelease } from '../../../src/adapters/state/kept-release.ts'
import { createRing } from '../../../src/base/keyring.ts'
import { compileFolder } from '../../../src/cli/rules/compile-folder.ts'
import { SignedSource } from '../../../src/cli/serve/signed-source.ts'
import { readApprover } from '../../../src/release/approvers.ts'
import { veilgate } from '../../fixtures/command.ts'
import { rulesWithMobile } from '../../fixtures/release-rules.ts'

const root = mkdtempSync(join(tmpdir(), 'veilgate-signed-'))
const ring = createRing(randomBytes(32), '2026-11-21T08:00:00.000Z')
after(() => rmSync(root, { recursive: true, force: true }))

const write = (folder: string, mobile: string): void => {
  for (const { path, text } of rulesWithMobile(mobile)) {
    mkdirSync(dirname(join(root, folder, path)), { recursive: true })
    writeFileSync(join(root, folder, path), text)
  }
}

async function approver(id: string) {
  const made = await veilgate(['keys', 'approver', '--as', id, '--out', join(root, `${id}.pem`), '--json'])
  return readApprover(JSON.parse(made.out))
}

async function sign(folder: string, id: string, ...more: string[]): Promise<string> {
  const signer = ['--key', join(root, `${id}.pem`), '--as', id]
  const ran = await veilgate(['rules', 'sign', join(root, folder), ...signer, ...more])
  assert.equal(ran.code, 0, ran.out + ran.err)
  return ran.out
}

interface Node {
  readonly source: SignedSource
  readonly put: string[]
}

async function start(folder: string, state: string, roster: ReturnType<typeof readApprover>[]): Promise<Node> {
  mkdirSync(join(root, state), { recursive: true })
  const put: string[] = []
  const kept = {
    read: () => keptRelease(join(root, state), ring),
    write: (k: Parameters<typeof keepRelease>[1]) => keepRelease(join(root, state), k, ring),
  }
  const source = new SignedSource(
    { folder: join(root, folder), roster, kept, now: Date.now, log: new MemoryLog() },
    {
      compile: async (files, read) => compileFolder(files, read),
      put: async ({ hash }) => put.push(hash) > 0,
      bundle: () => put.at(-1) ?? null,
    },
  )
  await source.start()
  return { source, put }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 30_000
  while (!holds()) {
    assert.ok(performance.now() < end, what)
    await sleep(20)
  }
}

describe('rules from a signed folder', { timeout: 240_000 }, () => {
  test('an unsigned folder is a draft; two release it, one tightens, none loosens alone', async () => {
    const roster = [await approver('lin.wei'), await approver('chen.yu')]
    write('rules', 'mask')
    const node = await start('rules', 'state', roster)
    assert.deepEqual([node.put.length, node.source.notes()], [0, ['RULES_UNAPPROVED']])
    assert.match(await sign('rules', 'lin.wei', '--first'), /looser: 2 must sign/)
    await sleep(1500)
    assert.equal(node.put.length, 0)
    await sign('rules', 'chen.yu', '--first')
    await until(() => node.put.length === 1, 'two have signed')
    assert.deepEqual(node.source.notes(), [])

    // what is in force, for signers to compare with
    const released = (name: string) => cpSync(join(root, 'rules'), join(root, name), { recursive: true })
    released('one')
    write('rules', 'drop')
    await until(() => node.source.notes().includes('RULES_LAST_GOOD'), 'a draft')
    assert.match(await sign('rules', 'lin.wei', '--against', join(root, 'one')), /tighter: 1 must sign/)
    await until(() => node.put.length === 2, 'one tightens')
    assert.deepEqual(node.source.notes(), ['RELEASE_TO_REVIEW'])

    released('two')
    write('rules', 'keep')
    assert.match(await sign('rules', 'lin.wei', '--against', join(root, 'two')), /looser: 2 must sign/)
    await until(() => node.source.notes().includes('RULES_UNAPPROVED'), 'a draft')
    await sleep(1500)
    assert.equal(node.put.length, 2)
    await node.source.stop()

    // a restart over the draft runs what was approved; back to it, its used signature brings nothing back in
    const again = await start('rules', 'state', roster)
    assert.deepEqual(again.put, [node.put[1]])
    assert.ok(again.source.notes().includes('RULES_LAST_GOOD'))
    write('rules', 'mask')
    await sleep(2500)
    assert.equal(again.put.length, 1, 'the first release was signed for another parent')
    await sign('rules', 'chen.yu', '--against', join(root, 'two'), '--rollback')
    await until(() => again.put.at(-1) === node.put[0], 'one rolls back')
    write('rules', 'drop')
    await sleep(2500)
    assert.equal(again.put.at(-1), node.put[0], 'the tightening was released once; its statement is spent')
    await again.source.stop()
  })
})
