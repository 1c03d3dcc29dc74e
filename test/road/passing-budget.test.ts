/** What passes unread is copied for the row count only: the copy never takes what other calls' bodies need. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import https from 'node:https'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import zlib from 'node:zlib'
import { clientTls, eventually } from '../fixtures/road.ts'
import { type Answer, INTERFACES, json, startScene } from '../fixtures/scene.ts'

const KIB = 1024
const PIECE = Buffer.alloc(16 * KIB, 32)
const interfaces = INTERFACES.replace('timeout: 2s }', 'timeout: 2s, body: { max: 256KiB } }')

test('a download over its limit gives its copy back at once, not at its end', async () => {
  const scene = await startScene({ interfaces })
  try {
    let more: (() => void) | undefined
    scene.answer = (_s, _i, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' })
      for (let sent = 0; sent < 512 * KIB; sent += PIECE.length) outgoing.write(PIECE)
      more = () => outgoing.end('1')
    }
    let bytes = 0
    const call = https.get({
      ...clientTls(scene.road.consortium, 'county'),
      host: '127.0.0.1',
      port: scene.road.port,
      path: '/teaching/records/1',
      agent: false,
      headers: { host: 'localhost', authorization: `Bearer ${await scene.token('auditor')}` },
    })
    const [answer] = await once(call, 'response')
    answer.on('data', (chunk: Buffer) => (bytes += chunk.length))
    await eventually(() => bytes === 512 * KIB)
    assert.equal(scene.road.budget.used, 0, 'nothing is held while it goes on')
    more!()
    await once(answer, 'end')
    await eventually(() => scene.road.journal.records.length === 1)
    assert.equal(scene.road.journal.records[0]!.rows, null)
    assert.equal(scene.road.journal.records[0]!.code, null)
  } finally {
    await scene.close()
  }
})

test('over the budget the copy is given up, the answer passes', async () => {
  const limit = 64 * KIB
  const scene = await startScene({ interfaces, budget: { limit, patienceMs: 100 } })
  try {
    let most = 0
    const inPieces: Answer = async (_s, _i, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' })
      for (let sent = 0; sent < 160 * KIB; sent += PIECE.length) {
        outgoing.write(PIECE)
        await sleep(2)
        most = Math.max(most, scene.road.budget.used)
      }
      outgoing.end('1')
    }
    scene.answer = inPieces
    const told = await scene.ask({ role: 'auditor' })
    assert.equal(told.status, 200)
    assert.equal(told.body.length, 160 * KIB + 1)
    assert.ok(most > 0 && most <= limit, `${most} of ${limit} bytes`)
    await eventually(() => scene.road.journal.records.length === 1)
    assert.equal(scene.road.journal.records[0]!.rows, null)
    assert.equal(scene.road.budget.used, 0)
  } finally {
    await scene.close()
  }
})

test('coded bytes that must be held before they pass have their place in the budget, or the call is refused', async () => {
  const limit = 8 * KIB
  const scene = await startScene({ interfaces, budget: { limit, patienceMs: 100 } })
  try {
    const noise = Buffer.from(Array.from({ length: 60 * KIB }, (_, i) => 33 + ((i * 7919 + (i >> 3)) % 90)))
    const coded = zlib.gzipSync(noise, { level: 0 })
    scene.answer = json(coded, { 'content-encoding': 'gzip' })
    const told = await scene.ask({ role: 'auditor' })
    assert.equal(told.status, 503)
    assert.equal(told.json['code'], 'OVERLOADED')
    await eventually(() => scene.road.budget.used === 0)
  } finally {
    await scene.close()
  }
})
