import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signToken } from '../fixtures/consortium.ts'
import { ask, eventually, startRoad } from '../fixtures/road.ts'
import { httpUpstream } from '../fixtures/upstream.ts'
test('a call goes through', async () => {
  const up = await httpUpstream((_s, _i, o) => void o.writeHead(200, { 'content-type': 'application/json; charset=utf-8', etag: 'x', 'set-cookie': 'a=b' }).end('{"a":1.10}'))
  const road = await startRoad({ upstream: up.origin, interfaces: `provider: teaching
upstream: { base: "UPSTREAM" }
entries:
  his.record: { zh: 查询, status: published, call: "GET /teaching/records/{no}", to: "/api/{no}", format: json, roles: [doctor], scope: his.record }
` })
  const token = await signToken(road.consortium, 'county', { scopes: ['his.record'] })
  for (let i = 0; i < 3; i++) {
    const told = await ask(road, { path: '/teaching/records/1', token })
    console.log(told.status, told.text, told.headers)
  }
  await eventually(() => road.journal.records.length === 3)
  console.log(road.journal.records[0], road.log.lines, up.requests[0]?.headers)
  console.log(await ask(road, { path: '/teaching/records/1' }).then(t => [t.status, t.text, t.headers]))
  await road.close(); await up.close()
})
