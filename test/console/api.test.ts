/** The console's API over a real listener on loopback. */
import assert from 'node:assert/strict'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { MemoryCallLog } from '../../src/adapters/call-log/memory.ts'
import { compileAnomalies } from '../../src/anomaly/index.ts'
import { anomaliesRoute } from '../../src/console/api/anomalies.ts'
import { createApi } from '../../src/console/api/app.ts'
import { bearer } from '../../src/console/api/bearer.ts'
import { failure } from '../../src/console/api/failure.ts'
import { summaryRoute } from '../../src/console/api/summary.ts'
import type { CallQueries } from '../../src/ports/call-queries.ts'
import { deniedRecord } from '../fixtures/call-records.ts'
import { DAY_START, reportCalls } from '../fixtures/report-calls.ts'

const SECRET = 'console-test-secret-0123456789abcdef'
const DAY = 86_400_000
const log = new MemoryCallLog()
let broken = false
const queries: CallQueries = {
  async sums(from, to) {
    if (broken) throw new Error('/a/path/that/must/not/show')
    return log.sums(from, to)
  },
  signals: async (since, limit) => log.signals(since, limit),
  close: async () => {},
}
const server = createServer(createApi({ secret: SECRET, queries, zone: 'Asia/Shanghai', now: () => DAY_START + DAY }))
let base = ''

before(async () => {
  log.watch(
    compileAnomalies([
      { file: 'a', text: 'anomalies:\n  burst: { detector: denied-burst, window: 5m, threshold: 3 }\n' },
    ]).anomalies,
  )
  log.add(
    [1, 2, 3].map((n) => deniedRecord(1000 + n, DAY_START + n * 1000)),
    'q',
  )
  log.add(reportCalls(), 'p')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => void server.close())

const ask = (path: string, secret: string | null = SECRET) =>
  fetch(base + path, secret === null ? {} : { headers: { authorization: `Bearer ${secret}` } })

test('signals, newest first, with since and limit', async () => {
  const reply = await ask('/api/anomalies')
  assert.equal(reply.status, 200)
  assert.equal(reply.headers.get('cache-control'), 'no-store')
  const { signals } = (await reply.json()) as { signals: { anomaly: string; institution: string }[] }
  assert.deepEqual(
    signals.map((s) => [s.anomaly, s.institution]),
    [['burst', 'county']],
  )
  const later = (await (await ask('/api/anomalies?since=2027-03-02&limit=5')).json()) as { signals: unknown[] }
  assert.deepEqual(later.signals, [])
  for (const query of ['since=yesterday', 'limit=0', 'limit=5000', 'limit=x', 'since=2027-03-01&since=2027-03-02'])
    assert.equal((await ask(`/api/anomalies?${query}`)).status, 400, query)
})

test('the summary is the report of a period, by default of the last 24 hours', async () => {
  const figures = (await (await ask('/api/calls/summary')).json()) as { calls: { total: number } }
  assert.equal(figures.calls.total, 203)
  const hour = await ask('/api/calls/summary?from=2027-03-01T00:00&to=2027-03-01T01:00')
  assert.equal(((await hour.json()) as { calls: { total: number } }).calls.total, 12)
  for (const query of ['from=x', 'to=x', 'from=2027-03-02&to=2027-03-01'])
    assert.equal((await ask(`/api/calls/summary?${query}`)).status, 400, query)
})

test('without the secret every path gives the same answer', async () => {
  for (const [path, secret] of [
    ['/api/anomalies', null],
    ['/api/anomalies', 'wrong'],
    ['/api/nothing', null],
    ['/', 'console-test-secret-0123456789abcdeX'],
  ] as const) {
    const reply = await ask(path, secret)
    assert.equal(reply.status, 401)
    assert.equal(reply.headers.get('www-authenticate'), 'Bearer')
    assert.deepEqual(await reply.json(), {
      type: 'about:blank',
      title: 'The bearer secret of the console is needed.',
      status: 401,
      code: 'UNAUTHORIZED',
    })
  }
  assert.equal((await ask('/api/nothing')).status, 404)
  assert.throws(() => bearer('short'))
})

test('a call log that cannot be read is a code, not a text', async () => {
  broken = true
  const reply = await ask('/api/calls/summary')
  broken = false
  assert.equal(reply.status, 503)
  assert.ok(!(await reply.text()).includes('path'))
})

test('peers that are not on this machine are refused', () => {
  const seen: number[] = []
  const response = {
    status(code: number) {
      seen.push(code)
      return response
    },
    type: () => response,
    send: () => response,
    set: () => response,
  }
  const guard = bearer(SECRET)
  for (const remoteAddress of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', undefined, '127.0.0.1.evil'])
    guard(
      { socket: { remoteAddress }, headers: { authorization: `Bearer ${SECRET}` } } as never,
      response as never,
      () => seen.push(200),
    )
  assert.deepEqual(seen, [403, 403, 403, 403, 403])
  failure(response as never, 404, 'NOT_FOUND')
  assert.equal(seen.at(-1), 404)
})

test('every route is guarded by its place behind the bearer check', async () => {
  assert.equal(typeof anomaliesRoute, 'function')
  assert.equal(typeof summaryRoute, 'function')
  const status = await new Promise<number>((resolve, reject) => {
    const raw = httpRequest(`${base}/api/anomalies`, { method: 'POST', headers: { authorization: `Bearer ${SECRET}` } })
    raw.on('response', (r) => {
      r.resume()
      resolve(r.statusCode ?? 0)
    })
    raw.on('error', reject)
    raw.end()
  })
  assert.equal(status, 404, 'reading only')
})
