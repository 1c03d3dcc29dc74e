/** express in front: what it hands on is untouched, and a failure before the road is answered by us. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createFront, type Front } from '../../src/gateway/front.ts'

async function asked(receive: Front['handle']): Promise<{ status: number; body: string }> {
  const front = createFront(receive, (outgoing) => void outgoing.writeHead(500).end('ours'))
  const server = http.createServer(front.classes, front.handle).listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a//b?x=1`)
    return { status: answer.status, body: await answer.text() }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('requests and responses keep the prototype they were made with', async () => {
  let protos: object[] = []
  const { status, body } = await asked((incoming, outgoing) => {
    protos = [Object.getPrototypeOf(incoming), Object.getPrototypeOf(outgoing)]
    assert.ok(incoming instanceof http.IncomingMessage && outgoing instanceof http.ServerResponse)
    // express' own members are there too
    assert.equal(typeof (outgoing as unknown as { json: unknown }).json, 'function')
    outgoing.end(incoming.url)
  })
  assert.deepEqual({ status, body }, { status: 200, body: '/a//b?x=1' })
  assert.equal(protos[0]?.constructor.name, 'Request')
  assert.equal(protos[1]?.constructor.name, 'Response')
})

test('what throws in front of the road is answered by us, not by express', async () => {
  const thrown = await asked(() => {
    throw new Error('张三')
  })
  assert.deepEqual(thrown, { status: 500, body: 'ours' })
})
