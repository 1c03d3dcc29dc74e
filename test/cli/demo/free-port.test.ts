import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { it } from 'node:test'
import { freePort } from '../../../src/cli/demo/free-port.ts'

it('gives the usual port while it is free and another one when it is taken', async () => {
  const usual = await freePort(0)
  assert.ok(usual > 0)
  assert.equal(await freePort(usual), usual)
  const holder = createServer().listen(usual, '127.0.0.1')
  await once(holder, 'listening')
  try {
    const other = await freePort(usual)
    assert.notEqual(other, (holder.address() as AddressInfo).port)
    assert.ok(other > 0)
  } finally {
    holder.close()
  }
})
