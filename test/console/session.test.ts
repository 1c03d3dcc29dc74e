/** Sessions: one answer for every wrong sign-in, codes used once, waits, two ends, no fixation, no riding along. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { People } from '../../src/console/accounts/people.ts'
import { SignIn } from '../../src/console/accounts/sign-in.ts'
import { activateRules, COST, type Console, PASSWORD, startConsole } from './fixtures/console.ts'

let at: Console
before(async () => {
  at = await startConsole()
  await activateRules(at)
})
after(() => at.close())

test('an account enrols before anything else, and its first password ends with that', async () => {
  const { password } = await at.people.add('first.one', 'One', ['editor'])
  const browser = at.browser()
  const opened = await browser.post('/api/session', { name: 'first.one', password })
  assert.equal(opened.json.stage, 'enrol')
  assert.deepEqual(opened.json.may.sort(), ['beginTotp', 'confirmTotp', 'getSession', 'signOut'])
  assert.equal((await browser.get('/api/rules/active')).json.code, 'ENROL_FIRST')
  const enrolCookie = browser.cookie
  assert.equal(
    (await browser.post('/api/session/totp/confirm', { totp: '123456', password: PASSWORD })).json.code,
    'TOTP_NOT_BEGUN',
  )
  const { json } = await browser.post('/api/session/totp')
  browser.secret = json.secret
  assert.match(json.uri, /^otpauth:\/\/totp\/Veilgate:first\.one\?/)
  const confirm = (totp: string, next: string) => browser.post('/api/session/totp/confirm', { totp, password: next })
  assert.equal((await confirm('000000', PASSWORD)).json.code, 'TOTP_WRONG')
  for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'first.one-and-more', 'Password1234!']) {
    browser.step = 0
    assert.equal((await confirm(browser.code(at.clock.now), weak)).json.code, 'PASSWORD_WEAK', weak)
  }
  browser.step = 0
  assert.equal((await confirm(browser.code(at.clock.now), password)).json.code, 'PASSWORD_SAME')
  browser.step = 0
  const full = await confirm(browser.code(at.clock.now), PASSWORD)
  assert.equal(full.json.stage, 'full')
  assert.notEqual(browser.cookie, enrolCookie, 'the session has a new id')
  const old = at.browser()
  old.cookie = enrolCookie
  assert.equal((await old.get('/api/session')).status, 401)
  assert.equal((await at.browser().post('/api/session', { name: 'first.one', password })).json.code, 'SIGN_IN_FAILED')
})

test('a code counts once, also for two at the same moment', async () => {
  const person = await at.person('once.only', 'editor')
  at.clock.now += 60_000
  const totp = person.code(at.clock.now)
  const body = { name: 'once.only', password: PASSWORD, totp }
  const replies = await Promise.all([1, 2, 3].map(() => at.browser().post('/api/session', body)))
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 401, 401])
  assert.equal((await at.browser().post('/api/session', body)).json.code, 'SIGN_IN_FAILED')
})

test('whatever is wrong, the answer is the same, and so is the time', async () => {
  const person = await at.person('known.one', 'editor')
  await at.person('other.one', 'editor')
  const { account: off } = await at.people.add('off.one', 'Off', ['ops'])
  at.people.change(off.id, { disabled: true }, null)
  at.clock.now += 60_000
  const wrong = [
    { name: 'nobody.here', password: PASSWORD, totp: '123456' },
    { name: 'known.one', password: 'not the password', totp: person.code(at.clock.now) },
    { name: 'other.one', password: PASSWORD, totp: '000000' },
    { name: 'other.one', password: PASSWORD },
    { name: 'off.one', password: 'what it was' },
  ]
  const times: number[] = []
  const bodies = new Set<string>()
  for (const body of wrong) {
    const began = performance.now()
    const reply = await at.browser().post('/api/session', body)
    times.push(performance.now() - began)
    assert.equal(reply.status, 401)
    bodies.add(reply.text)
  }
  assert.equal(bodies.size, 1)
  for (const time of times) assert.ok(time > 2, 'every answer takes a password check')
})

test('a name nobody has takes as long as a wrong password', async () => {
  const { accounts, clock } = at
  const random = (bytes: number): Uint8Array => randomBytes(bytes)
  // at the door itself and dear enough to be seen beside all else
  const cost = { N: 1 << 15, r: 8, p: 1 }
  const world = { accounts, now: () => (clock.now += 3_600_000), random, cost }
  const door = new SignIn({ ...world, totpKey: random(32) })
  await new People(world).add('slow.one', 'Slow', ['editor'])
  const took = async (name: string): Promise<number> => {
    const began = performance.now()
    await door.signIn(name, 'not the password', '', '192.0.2.7').catch(() => {})
    return performance.now() - began
  }
  // a busy machine makes both longer, and nothing makes a stretched password as short as none
  for (const name of ['slow.one', 'nobody.slow']) for (let n = 0; n < 3; n++) assert.ok((await took(name)) > 20, name)
})

test('guessing waits: an account after 5, the right password as well, unknown names alike', async () => {
  for (const name of ['guess.one', 'nobody.at-all']) {
    const person = name === 'guess.one' ? await at.person(name, 'editor') : null
    at.clock.now += 60_000
    const statuses: number[] = []
    for (let i = 0; i < 7; i++)
      statuses.push((await at.browser().post('/api/session', { name, password: `guess ${i}`, totp: '111111' })).status)
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429], name)
    const right = { name, password: PASSWORD, totp: person?.code(at.clock.now) ?? '111111' }
    const waiting = await at.browser().post('/api/session', right)
    assert.equal(waiting.json.code, 'TOO_MANY_ATTEMPTS')
    assert.ok(Number(waiting.headers['retry-after']) > 0 && Number(waiting.headers['retry-after']) <= 60)
    at.clock.now += 61_000
    if (person !== null) {
      const again = { ...right, totp: person.code(at.clock.now) }
      assert.equal((await at.browser().post('/api/session', again)).status, 200, 'the wait ends by itself')
    }
  }
})

test('many guesses at once are no more than one after the other', async () => {
  await at.person('flood.one', 'editor')
  at.clock.now += 2 * 86_400_000
  const guesses = Array.from({ length: 15 }, (_, i) => ({ name: 'flood.one', password: `guess ${i}`, totp: '111111' }))
  const replies = await Promise.all(guesses.map((body) => at.browser().post('/api/session', body)))
  assert.equal(replies.filter((r) => r.status === 401).length, 5)
  assert.equal(replies.filter((r) => r.status === 429).length, 10)
})

test('an address that tries name after name waits too', async () => {
  at.clock.now += 2 * 86_400_000
  const statuses: number[] = []
  for (let i = 0; i < 22; i++)
    statuses.push((await at.browser().post('/api/session', { name: `name.${i}`, password: 'x'.repeat(12) })).status)
  assert.deepEqual(
    statuses.slice(0, 20).every((s) => s === 401),
    true,
  )
  assert.deepEqual(statuses.slice(20), [429, 429])
  at.clock.now += 2 * 86_400_000
})

test('a session ends idle, at its end, at sign-out and with a change of the account', async () => {
  const person = await at.person('ends.one', 'editor')
  assert.equal((await person.get('/api/session')).status, 200)
  at.clock.now += 29 * 60_000
  assert.equal((await person.get('/api/session')).status, 200, 'every call keeps it')
  at.clock.now += 31 * 60_000
  assert.equal((await person.get('/api/session')).json.code, 'NOT_SIGNED_IN')

  const signIn = () =>
    person.post('/api/session', { name: 'ends.one', password: PASSWORD, totp: person.code(at.clock.now) })
  assert.equal((await signIn()).status, 200)
  for (let hours = 0; hours < 11.9; hours += 0.4) {
    at.clock.now += 0.4 * 3_600_000
    const { status } = await person.get('/api/session')
    assert.equal(status, hours < 11.5 ? 200 : 401, `${hours} h`)
  }
  assert.equal((await signIn()).status, 200)
  const kept = person.cookie
  assert.equal((await person.ask('DELETE', '/api/session')).status, 204)
  assert.equal(person.cookie, null)
  person.cookie = kept
  assert.equal((await person.get('/api/session')).status, 401)

  assert.equal((await signIn()).status, 200)
  at.people.change(at.accounts.accountNamed('ends.one')!.id, { roles: ['ops'] }, null)
  assert.equal((await person.get('/api/session')).status, 401)
})

test('the cookie is host-only, out of reach of scripts; a planted one is never taken up', async () => {
  const person = await at.person('fixed.one', 'editor')
  at.clock.now += 60_000
  const planted = at.browser()
  planted.cookie = 'A'.repeat(43)
  const reply = await planted.post('/api/session', {
    name: 'fixed.one',
    password: PASSWORD,
    totp: person.code(at.clock.now),
  })
  assert.equal(reply.status, 200)
  assert.match(
    String(reply.headers['set-cookie']),
    /^__Host-veilgate=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  )
  assert.notEqual(planted.cookie, 'A'.repeat(43))
  const old = person.cookie
  at.clock.now += 60_000
  await person.post('/api/session', { name: 'fixed.one', password: PASSWORD, totp: person.code(at.clock.now) })
  const before = at.browser()
  before.cookie = old
  assert.equal((await before.get('/api/session')).status, 401, 'signing in again ends the session that came along')
  const doubled = await at
    .browser()
    .get('/api/session', { cookie: `__Host-veilgate=${person.cookie}; __Host-veilgate=${person.cookie}` })
  assert.equal(doubled.status, 401)
})

test('X66 CSRF: a write needs this origin and the token of this session', async () => {
  const person = await at.person('rides.one', 'editor')
  const other = await at.person('rides.two', 'editor')
  const csrf = person.csrf!
  const cases: readonly [Record<string, string | null>, string][] = [
    [{ origin: null }, 'ORIGIN_FORBIDDEN'],
    [{ origin: 'null' }, 'ORIGIN_FORBIDDEN'],
    [{ origin: 'https://evil.example' }, 'ORIGIN_FORBIDDEN'],
    [{ origin: `http://localhost:${at.port}` }, 'ORIGIN_FORBIDDEN'],
    [{ origin: `https://localhost:${at.port}.evil.example` }, 'ORIGIN_FORBIDDEN'],
    [{ 'sec-fetch-site': 'cross-site' }, 'ORIGIN_FORBIDDEN'],
    [{ 'sec-fetch-site': 'same-site' }, 'ORIGIN_FORBIDDEN'],
    [{ 'x-veilgate-csrf': null }, 'CSRF_MISSING'],
    [{ 'x-veilgate-csrf': '' }, 'CSRF_MISSING'],
    [{ 'x-veilgate-csrf': other.csrf }, 'CSRF_MISSING'],
    [{ 'content-type': 'text/plain' }, 'UNSUPPORTED_MEDIA_TYPE'],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 'UNSUPPORTED_MEDIA_TYPE'],
  ]
  for (const [headers, code] of cases)
    assert.equal((await person.post('/api/drafts', { title: 'x' }, headers)).json.code, code, JSON.stringify(headers))
  assert.equal(person.csrf, csrf)
  assert.equal(
    (await at.browser().post('/api/session', { name: 'a', password: 'b' }, { origin: 'https://evil.example' })).json
      .code,
    'ORIGIN_FORBIDDEN',
  )
  assert.equal(at.workshop.drafts().length, 0)
})

test('a name is the same however it is typed', async () => {
  const person = await at.person('typed.one', 'editor')
  at.clock.now += 60_000
  for (const name of ['Typed.One', ' typed.one ', 'ｔｙｐｅｄ.one']) {
    at.clock.now += 60_000
    const body = { name, password: PASSWORD, totp: person.code(at.clock.now) }
    assert.equal((await at.browser().post('/api/session', body)).status, 200, name)
  }
})

/** Runs once, while the password of the account is being checked: what was read of it before is old by then. */
function meanwhile(name: string, act: () => void): void {
  const real = at.accounts.putFailures.bind(at.accounts)
  at.accounts.putFailures = (key, failures) => {
    real(key, failures)
    if (key !== `account:${name}`) return
    at.accounts.putFailures = real
    setImmediate(act)
  }
}

