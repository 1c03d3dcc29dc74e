import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseBroker } from '../../../src/cli/demo/broker.ts'

describe('the stream of the demo', () => {
  it('is embedded when none was asked for', async () => {
    const broker = await chooseBroker(undefined)
    assert.equal(broker.address, null)
    assert.equal(broker.name, 'embedded')
    await broker.stop()
  })
  it('is the broker that was named', async () => {
    const broker = await chooseBroker('127.0.0.1:9092')
    assert.equal(broker.address, '127.0.0.1:9092')
    await broker.stop()
  })
})
