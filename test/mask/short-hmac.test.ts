import assert from 'node:assert/strict'
import { createHmac, createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { ShortHmac } from '../../src/mask/short-hmac.ts'

test('the digests of node:crypto, for every length of key and message', () => {
  for (const size of [1, 32, 64]) {
    const key = createSecretKey(Buffer.alloc(size, size))
    const own = new ShortHmac(key)
    for (const message of ['', 'a', '\0病\ud800', ...Array.from({ length: 300 }, (_, n) => '号1'.repeat(n))])
      assert.deepEqual(own.digest(message), createHmac('sha256', key).update(message).digest())
  }
  assert.throws(() => new ShortHmac(createSecretKey(Buffer.alloc(65))), RangeError)
})