test('what an administrator does to an account while it signs in stays done', async () => {
  const person = await at.person('stale.one', 'editor')
  const { id } = at.accounts.accountNamed('stale.one')!
  at.clock.now += 60_000
  const signIn = () =>
    at.browser().post('/api/session', { name: 'stale.one', password: PASSWORD, totp: person.code(at.clock.now) })
  meanwhile('stale.one', () => at.people.change(id, { disabled: true }, null))
  assert.equal((await signIn()).json.code, 'SIGN_IN_FAILED')
  assert.equal(at.accounts.account(id)!.disabled, true)
  at.people.change(id, { disabled: false, roles: ['editor'] }, null)
  at.clock.now += 60_000
  meanwhile('stale.one', () => at.people.change(id, { roles: ['ops'] }, null))
  assert.deepEqual((await signIn()).json.account.roles, ['ops'])
  assert.deepEqual(at.accounts.account(id)!.roles, ['ops'])
})

test('a password that is being changed does not undo a reset', async () => {
  const person = await at.person('stale.two', 'editor')
  const { id } = at.accounts.accountNamed('stale.two')!
  at.clock.now += 60_000
  const gone = { ...at.accounts.account(id)!, password: 'scrypt$none', totp: null }
  meanwhile('stale.two', () => {
    at.accounts.putAccount(gone)
    at.accounts.endSessions(id)
  })
  const body = { current: PASSWORD, next: 'another long one', totp: person.code(at.clock.now) }
  assert.equal((await person.post('/api/session/password', body)).status, 401)
  assert.deepEqual(at.accounts.account(id), gone)
})

