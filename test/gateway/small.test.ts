/** Small parts of the road, each by its table: call ids, digests, days, sniffing, framing codes, figures, the operations port. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { callId, callIds } from '../../src/base/call-id.ts'
import { clientErrorCode } from '../../src/gateway/client-error.ts'
import { contentDigest } from '../../src/gateway/content-digest.ts'
import { Metrics } from '../../src/gateway/metrics.ts'
import { createOperations } from '../../src/gateway/operations.ts'
import { looksLikeRecord } from '../../src/gateway/sniff.ts'
import { zoneDay } from '../../src/gateway/zone-day.ts'
import type { CallRecord } from '../../src/ports/record.ts'

test('call ids are UUIDs of version 7 that sort by time and do not repeat', () => {
  const id = callId(0x0190a1b2c3d4, '11111111-2222-4333-9444-555555555555')
  assert.equal(id, '0190a1b2-c3d4-7333-9444-555555555555')
  let now = 1_700_000_000_000
  const next = callIds(() => now, randomUUID)
  const ids = Array.from({ length: 1000 }, () => {
    now++
    return next()
  })
  assert.equal(new Set(ids).size, 1000)
  assert.deepEqual(ids.toSorted(), ids)
  for (const each of ids) assert.match(each, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('Content-Digest by the wanted weight (RFC 9530)', () => {
  const body = Buffer.from('x')
  const digest = (name: string) => `=:${createHash(name).update(body).digest('base64')}:`
  assert.equal(contentDigest('sha-256=1', body), `sha-256${digest('sha256')}`)
  assert.equal(contentDigest('sha-256=1, sha-512=3', body), `sha-512${digest('sha512')}`)
  for (const none of ['', 'md5=10', 'sha-256=0', 'sha-256', 'sha-256=99']) assert.equal(contentDigest(none, body), null)
})

test('days turn at the midnight of the configured zone', () => {
  const shanghai = zoneDay('Asia/Shanghai')
  assert.equal(shanghai(Date.UTC(2026, 10, 21, 15, 59, 59)), '2026-11-21')
  assert.equal(shanghai(Date.UTC(2026, 10, 21, 16, 0, 0)), '2026-11-22')
  assert.equal(zoneDay('Asia/Kathmandu')(Date.UTC(2026, 10, 21, 18, 15, 0)), '2026-11-22')
})

test('records in disguise are known by their first bytes', () => {
  for (const record of [
    '{"a":1}',
    '\ufeff[1]',
    '  <?xml',
    '"text"',
    'MSH|^~\\&|',
    '\x0bMSH|^~\\&|',
    'FHS|',
    'BHS|',
    'a,b\n1,2\n',
    'a|b\r\n1|2\r\n',
  ])
    assert.equal(looksLikeRecord(Buffer.from(record)), true, record)
  assert.equal(looksLikeRecord(Buffer.from('{"a":1}', 'utf16le')), true)
  for (const file of [
    Buffer.from('%PDF-1.7\n1 0 obj'),
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    Buffer.from('PK\x03\x04'),
    Buffer.from('plain words, one line'),
    Buffer.alloc(200),
  ])
    assert.equal(looksLikeRecord(file), false)
})

test('framing faults have codes, and who is gone gets none', () => {
  assert.equal(clientErrorCode({ code: 'HPE_HEADER_OVERFLOW' }), 'HEADERS_TOO_LARGE')
  assert.equal(clientErrorCode({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }), 'REQUEST_TIMEOUT')
  assert.equal(clientErrorCode({ code: 'HPE_UNEXPECTED_CONTENT_LENGTH' }), 'AMBIGUOUS_FRAMING')
  assert.equal(clientErrorCode({ code: 'HPE_INVALID_METHOD' }), 'MALFORMED_REQUEST')
  for (const code of ['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE', 'ERR_SSL_WRONG_VERSION'])
    assert.equal(clientErrorCode({ code }), null)
})

const record = (change: Partial<CallRecord>): CallRecord =>
  ({
    decision: 'allow',
    code: null,
    outcome: 'delivered',
    interface: 'a',
    bytesIn: 1,
    bytesOut: 2,
    times: { total: 7, upstream: 1, mask: 1 },
    ...change,
  }) as CallRecord

test('figures of workers add up', () => {
  const one = new Metrics()
  const two = new Metrics()
  one.observe(record({}))
  two.observe(record({ times: { total: 40_000, upstream: 1, mask: 1 } }))
  two.observe(record({ decision: 'deny', code: 'TOKEN_EXPIRED', outcome: 'refused', interface: null }))
  two.refusedConnection('TLS')
  one.gauge('connections', 'Open.', () => 2)
  two.gauge('connections', 'Open.', () => 3)
  const sum = new Metrics()
  for (const each of [one, two]) sum.absorb(structuredClone(each.dump()))
  const text = sum.render()
  for (const line of [
    'veilgate_calls_total{decision="allow",code="OK",outcome="delivered"} 2',
    'veilgate_calls_total{decision="deny",code="TOKEN_EXPIRED",outcome="refused"} 1',
    'veilgate_refused_connections_total{reason="TLS"} 1',
    'veilgate_call_duration_milliseconds_bucket{interface="a",le="10"} 1',
    'veilgate_call_duration_milliseconds_bucket{interface="a",le="30000"} 1',
    'veilgate_call_duration_milliseconds_bucket{interface="a",le="+Inf"} 2',
    'veilgate_connections 5',
    'veilgate_received_bytes_total 3',
  ])
    assert.ok(text.includes(`${line}\n`), line)
})

test('the operations port tells health, readiness and figures, and nothing else', async () => {
  let reasons: string[] = []
  const server = createOperations({
    readiness: () => ({ reasons, notes: ['RULES_LAST_GOOD'], bundle: 'b' }),
    metrics: () => {
      throw new Error('no figures')
    },
    more: (incoming, outgoing) => {
      if (incoming.url !== '/api') return false
      outgoing.end('api')
      return true
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    assert.equal(await (await fetch(`${base}/healthz`)).text(), 'ok\n')
    assert.deepEqual(await (await fetch(`${base}/readyz`)).json(), {
      ready: true,
      reasons: [],
      notes: ['RULES_LAST_GOOD'],
      bundle: 'b',
    })
    reasons = ['AUDIT_UNAVAILABLE']
    assert.equal((await fetch(`${base}/readyz?x`)).status, 503)
    assert.equal((await fetch(`${base}/metrics`)).status, 500)
    assert.equal((await fetch(`${base}/healthz`, { method: 'POST' })).status, 405)
    assert.equal(await (await fetch(`${base}/api`)).text(), 'api')
    assert.equal((await fetch(`${base}/other`)).status, 404)
  } finally {
    server.close()
    server.closeAllConnections()
  }
})
