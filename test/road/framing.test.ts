/** X16, X17, X21: requests that two servers could read differently get one coded answer and the connection ends; none reaches the upstream. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { askRaw } from '../fixtures/road.ts'
import { json, type Scene, startScene } from '../fixtures/scene.ts'

const SMUGGLED = 'GET /teaching/records/smuggled HTTP/1.1\r\nhost: x\r\n\r\n'

/** What is told of those that are not ambiguous in their length. */
const MALFORMED = '400 MALFORMED_REQUEST'
const UPGRADE = '400 UPGRADE_REFUSED'
const OTHERWISE: Readonly<Record<string, string>> = {
  'a blank before the colon': MALFORMED,
  'a control character in the coding': MALFORMED,
  'a folded line': MALFORMED,
  'a bare LF': MALFORMED,
  'NUL in a field': MALFORMED,
  'a field without a name': MALFORMED,
  'two Host fields': MALFORMED,
  'another Host': '400 BAD_HOST',
  'no Host': '400 BAD_HOST',
  'absolute form': MALFORMED,
  CONNECT: UPGRADE,
  'Upgrade: h2c': UPGRADE,
  'Upgrade: websocket': UPGRADE,
  'the HTTP/2 preface': UPGRADE,
  'HTTP/0.9': '400 BAD_HOST',
  'another version': MALFORMED,
  TRACE: '405 METHOD_NOT_ALLOWED',
  'an unknown method': MALFORMED,
  '101 fields': '431 HEADERS_TOO_LARGE',
  'a header section over 16 KiB': '431 HEADERS_TOO_LARGE',
  'a target over the limit': '414 URI_TOO_LONG',
  'another expectation': '417 EXPECTATION_FAILED',
}

