/** Passwords, codes, waits, sessions: tables of cases, no clock and no chance. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ACCOUNT,
  type Account,
  csrfOf,
  failed,
  firstPassword,
  hashPassword,
  holds,
  idleUntil,
  isWeak,
  openSecret,
  openSession,
  type Role,
  rolesExclude,
  sealSecret,
  sessionHash,
  totpCode,
  totpSecret,
  totpStep,
  totpUri,
  verifyPassword,
  waitOf,
} from '../../src/accounts/index.ts'

const COST = { N: 1 << 10, r: 8, p: 1 }

test('a password is hashed with its cost beside it, and found again in NFKC', async () => {
  const hash = await hashPassword('Ｐassword ①', Buffer.alloc(16, 1), COST)
  assert.match(hash, /^scrypt\$1024\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  assert.equal(await verifyPassword('Password 1', hash), true)
  assert.equal(await verifyPassword('password 1', hash), false)
  for (const bad of [
    '',
    'plain',
    hash.replace('scrypt', 'md5'),
    hash.replace('$1024', '$1023'),
    hash.replace('$1024', '$4294967296'),
    `${hash}$x`,
    hash.slice(0, -3),
  ])
    assert.equal(await verifyPassword('Password 1', bad), false, bad)
})

test('which passwords are too easy', () => {
  for (const weak of [
    '',
    'elevenchars',
    'aaaaaaaaaaaaaa',
    'abababababab',
    'lin.wei-long-enough',
    'LIN.WEI long enough',
    'password1234',
    '1234567890',
    'x'.repeat(300),
  ])
    assert.equal(isWeak(weak, 'lin.wei'), true, weak)
  for (const good of ['correct horse battery', '一二三四五六七八九十百千', 'mV8!kd-20_Xq'])
    assert.equal(isWeak(good, 'lin.wei'), false, good)
  assert.match(
    firstPassword(Buffer.from(Array.from({ length: 20 }, (_, i) => i * 13))),
    /^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/,
  )
})

// RFC 6238 appendix B, SHA-1, the last six digits
const RFC: readonly [number, string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
]

test('codes of RFC 6238, one step to either side, each once', () => {
  const secret = totpSecret(Buffer.from('12345678901234567890'))
  for (const [seconds, code] of RFC) {
    const now = seconds * 1000
    const step = Math.floor(seconds / 30)
    assert.equal(totpCode(secret, now), code)
    assert.equal(totpStep(secret, code, now, -1), step)
    assert.equal(totpStep(secret, code, now + 30_000, -1), step)
    assert.equal(totpStep(secret, code, now + 61_000, -1), null)
    assert.equal(totpStep(secret, code, now, step), null, 'used')
    assert.equal(totpStep(secret, code, now, step + 1), null, 'older than one that was used')
  }
  for (const odd of ['', '12345', '1234567', '１２３４５６', 'abcdef', ' 28708'])
    assert.equal(totpStep(secret, odd, 59_000, -1), null)
  assert.match(
    totpUri(secret, 'lin.wei'),
    /^otpauth:\/\/totp\/Veilgate:lin\.wei\?issuer=Veilgate&secret=[A-Z2-7]{32}&algorithm=SHA1&digits=6&period=30$/,
  )
})

test('waits double to an hour and are forgotten after a day', () => {
  let failures = null
  const waits: number[] = []
  let now = 1_000_000
  for (let i = 0; i < 14; i++) {
    failures = failed(failures, ACCOUNT, now)
    const wait = waitOf(failures, now)
    waits.push(wait)
    now += wait * 1000
  }
  assert.deepEqual(waits, [0, 0, 0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600])
  assert.equal(failed(failures, ACCOUNT, now + 86_400_001).count, 1)
  assert.equal(waitOf(null, now), 0)
})

const account = (more: Partial<Account> = {}): Account => ({
  id: 'a',
  name: 'lin.wei',
  displayName: '林',
  roles: ['editor'],
  disabled: false,
  password: '',
  totp: { secret: 'A'.repeat(32), step: 1 },
  createdAt: '',
  lastSignIn: null,
  ...more,
})

test('a session holds for its account, stage and two ends', () => {
  const session = openSession('value', 'a', 'full', 0)
  assert.equal(session.hash, sessionHash('value'))
  assert.notEqual(csrfOf('value'), csrfOf('other'))
  assert.equal(idleUntil(session), 30 * 60_000)
  const cases: readonly [Account | null, number, boolean][] = [
    [account(), 0, true],
    [account(), 30 * 60_000 - 1, true],
    [account(), 30 * 60_000, false],
    [null, 0, false],
    [account({ disabled: true }), 0, false],
    [account({ totp: null }), 0, false],
  ]
  for (const [who, at, expected] of cases) assert.equal(holds(session, who, at), expected)
  assert.equal(holds({ ...session, seenAt: 12 * 3_600_000 - 1 }, account(), 12 * 3_600_000), false)
  assert.equal(holds(openSession('v', 'a', 'enrol', 0), account({ totp: null }), 15 * 60_000), false)
})

test('who makes or watches accounts takes no part in releases', () => {
  const cases: readonly [Role[], boolean][] = [
    [['editor', 'approver', 'ops'], false],
    [['admin'], false],
    [['auditor'], false],
    [['admin', 'editor'], true],
    [['auditor', 'approver'], true],
    [['admin', 'auditor'], true],
  ]
  for (const [roles, expected] of cases) assert.equal(rolesExclude(roles), expected, roles.join())
})

test('a TOTP secret at rest opens for its account under its key only, and has one text', () => {
  const key = Buffer.alloc(32, 1)
  const sealed = sealSecret(key, 'a', 'SECRET')
  assert.equal(sealSecret(key, 'a', 'SECRET'), sealed)
  assert.ok(!Buffer.from(sealed, 'base64url').toString('latin1').includes('SECRET'))
  assert.equal(openSecret(key, 'a', sealed), 'SECRET')
  assert.equal(openSecret(key, 'b', sealed), null)
  assert.equal(openSecret(Buffer.alloc(32, 2), 'a', sealed), null)
  for (const bad of ['', 'x', sealed.slice(1), `${sealed}A`, sealed.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))])
    assert.equal(openSecret(key, 'a', bad), null)
})
