/** A candidate beside the rules in force: figures of what it would do otherwise, and nothing of the payload. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { createRing } from '../../../src/base/keyring.ts'
import { serveShadow } from '../../../src/cli/serve/serve-shadow.ts'
import { createComparer, type ShadowTask } from '../../../src/cli/serve/shadow-compare.ts'
import type { PlanRequest } from '../../../src/mask/plan.ts'
import { rulesWithMobile } from '../../fixtures/release-rules.ts'

const keyring = createRing(randomBytes(32), '2026-11-21T08:00:00.000Z')
const sides = (live: string, candidate: string) => ({
  live: rulesWithMobile(live),
  candidate: rulesWithMobile(candidate),
  keyring,
  publicBase: null,
})

const REQUEST: PlanRequest = {
  role: 'researcher',
  scenario: 'research',
  recipient: 'research',
  institution: 'research',
  provider: 'teaching',
  purpose: null,
  interfaceId: 'his.record',
  format: 'json',
  direction: 'response',
  policy: null,
  rows: null,
}

const task = (body: string, more: Partial<PlanRequest> = {}): ShadowTask => ({
  request: { ...REQUEST, ...more },
  body: new Uint8Array(Buffer.from(body)),
  hints: { charset: null, entryCharset: null },
  limits: { maxDepth: 64, maxBytes: 1 << 20 },
  day: '2026-11-21',
})

const BODY = '{"brxm":"张三","sjh":"13812345678","list":[{"sjh":"13900001111"}]}'
const NOTHING = { tighter: 0, looser: 0, other: 0, failed: null }

test('counts leaves that would be treated otherwise, each way', () => {
  assert.deepEqual(createComparer(sides('mask', 'drop'))(task(BODY)), { ...NOTHING, tighter: 2 })
  assert.deepEqual(createComparer(sides('drop', 'mask'))(task(BODY)), { ...NOTHING, looser: 2 })
  assert.deepEqual(createComparer(sides('mask', 'mask'))(task(BODY)), NOTHING)
  assert.deepEqual(createComparer(sides('mask', 'drop'))(task('{"brxm":"张三"}')), NOTHING)
})

test('a role no rules know, and a payload that cannot be read', () => {
  assert.deepEqual(createComparer(sides('mask', 'drop'))(task(BODY, { role: 'stranger' })), NOTHING)
  assert.throws(() => createComparer(sides('mask', 'drop'))(task('{')), { code: 'PAYLOAD_UNPARSEABLE' })
  const none = { ...sides('mask', 'drop'), candidate: [] }
  assert.throws(() => createComparer(none))
})

test('the thread answers with figures, and with null where it cannot judge', async () => {
  const { port1, port2 } = new MessageChannel()
  serveShadow(port2, sides('mask', 'drop'))
  const ask = (asked: ShadowTask) =>
    new Promise((resolve) => {
      port1.once('message', resolve)
      port1.postMessage(asked)
    })
  assert.deepEqual(await ask(task(BODY)), { ...NOTHING, tighter: 2 })
  assert.equal(await ask(task('{')), null)
  port1.close()
})
