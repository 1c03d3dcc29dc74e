/** A reset: whoever made the new first password knows it, so it is good for one thing, and all of it stands in the audit. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { totpCode } from '../../src/accounts/index.ts'
import { ROUTES } from '../../src/console/api/routes.ts'
import { activateRules, type Browser, type Console, PASSWORD, startConsole } from './fixtures/console.ts'

let at: Console
let admin: Browser
let person: Browser
let id = ''
before(async () => {
  at = await startConsole()
  await activateRules(at)
  admin = await at.person('the.admin', 'admin')
  person = await at.person('reset.one', 'editor', 'approver')
  id = at.accounts.accountNamed('reset.one')!.id
})
after(() => at.close())

const open = async (password: string) => {
  const browser = at.browser()
  const reply = await browser.post('/api/session', { name: 'reset.one', password, totp: '123456' })
  return { browser, reply }
}

test('a reset ends what was open, and what it gives opens nothing but the choice of another password', async () => {
  const reset = await admin.post(`/api/users/${id}/reset`)
  const first: string = reset.json.firstPassword
  assert.deepEqual([reset.json.user.enrolled, (await person.get('/api/session')).status], [false, 401])
  at.clock.now += 60_000
  assert.equal((await open(PASSWORD)).reply.json.code, 'SIGN_IN_FAILED', 'the old one is gone')

  const { browser, reply } = await open(first)
  assert.deepEqual([reply.status, reply.json.stage], [200, 'enrol'])
  const bare = (path: string): string => path.replaceAll(/\{\w+\}/g, 'a'.repeat(26))
  for (const { operation, method, path, roles } of ROUTES) {
    if ((roles as readonly string[]).some((role) => role === 'enrol' || role === 'public')) continue
    const body = method === 'get' ? {} : { body: {} }
    assert.equal((await browser.ask(method.toUpperCase(), bare(path), body)).json.code, 'ENROL_FIRST', operation)
  }

  const { secret } = (await browser.post('/api/session/totp')).json
  const confirm = (password: string) =>
    browser.post('/api/session/totp/confirm', { totp: totpCode(secret, at.clock.now), password })
  assert.equal((await confirm(first)).json.code, 'PASSWORD_SAME')
  const waiting = (await open(first)).browser
  assert.equal((await confirm('quite another one')).json.stage, 'full')
  assert.equal((await open(first)).reply.json.code, 'SIGN_IN_FAILED', 'it is spent')
  assert.equal((await waiting.get('/api/session')).status, 401, 'so is a session it opened before')
})

test('the reset, its first use and the new password stand in the audit with who and whose', () => {
  const events = at.accounts.events(0, 1000).filter((e) => e.outcome === 'ok')
  const of = (action: string) => events.find((e) => e.action === action)
  const owner = { id, name: 'RESET.ONE' }
  const { account, object } = of('resetUser')!
  assert.deepEqual([account?.name, object], ['THE.ADMIN', id])
  for (const action of ['signIn', 'beginTotp', 'confirmTotp']) assert.deepEqual(of(action)?.account, owner, action)
  assert.equal(JSON.stringify(events).includes('quite another one'), false)
})

test('another reset ends what the password before it opened, and codes of an enrolment are not guessed for ever', async () => {
  const { account, password } = await at.people.add('twice.one', 'Twice', ['editor'])
  const early = at.browser()
  assert.equal((await early.post('/api/session', { name: 'twice.one', password })).json.stage, 'enrol')
  const next = (await admin.post(`/api/users/${account.id}/reset`)).json.firstPassword
  assert.equal((await early.get('/api/session')).status, 401)
  const late = at.browser()
  await late.post('/api/session', { name: 'twice.one', password: next })
  await late.post('/api/session/totp')
  const codes: string[] = []
  for (let n = 0; n < 7; n++)
    codes.push((await late.post('/api/session/totp/confirm', { totp: '000000', password: PASSWORD })).json.code)
  assert.deepEqual(codes, [...Array(5).fill('TOTP_WRONG'), 'TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS'])
})
