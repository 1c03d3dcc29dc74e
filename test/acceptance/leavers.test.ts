/** Callers that leave while the upstream streams: whatever the road, a served gateway is not wedged by them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ask, ask } from '../fixtures/road.ts'
import { scaled } from '../fixtures/scale.ts'
import { type Answer, json } from '../fixtures/scene.ts'
import { PERSON } from './fixtures/canary.ts'
import { canariesIn, placesOf } from './fixtures/places.ts'
import { INTERFACES, recordsOf, startPlainScene, until } from './fixtures/plain-scene.ts'

const MIB = 1 << 20
const ROW = `${JSON.stringify({ brxm: PERSON.name, sfzh: PERSON.residentId, [PERSON.mobile]: PERSON.note })},`
const CHUNK = Buffer.from(ROW.repeat(80))
const TOGETHER = 25

test('callers that leave while the upstream streams do not wedge the gateway', { timeout: 900_000 }, async (t) => {
  const leavers = scaled(10_000, 200)
  // on a busy machine two seconds pass before anybody has left: an answer in time would be no fault
  const interfaces = INTERFACES.replaceAll('timeout: 2s', 'timeout: 30s')
  const scene = await startPlainScene({
    interfaces,
    more: 'limits: { buffered: 64MiB, connections-per-certificate: 500 }\n',
  })
  try {
    let streaming = 0
    let streamed = 0
    const left = async (request: Ask): Promise<void> => {
      const told = await ask(scene.deployment, request).catch(() => null)
      assert.equal(told, null, `${request.path} was answered: ${told?.status} ${told?.text.slice(0, 200)}`)
    }
    const leave = new Map<string, AbortController>()
    const stream: Answer = ({ url }, _incoming, outgoing) => {
      streaming++
      streamed++
      setTimeout(() => leave.get(url)?.abort(), 2 + (streaming % 7) * 5)
      outgoing.writeHead(200, { 'content-type': 'application/json' })
      outgoing.write('[')
      const timer = setInterval(() => outgoing.write(CHUNK), 2)
      outgoing.on('close', () => {
        streaming--
        clearInterval(timer)
      })
    }
    for (let i = 0; i < 20; i++) assert.equal((await scene.ask()).status, 200)
    const idle = process.platform === 'linux' ? scene.serving.memory().now : 0
    // one passes, two are read and masked
    const tokens = await Promise.all(['auditor', 'doctor', 'researcher'].map((role) => scene.token(role)))
    scene.answer = stream
    for (let gone = 0; gone < leavers; gone += TOGETHER)
      await Promise.all(
        Array.from({ length: Math.min(TOGETHER, leavers - gone) }, (_, i) => {
          const controller = new AbortController()
          leave.set(`/api/${gone + i}`, controller)
          const token = tokens[i % tokens.length]!
          const request = { path: `/teaching/records/${gone + i}`, token, signal: controller.signal }
          return left(request)
        }),
      )
    assert.equal(streamed, leavers, 'each left while its answer came')
    await until(() => streaming === 0, 'every upstream call was given up')
    scene.answer = json('{"brxm":"张三"}')
    for (const role of ['auditor', 'doctor', 'researcher']) assert.equal((await scene.ask({ role })).status, 200)
    for (const gauge of ['veilgate_calls_running', 'veilgate_buffered_bytes', 'veilgate_bodies_waiting'])
      await until(async () => (await scene.figure(gauge)) === 0, gauge)
    if (process.platform === 'linux') {
      const { peak } = scene.serving.memory()
      t.diagnostic(`${leavers} left, idle ${Math.round(idle / MIB)} MiB, peak ${Math.round(peak / MIB)} MiB`)
      assert.ok(peak <= idle + 128 * MIB + 64 * MIB)
    }
    assert.equal(canariesIn(await placesOf(scene.deployment, scene.serving)), '', 'nothing of what was half read stays')
    assert.equal(await scene.serving.stop(), 0)
    const gone = recordsOf(scene.deployment).filter(({ code }) => code === 'CLIENT_GONE')
    assert.equal(gone.length, leavers)
  } finally {
    await scene.close()
  }
})
