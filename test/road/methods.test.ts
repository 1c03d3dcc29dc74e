/** The methods with keys, maps and lists through `veilgate serve` and two workers: what callers get, and what they do not. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { signToken } from '../fixtures/consortium.ts'
import { type Deployment, deploy, type Served, serve } from '../fixtures/deployment.ts'
import { ask } from '../fixtures/road.ts'
import { json, SCOPES } from '../fixtures/scene.ts'
import { httpUpstream, type UpstreamServer } from '../fixtures/upstream.ts'

const SHIPPED = fileURLToPath(new URL('../../rules/', import.meta.url))
const ENTRY = `provider: teaching
upstream: { base: "UPSTREAM" }
entries:
  his.record: { zh: 病历查询, status: published, call: "GET /teaching/records/{no}", to: "/api/{no}", format: json, rows: "$.data", roles: [researcher, auditor], scope: his.record, timeout: 2s }
`
const POLICY = `policy: research
basis: b
owner: o
review: 2099-01-01
for: { roles: [researcher] }
elements:
  person-name: { method: hash, algorithm: sm3 }
  resident-id: { method: encrypt, cipher: sm4 }
  inpatient-no: { method: random-id, dataset: this-project }
  birth-date: { method: date-shift, days: 20 }
  event-date: { method: date-shift, days: 20, clock: drop }
  mobile: { method: KEEP_FIRST_N_LAST_M, first-n: 3, last-m: 2 }
  lab-value: { method: noise, percent: 10 }
undecided: drop
unknown: drop
`
const TABLE = `policy: statistics
basis: b
owner: o
review: 2099-01-01
for: { roles: [auditor] }
elements:
  diagnosis: { method: aggregate, as: group, by: category-code, k: 3 }
  lab-value: { method: aggregate, as: mean, k: 3 }
  person-name: keep
undecided: drop
unknown: drop
`
const row = (n: number, zdbm = 'C34.9') => ({
  brxm: `患者${n}号`,
  sfzh: ['500103199003070025', '11010519491231002X', '500103198512310016', '500103199003070041'][n % 4],
  zyh: `ZY2026${n}`,
  csrq: '1990-03-07',
  ryrq: '2026-10-01 08:30:00',
  sjh: '13812345678',
  result_value: `${100 + n}`,
  zdbm,
})
const BODY = JSON.stringify({
  data: [row(0), row(1), row(2), row(3), row(3, 'J45.0'), row(2, 'J45.1'), row(1, 'J45.2')],
})

describe('methods on the road', { timeout: 120_000 }, () => {
  let upstream: UpstreamServer
  let deployment: Deployment
  let served: Served
  before(async () => {
    upstream = await httpUpstream(json(BODY))
    deployment = await deploy({ interfaces: ENTRY.replace('UPSTREAM', upstream.origin) })
    rmSync(deployment.path('rules/policies'), { recursive: true })
    rmSync(deployment.path('rules/bindings'), { recursive: true })
    for (const name of ['elements.yaml', 'bindings/his.yaml'])
      deployment.write(`rules/${name}`, readFileSync(SHIPPED + name, 'utf8'))
    deployment.write('rules/policies/research.yaml', POLICY)
    deployment.write('rules/policies/statistics.yaml', TABLE)
    served = await serve(deployment)
  })
  after(async () => {
    served.child.kill('SIGTERM')
    const code = await served.ended
    await upstream.close()
    await deployment.remove()
    assert.equal(code, 0)
  })

  const call = async (role: string, project?: string) => {
    const token = await signToken(deployment.consortium, 'county', {
      roles: [role],
      scopes: SCOPES,
      ...(project === undefined ? {} : { project }),
    })
    return ask({ port: served.port, consortium: deployment.consortium }, { path: '/teaching/records/1', token })
  }
  const rows = (told: { json: Record<string, unknown> }) => told.json['data'] as Record<string, string>[]

  test('research: every value of a kind, the same from call to call where the method says so', async () => {
    const first = await call('researcher', 'p1')
    assert.equal(first.status, 200)
    const second = await call('researcher', 'p1')
    const [a, b] = [rows(first)[0]!, rows(second)[0]!]
    assert.match(a['brxm']!, /^[0-9a-f]{64}$/)
    assert.match(a['sfzh']!, /^E2\.e1\./)
    assert.match(a['zyh']!, /^R[A-Z2-7]{19}$/)
    assert.match(a['ryrq']!, /^2026-(?:09|10)-\d{2}$/)
    assert.match(a['sjh']!, /^138\*{6}78$/)
    for (const same of ['brxm', 'zyh', 'csrq', 'ryrq', 'result_value']) assert.equal(a[same], b[same], same)
    assert.notEqual(a['sfzh'], b['sfzh'])
    const text = JSON.stringify(first.json)
    for (const [n, got] of rows(first).entries()) {
      const { result_value: value, ...others } = [row(0), row(1), row(2), row(3), row(3), row(2), row(1)][n]!
      assert.notEqual(got['result_value'], value)
      for (const other of Object.values(others)) assert.ok(!text.includes(`"${other}"`), other)
    }
    assert.equal((await call('researcher')).json['code'], 'TOKEN_PERMISSION', 'no project, no dataset')
  })

  test('statistics: groups of persons, nothing of one of them', async () => {
    const told = await call('auditor')
    assert.equal(told.status, 200)
    assert.deepEqual(rows(told), [
      { result_value: '101.50', zdbm: 'C34' },
      { result_value: '102.00', zdbm: 'J45' },
    ])
  })
})