describe('X16, X17, X21: framing', () => {
  let scene: Scene
  let auth: string
  before(async () => {
    scene = await startScene({ limits: { headersMs: 500 } })
    scene.answer = json('{"brxm":"张三"}')
    auth = `Authorization: Bearer ${await scene.token()}\r\n`
  })
  after(() => scene.close())

  const post = (fields: string, body: string, version = '1.1') =>
    `POST /teaching/records HTTP/${version}\r\nHost: gateway.test\r\n${auth}Content-Type: application/json\r\n${fields}\r\n${body}`

  const refused: readonly (readonly [name: string, bytes: () => string])[] = [
    [
      'Content-Length and Transfer-Encoding',
      () => post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${SMUGGLED}`),
    ],
    [
      'Transfer-Encoding and Content-Length',
      () => post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `0\r\n\r\n${SMUGGLED}`),
    ],
    ['two lengths', () => post('Content-Length: 2\r\nContent-Length: 50\r\n', `{}${SMUGGLED}`)],
    ['two equal lengths', () => post('Content-Length: 2\r\nContent-Length: 2\r\n', `{}${SMUGGLED}`)],
    ['a list of lengths', () => post('Content-Length: 2, 2\r\n', `{}${SMUGGLED}`)],
    ['a signed length', () => post('Content-Length: +2\r\n', `{}${SMUGGLED}`)],
    ['a length in hexadecimal', () => post('Content-Length: 0x2\r\n', `{}${SMUGGLED}`)],
    ['a negative length', () => post('Content-Length: -1\r\n', SMUGGLED)],
    ['an empty length', () => post('Content-Length: \r\n', SMUGGLED)],
    ['a blank before the colon', () => post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${SMUGGLED}`)],
    ['another coding', () => post('Transfer-Encoding: gzip\r\n', `0\r\n\r\n${SMUGGLED}`)],
    ['two codings', () => post('Transfer-Encoding: gzip, chunked\r\n', `0\r\n\r\n${SMUGGLED}`)],
    ['chunked twice', () => post('Transfer-Encoding: chunked, chunked\r\n', `0\r\n\r\n${SMUGGLED}`)],
    [
      'chunked in two fields',
      () => post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', `0\r\n\r\n${SMUGGLED}`),
    ],
    ['chunked not last', () => post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${SMUGGLED}`)],
    ['a control character in the coding', () => post('Transfer-Encoding: \x0bchunked\r\n', `0\r\n\r\n${SMUGGLED}`)],
    ['a folded line', () => post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${SMUGGLED}`)],
    ['a bare LF', () => `POST /teaching/records HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}${SMUGGLED}`],
    ['a bare CR in a field', () => post('X-A: b\rContent-Length: 50\r\n', SMUGGLED)],
    ['NUL in a field', () => post('X-A: b\0c\r\nContent-Length: 2\r\n', '{}')],
    ['a field without a name', () => post(': b\r\nContent-Length: 2\r\n', '{}')],
    [
      'a chunk size that is no number',
      () => post('Transfer-Encoding: chunked\r\n', `zz\r\n{}\r\n0\r\n\r\n${SMUGGLED}`),
    ],
    ['a chunk longer than it says', () => post('Transfer-Encoding: chunked\r\n', `1\r\n{}\r\n0\r\n\r\n${SMUGGLED}`)],
    ['a chunk size with a bare LF', () => post('Transfer-Encoding: chunked\r\n', `2\n{}\r\n0\r\n\r\n${SMUGGLED}`)],
    ['two Host fields', () => `GET /teaching/records/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n${auth}\r\n`],
    ['another Host', () => `GET /teaching/records/1 HTTP/1.1\r\nHost: other\r\n${auth}\r\n`],
    ['no Host', () => `GET /teaching/records/1 HTTP/1.1\r\n${auth}\r\n`],
    ['absolute form', () => `GET http://other/teaching/records/1 HTTP/1.1\r\nHost: other\r\n${auth}\r\n`],
    ['CONNECT', () => `CONNECT other:443 HTTP/1.1\r\nHost: other\r\n${auth}\r\n`],
    [
      'Upgrade: h2c',
      () =>
        `GET /teaching/records/1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n${auth}\r\n`,
    ],
    [
      'Upgrade: websocket',
      () => `GET /teaching/records/1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${auth}\r\n`,
    ],
    ['the HTTP/2 preface', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', () => 'GET /teaching/records/1\r\n\r\n'],
    ['another version', () => `GET /teaching/records/1 HTTP/1.2\r\nHost: x\r\n${auth}\r\n`],
    ['TRACE', () => `TRACE /teaching/records/1 HTTP/1.1\r\nHost: x\r\n${auth}\r\n`],
    ['an unknown method', () => `STEAL /teaching/records/1 HTTP/1.1\r\nHost: x\r\n${auth}\r\n`],
    [
      '101 fields',
      () =>
        `GET /teaching/records/1 HTTP/1.1\r\nHost: x\r\n${auth}${Array.from({ length: 101 }, (_, i) => `x-${i}: 1\r\n`).join('')}\r\n`,
    ],
    [
      'a header section over 16 KiB',
      () => `GET /teaching/records/1 HTTP/1.1\r\nHost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n${auth}\r\n`,
    ],
    ['a target over the limit', () => `GET /teaching/records/${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n${auth}\r\n`],
    ['another expectation', () => post('Expect: 200-ok\r\nContent-Length: 2\r\n', '{}')],
  ]
  for (const [name, bytes] of refused) {
    test(name, async () => {
      const before = scene.upstream.requests.length
      const { text } = await askRaw(scene.road, bytes())
      const told = `${/^HTTP\/1\.1 (\d+) /.exec(text)?.[1]} ${/"code":"([A-Z_]+)"/.exec(text)?.[1]}`
      assert.equal(told, OTHERWISE[name] ?? '400 AMBIGUOUS_FRAMING')
      assert.equal(scene.upstream.requests.length, before)
      assert.ok(!text.includes('张三'))
    })
  }

  test('header fields that never end: 408', async () => {
    const { text, closed } = await askRaw(scene.road, 'GET /teaching/records/1 HTTP/1.1\r\nHost: x\r\nx-a: ', 3000)
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.match(text, /REQUEST_TIMEOUT/)
    assert.ok(closed)
  })

  test('a request is framed anew: what went upstream is one request, with our own fields', async () => {
    const body = '{"brxm":"王五"}'
    const chunks = `${Buffer.byteLength(body).toString(16)};ext=1\r\n${body}\r\n0\r\nX-Trailer: 1\r\n\r\n`
    const { text } = await askRaw(
      scene.road,
      post(
        'Transfer-Encoding: chunked\r\nTrailer: X-Trailer\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: x-hop\r\nX-Hop: 1\r\nVeilgate-Institution: teaching\r\nVeilgate-Role: doctor\r\nVeilgate-Call-Id: forged\r\nCookie: a=b\r\nX-HTTP-Method-Override: DELETE\r\nRange: bytes=0-1\r\nIf-None-Match: x\r\n',
        chunks,
      ),
    )
    assert.match(text, /^HTTP\/1\.1 200 /)
    const seen = scene.upstream.requests.at(-1)!
    assert.deepEqual(Object.keys(seen.headers).sort(), [
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'veilgate-call-id',
      'veilgate-institution',
      'veilgate-role',
      'veilgate-scenario',
    ])
    assert.equal(seen.headers['veilgate-institution'], 'county')
    assert.notEqual(seen.headers['veilgate-call-id'], 'forged')
    assert.equal(seen.body.toString(), body)
  })

  test('pipelined requests are answered in order', async () => {
    const one = `GET /teaching/records/1 HTTP/1.1\r\nHost: x\r\n${auth}\r\n`
    const { text } = await askRaw(scene.road, one + one + one)
    assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, 3)
  })
})
