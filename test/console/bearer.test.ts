/** X66: the deployment's secret counts on this machine only, whole and in one form. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bearer } from '../../src/console/api/bearer.ts'

const SECRET = 'a secret of the deployment 0123456789'.replaceAll(' ', '-')
const check = bearer(SECRET)
const codeOf = (authorization: string, address: string): string => {
  try {
    check(authorization, address)
    return 'ok'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('an address of another machine is refused before the secret is looked at', () => {
  for (const address of ['127.0.0.1', '127.8.0.9', '::1', '::ffff:127.0.0.1'])
    assert.equal(codeOf(`Bearer ${SECRET}`, address), 'ok', address)
  const elsewhere = [
    '',
    '10.0.0.7',
    '128.0.0.1',
    '::ffff:10.0.0.7',
    '::2',
    'fe80::1',
    '::1%eth0',
    '1127.0.0.1',
    '127.0.0.1.evil.example',
  ]
  for (const address of elsewhere) {
    assert.equal(codeOf(`Bearer ${SECRET}`, address), 'LOOPBACK_ONLY', address)
    assert.equal(codeOf('Bearer wrong', address), 'LOOPBACK_ONLY', address)
  }
})

test('nothing but the whole secret opens', () => {
  for (const given of [
    '',
    'Bearer',
    `Basic ${SECRET}`,
    SECRET,
    `Bearer ${SECRET} `,
    `Bearer ${SECRET}x`,
    `Bearer ${SECRET.slice(1)}`,
  ])
    assert.equal(codeOf(given, '127.0.0.1'), 'UNAUTHORIZED', given)
  assert.throws(() => bearer('x'.repeat(31)), RangeError)
})
