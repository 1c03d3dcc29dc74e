/** Schema drift on a running gateway: an address never seen is treated as unknown, told once, and known after that. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { veilgate } from '../../fixtures/command.ts'
import { signToken } from '../../fixtures/consortium.ts'
import { type Deployment, type Served, serve } from '../../fixtures/deployment.ts'
import { deployOneInterface } from '../../fixtures/one-interface.ts'
import { ask } from '../../fixtures/road.ts'
import { json, SCOPES } from '../../fixtures/scene.ts'
import { httpUpstream, type UpstreamServer } from '../../fixtures/upstream.ts'

const ROW = { zdmc: '肺炎', xinziduan: '欧阳锋', bz2: 7 }

describe('schema drift', { timeout: 120_000 }, () => {
  let upstream: UpstreamServer
  let deployment: Deployment
  let served: Served | undefined
  let answer: unknown = { data: [{ zdmc: '肺炎' }] }
  before(async () => {
    upstream = await httpUpstream((...all) => json(JSON.stringify(answer))(...all))
    deployment = await deployOneInterface(upstream.origin, 'keep')
    served = await serve(deployment)
  })
  after(async () => {
    served?.child.kill('SIGTERM')
    const code = await served?.ended
    await upstream.close()
    await deployment.remove()
    assert.equal(code, 0)
  })

  const call = async (): Promise<unknown> => {
    const token = await signToken(deployment.consortium, 'county', { roles: ['researcher'], scopes: SCOPES })
    const road = { port: served!.port, consortium: deployment.consortium }
    const told = await ask(road, { path: '/teaching/records/1', token })
    assert.equal(told.status, 200)
    return told.json
  }
  const told = (): Record<string, unknown>[] =>
    deployment
      .read('veilgate.log')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'rules.drift')

  test('values of new addresses are unknown; each address is told once, its name never', async () => {
    await call()
    assert.deepEqual(told(), [])
    answer = { data: [ROW, ROW] }
    for (let i = 0; i < 3; i++)
      assert.deepEqual(await call(), { data: [ROW, ROW].map(() => ({ zdmc: '肺炎', xinziduan: '***', bz2: '***' })) })
    const news = told()
    assert.equal(news.length, 2, JSON.stringify(news))
    for (const line of news) {
      assert.equal(line['interface'], 'his.record')
      assert.match(String(line['rule']), /^\?[0-9a-f]{8}$/)
    }
    const { code, out } = await veilgate(['rules', 'drift', deployment.path('state')])
    assert.equal(code, 0)
    for (const { rule } of news) assert.ok(out.includes(String(rule)), out)
    assert.doesNotMatch(`${out}${JSON.stringify(news)}`, /xinziduan|欧阳/)
  })
})
