/** Callers who left while their request waited for a connection cost none. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { UndiciUpstream } from '../../../src/adapters/upstream/undici.ts'
import type { Leaving, Room } from '../../../src/ports/upstream.ts'

const ROOM: Room = { maxBytes: 1 << 20, take: () => null }

test('one connection carries what comes before and after a hundred callers who left in the queue', async () => {
  let connections = 0
  const seen: string[] = []
  const waiting: http.ServerResponse[] = []
  const server = http.createServer((incoming, outgoing) => {
    seen.push(incoming.url ?? '')
    if (incoming.url === '/slow') waiting.push(outgoing)
    else outgoing.end('ok')
  })
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream = new UndiciUpstream({ connections: 1 })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  upstream.retarget(new Map([['t', { origin, tls: null }]]))
  const ask = (path: string, leaving: Leaving = { left: false, onLeave: null }) =>
    upstream.exchange(
      { callId: 'id', method: 'GET', path, headers: {}, target: 't', timeoutMs: 5000, leaving },
      null,
      ROOM,
    )
  try {
    const slow = ask('/slow')
    while (waiting.length === 0) await once(server, 'request')
    const leavers = Array.from({ length: 100 }, (): Leaving => ({ left: false, onLeave: null }))
    const left = leavers.map((leaving) => assert.rejects(ask('/left', leaving), { code: 'CLIENT_GONE' }))
    for (const leaving of leavers) leaving.onLeave?.()
    await Promise.all(left)
    const after = ask('/after')
    waiting[0]!.end('slow')
    assert.equal((await slow).body.toString(), 'slow')
    assert.equal((await after).body.toString(), 'ok')
    assert.deepEqual(seen, ['/slow', '/after'])
    assert.equal(connections, 1)
  } finally {
    await upstream.close()
    server.close()
  }
})
