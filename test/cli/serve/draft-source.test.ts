/** A folder without signatures: edits come in at once, whatever the state folder does. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryLog } from '../../../src/adapters/log/memory.ts'
import { compileFolder } from '../../../src/cli/rules/compile-folder.ts'
import { DraftSource } from '../../../src/cli/serve/draft-source.ts'
import { rulesWithMobile } from '../../fixtures/release-rules.ts'
import { eventually } from '../../fixtures/road.ts'

const root = mkdtempSync(join(tmpdir(), 'veilgate-draft-'))
after(() => rmSync(root, { recursive: true, force: true }))

const write = (folder: string, mobile: string): void => {
  for (const { path, text } of rulesWithMobile(mobile)) {
    mkdirSync(dirname(join(root, folder, path)), { recursive: true })
    writeFileSync(join(root, folder, path), text)
  }
}

async function start(folder: string, state: string, slow?: Promise<void>) {
  const put: string[] = []
  const log = new MemoryLog()
  const source = new DraftSource(
    { folder: join(root, folder), keepIn: join(root, state), state: join(root, state), log },
    {
      compile: async (files, read) => {
        if (put.length > 0) await slow
        return compileFolder(files, read)
      },
      put: async ({ hash }) => put.push(hash) > 0,
      bundle: () => put.at(-1) ?? null,
    },
  )
  await source.start()
  return { source, put, log }
}

/** A poll and a compilation away, on a machine with other work. */
const SOON = 30_000

describe('rules from a folder without signatures', { timeout: 120_000 }, () => {
  it('come into force though the state folder refuses them, and that is said', async () => {
    write('rules', 'mask')
    const { source, put, log } = await start('rules', 'absent')
    assert.deepEqual([put.length, source.notes()], [1, ['APPROVAL_OFF', 'RULES_NOT_KEPT']])
    write('rules', 'redact')
    await eventually(() => put.length === 2, SOON)
    mkdirSync(join(root, 'absent'))
    write('rules', 'mask')
    await eventually(() => put.length === 3, SOON)
    await eventually(() => !source.notes().includes('RULES_NOT_KEPT'), SOON)
    assert.ok(existsSync(join(root, 'absent', 'rules.last-good.json')))
    assert.equal(log.lines.filter((line) => line.event === 'rules.not-kept').length, 1)
    await source.stop()
  })

  it('are no longer kept once the source is stopped: its state folder may be gone by then', async () => {
    write('stopped', 'mask')
    mkdirSync(join(root, 'state'))
    const gate = Promise.withResolvers<void>()
    const { source, put, log } = await start('stopped', 'state', gate.promise)
    write('stopped', 'redact')
    await sleep(600)
    const stopped = source.stop()
    rmSync(join(root, 'state'), { recursive: true })
    gate.resolve()
    await stopped
    await sleep(100)
    assert.ok(put.length <= 2)
    assert.equal(existsSync(join(root, 'state')), false)
    assert.deepEqual(
      log.lines.filter((line) => line.level === 'error'),
      [],
    )
  })
})
