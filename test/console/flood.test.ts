/** Refusals of callers nobody knows cannot fill the audit: some are kept, the rest are counted, and who was judged is never left out. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Flood } from '../../src/console/api/flood.ts'
import { activateRules, type Console, startConsole } from './fixtures/console.ts'

const HOUR = 3_600_000

test('of one address, of all, and anew each hour', () => {
  const flood = new Flood()
  const admitted = (address: string, now: number, times: number): number =>
    Array.from({ length: times }, () => flood.admit(address, now)).filter((n) => n !== null).length
  assert.equal(admitted('a', 0, 100), 30)
  assert.equal(flood.admit('b', 1), 70, 'the next that is kept tells how many were not')
  assert.equal(flood.admit('b', 1), 0)
  let all = 0
  for (let n = 0; n < 5000; n++) all += admitted(`x${n}`, 2, 1)
  assert.equal(all, 600 - 32, 'many addresses are no way around it')
  assert.equal(admitted('a', HOUR - 1, 1), 0)
  assert.equal(admitted('a', HOUR, 1), 1)
})

let at: Console
before(async () => {
  at = await startConsole()
  await activateRules(at)
})
after(() => at.close())

test('a stranger’s writes and waits leave few events; a judged password and a known caller leave each', async () => {
  const lin = await at.person('lin.wei', 'editor')
  const count = (outcome: string) => at.accounts.events(0, 1000).filter((e) => e.outcome === outcome).length
  const stranger = at.browser()
  for (let n = 0; n < 25; n++) await stranger.post('/api/drafts', {})
  for (let n = 0; n < 25; n++) await stranger.post('/api/session', { name: 'lin.wei', password: `guess ${n}` })
  assert.equal(count('SIGN_IN_FAILED'), 5)
  assert.equal(count('NOT_SIGNED_IN') + count('TOO_MANY_ATTEMPTS'), 30)
  for (let n = 0; n < 40; n++) await lin.post('/api/users', {})
  assert.equal(count('ROLE_FORBIDDEN'), 40)
  at.clock.now += HOUR
  await stranger.post('/api/drafts', {})
  const [event] = at.accounts.events(0, 1)
  assert.deepEqual([event!.outcome, event!.note], ['NOT_SIGNED_IN', { leftOut: 15 }])
})