test('many guesses at once of the password in a session left open are no more than one after the other', async () => {
  const person = await at.person('flood.two', 'editor')
  const { accounts, clock } = at
  const random = (bytes: number): Uint8Array => randomBytes(bytes)
  // at the door itself: on their way through TLS they would come one by one
  const door = new SignIn({ accounts, now: () => clock.now, random, cost: COST, totpKey: random(32) })
  const signed = door.find(person.cookie!)!
  const guess = (current: string) =>
    door.changePassword(signed, current, 'another long one', '111111').catch(({ code }: { code: string }) => code)
  const codes = await Promise.all(Array.from({ length: 15 }, (_, i) => guess(`guess ${i}`)))
  assert.equal(codes.filter((code) => code === 'PASSWORD_WRONG').length, 5)
  assert.equal(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS').length, 10)
  assert.equal(await guess(PASSWORD), 'TOO_MANY_ATTEMPTS', 'the right one waits as well')
})

test('a new password ends the other sessions', async () => {
  const person = await at.person('change.one', 'editor')
  at.clock.now += 60_000
  const second = at.browser()
  await second.post('/api/session', { name: 'change.one', password: PASSWORD, totp: person.code(at.clock.now) })
  at.clock.now += 60_000
  const change = (current: string, next: string, totp: string) =>
    person.post('/api/session/password', { current, next, totp })
  assert.equal(
    (await change('not it at all', 'another long one', person.code(at.clock.now))).json.code,
    'PASSWORD_WRONG',
  )
  assert.equal((await change(PASSWORD, 'another long one', '000000')).json.code, 'TOTP_WRONG')
  assert.equal((await change(PASSWORD, PASSWORD, '000000')).json.code, 'PASSWORD_SAME')
  person.step = 0
  at.clock.now += 60_000
  assert.equal((await change(PASSWORD, 'another long one', person.code(at.clock.now))).status, 200)
  assert.equal((await person.get('/api/session')).status, 200)
  assert.equal((await second.get('/api/session')).status, 401)
})
