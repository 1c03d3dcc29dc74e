import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { accepts, checkHead, parseMediaType, single, upstreamHeaders } from '../../src/gateway/headers.ts'

const incoming = (raw: readonly string[], url = '/x', method = 'GET') => {
  const headers: Record<string, string> = {}
  for (let i = 0; i < raw.length; i += 2) headers[raw[i]!.toLowerCase()] ??= raw[i + 1]!
  return { url, method, headers, rawHeaders: raw } as unknown as IncomingMessage
}

test('heads that hold for no path are refused', () => {
  checkHead(incoming(['Host', 'a', 'X-Long-Name-Of-Some-Field', '1', 'Cookie', 'a', 'Cookie', 'b']))
  checkHead(incoming(['Host', 'a'], '*', 'OPTIONS'))
  const refused: [string, readonly string[], string?][] = [
    ['BAD_HOST', []],
    ['BAD_HOST', ['Host', '']],
    ['UPGRADE_REFUSED', ['Host', 'a', 'Upgrade', 'h2c']],
    ['AMBIGUOUS_FRAMING', ['Host', 'a', 'Transfer-Encoding', 'gzip']],
    ['MALFORMED_REQUEST', ['Host', 'a', 'hOST', 'b']],
    ['MALFORMED_REQUEST', ['Host', 'a', 'Content-Type', 'a/b', 'content-type', 'a/b']],
    ['MALFORMED_REQUEST', ['Host', 'a', 'Veilgate-Role', 'doctor', 'veilgate-role', 'admin']],
    ['MALFORMED_REQUEST', ['Host', 'a'], 'http://b/x'],
    ['MALFORMED_REQUEST', ['Host', 'a'], '*'],
    ['URI_TOO_LONG', ['Host', 'a'], `/${'a'.repeat(9000)}`],
    ['HEADERS_TOO_LARGE', ['Host', 'a', ...Array.from({ length: 200 }, (_, i) => `x${i}`)]],
  ]
  for (const [code, raw, url] of refused) assert.throws(() => checkHead(incoming(raw, url)), { code }, `${code} ${raw}`)
})

test("what goes upstream is listed; identity is the gateway's word", () => {
  const sent = incoming([
    'Host',
    'x',
    'Veilgate-Institution',
    'forged',
    'Idempotency-Key',
    'k-1',
    'Cookie',
    'a=b',
    'Accept',
    'text/html',
  ])
  const fixed = {
    host: 'u:1',
    accept: 'application/json',
    contentType: 'application/json',
    credential: { header: 'authorization', value: 'Basic x' },
  }
  assert.deepEqual(
    upstreamHeaders(sent, { callId: 'id', institution: 'county', role: 'doctor', scenario: null }, fixed),
    {
      host: 'u:1',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'veilgate-call-id': 'id',
      'veilgate-institution': 'county',
      'veilgate-role': 'doctor',
      'content-type': 'application/json',
      authorization: 'Basic x',
      'idempotency-key': 'k-1',
    },
  )
  for (const key of ['a b', 'x'.repeat(129), '张三', ''])
    assert.throws(
      () =>
        upstreamHeaders(
          incoming(['Idempotency-Key', key]),
          { callId: 'i', institution: 'a', role: 'b', scenario: 's' },
          fixed,
        ),
      { code: 'MALFORMED_REQUEST' },
    )
})

test('media types', () => {
  assert.deepEqual(parseMediaType('Application/JSON; charset="UTF-8"'), { name: 'application/json', charset: 'utf-8' })
  assert.deepEqual(parseMediaType('application/fhir+json;x=1'), { name: 'application/fhir+json', charset: null })
  for (const wrong of ['', 'json', 'a/b/c', 'a/b, c/d', 'a/b; charset=x; charset=y', 'a/ b'])
    assert.equal(parseMediaType(wrong), null, wrong)
  assert.equal(single({ a: ['1', '2'], b: '3' }, 'a'), undefined)
  assert.equal(single({ a: ['1', '2'], b: '3' }, 'b'), '3')
})

test('Accept', () => {
  const types = new Set(['application/fhir+json', 'application/json'])
  for (const yes of [
    undefined,
    '*/*',
    'application/json',
    'text/html, application/*;q=0.1',
    'APPLICATION/FHIR+JSON; fhirVersion=4.0',
  ])
    assert.equal(accepts(yes, types), true, yes)
  for (const no of ['text/html', 'application/fhir+xml', 'application/json;q=0', ''])
    assert.equal(accepts(no, types), false, no)
})
