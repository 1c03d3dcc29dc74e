/** Request bodies, the passing road, formats of refusals, header fields of answers. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import zlib from 'node:zlib'
import { ask, askRaw, eventually } from '../fixtures/road.ts'
import { json, type Scene, startScene } from '../fixtures/scene.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

describe('bodies', () => {
  let scene: Scene
  before(async () => void (scene = await startScene({ maxDepth: 64 })))
  after(() => scene.close())
  const push = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
    scene.ask({ method: 'POST', path: '/teaching/records', body, headers })

  test('a response is masked per role, and what no rule touches keeps its bytes', async () => {
    scene.answer = json('{ "brxm": "张三",\n "sfzh": "500103199003070025", "zyh":"ZY1", "x": 1.10 }')
    const doctor = await scene.ask()
    assert.equal(doctor.json['brxm'], '张三')
    assert.ok(!doctor.text.includes('500103199003070025'))
    assert.match(doctor.text, /^\{ "brxm": "张三",\n "sfzh": "/)
    const researcher = await scene.ask({ role: 'researcher' })
    assert.match(String(researcher.json['zyh']), /^P[A-Z2-7]{19}$/)
    assert.equal(researcher.json['sfzh'], '***')
    assert.ok(!researcher.text.includes('张三'))
    assert.match(String(researcher.headers['veilgate-receipt']), /^sha256:/)
    assert.equal(researcher.headers['content-length'], String(researcher.body.length))
  })

  test("X22: nothing of the upstream's head leaves but the media type", async () => {
    scene.answer = json('{"brxm":"张三"}', {
      'content-type': 'application/json; charset=UTF-8; x=张'.replace('张', 'a'),
      server: 'HIS/1',
      etag: '"a"',
      'last-modified': 'x',
      'set-cookie': 'a=b',
      link: '<x>',
      'x-patient-name': 'zhang',
      'content-disposition': 'attachment',
      via: 'x',
      age: '1',
      'cache-control': 'public',
    })
    const told = await scene.ask({ headers: { 'want-content-digest': 'sha-512=1, sha-256=9' } })
    const names = told.rawHeaders.filter((_, i) => i % 2 === 0).map((n) => n.toLowerCase())
    assert.deepEqual(names.sort(), [
      'cache-control',
      'connection',
      'content-digest',
      'content-length',
      'content-type',
      'date',
      'veilgate-call-id',
      'veilgate-receipt',
    ])
    assert.equal(told.headers['cache-control'], 'no-store')
    assert.equal(told.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(told.headers['content-digest'], `sha-256=:${createHash('sha256').update(told.body).digest('base64')}:`)
  })

  test('X18: HEAD is GET without a body; OPTIONS is answered here', async () => {
    const head = await scene.ask({ method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(head.body.length, 0)
    assert.equal(scene.upstream.requests.at(-1)!.method, 'HEAD')
    const before = scene.upstream.requests.length
    const options = await scene.ask({ method: 'OPTIONS', token: null, path: '*' })
    assert.equal(options.status, 204)
    assert.match(String(options.headers['allow']), /GET, HEAD/)
    assert.equal(scene.upstream.requests.length, before)
  })

  test('a request is masked for its receiver, and goes up whole', async () => {
    scene.answer = json('{"ok":1}')
    const told = await scene.ask({
      method: 'POST',
      path: '/teaching/shares',
      headers: { ...JSON_TYPE, 'idempotency-key': 'k-1' },
      body: '{"brxm":"欧阳锋","sfzh":"500103199003070025","note":"x"}',
    })
    assert.equal(told.status, 200)
    const seen = scene.upstream.requests.at(-1)!
    assert.ok(!seen.body.toString().includes('欧阳锋'))
    assert.ok(!seen.body.toString().includes('500103199003070025'))
    assert.equal(seen.headers['content-length'], String(seen.body.length))
    assert.equal(seen.headers['idempotency-key'], 'k-1')
    await eventually(() => scene.road.journal.records.at(-1)?.requestMasking !== null)
  })

  test('X24, X25: coded requests are decoded; unknown, swelling, corrupt and oversized ones are refused', async () => {
    scene.answer = json('{"ok":1}')
    assert.equal(
      (await push(zlib.gzipSync('{"brxm":"王五"}'), { ...JSON_TYPE, 'content-encoding': 'gzip' })).status,
      200,
    )
    assert.equal(scene.upstream.requests.at(-1)!.body.toString(), '{"brxm":"王五"}')
    const before = scene.upstream.requests.length
    const rows: [string, string | Buffer, Record<string, string>, number, string][] = [
      ['unknown coding', '{}', { 'content-encoding': 'compress' }, 415, 'UNSUPPORTED_ENCODING'],
      ['bomb', zlib.gzipSync(Buffer.alloc(8 << 20)), { 'content-encoding': 'gzip' }, 413, 'DECOMPRESSED_TOO_LARGE'],
      ['corrupt', Buffer.from('nothing'), { 'content-encoding': 'gzip' }, 422, 'PAYLOAD_UNPARSEABLE'],
      ['too large', Buffer.alloc(65 * 1024, 32), {}, 413, 'BODY_TOO_LARGE'],
      ['too large, chunked', Buffer.alloc(65 * 1024, 32), { 'transfer-encoding': 'chunked' }, 413, 'BODY_TOO_LARGE'],
      ['another type', '{}', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['multipart', '{}', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['unparseable', '{"a":', {}, 422, 'PAYLOAD_UNPARSEABLE'],
      ['too deep', '['.repeat(100) + ']'.repeat(100), {}, 422, 'PAYLOAD_TOO_DEEP'],
      ['a masked value written back (X40)', '{"brxm":"张**"}', {}, 422, 'MASKED_VALUE_WRITTEN'],
    ]
    for (const [name, body, headers, status, code] of rows) {
      const told = await push(body, { ...JSON_TYPE, ...headers })
      assert.equal(told.json['code'], code, name)
      assert.equal(told.status, status, name)
    }
    assert.equal(scene.upstream.requests.length, before)
    await eventually(() => scene.road.budget.used === 0)
  })

  test('X64: behind another gateway a masked value is written as it came', async () => {
    scene.answer = json('{"ok":1}')
    const body = '{"brxm":"张**","sfzh":"5***************25"}'
    const told = await scene.ask({ method: 'POST', path: '/teaching/chained', headers: JSON_TYPE, body })
    assert.equal(told.status, 200)
    assert.equal(scene.upstream.requests.at(-1)!.body.toString(), body)
  })

  test('X50: a body where none is declared, a foreign Accept, an undeclared parameter', async () => {
    const body = await scene.ask({ method: 'GET', body: '{}', headers: JSON_TYPE })
    assert.equal(body.json['code'], 'MALFORMED_REQUEST')
    assert.equal((await scene.ask({ headers: { accept: 'application/fhir+xml' } })).json['code'], 'NOT_ACCEPTABLE')
    assert.equal((await scene.ask({ headers: { accept: 'text/html;q=0.9, application/*;q=0.8' } })).status, 200)
    assert.equal((await scene.ask({ path: '/teaching/records/1?x=1' })).json['code'], 'PARAMETER_SCHEMA')
    assert.equal((await scene.ask({ path: '/teaching/records?no=12' })).status, 200)
    assert.equal(scene.upstream.requests.at(-1)!.url, '/api?no=12')
  })

  test('Expect: 100-continue is answered after authorize, and not before', async () => {
    const head = `POST /teaching/records HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n`
    const refused = await askRaw(scene.road, `${head}\r\n`)
    assert.match(refused.text, /^HTTP\/1\.1 401 /)
    const invited = await askRaw(scene.road, `${head}Authorization: Bearer ${await scene.token()}\r\n\r\n`)
    assert.match(invited.text, /^HTTP\/1\.1 100 Continue/)
  })

  test('X21: a body that comes too slowly: 408, and nothing goes up', async () => {
    const before = scene.upstream.requests.length
    const { text } = await askRaw(
      scene.road,
      `POST /teaching/records HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\nAuthorization: Bearer ${await scene.token()}\r\n\r\n{"a`,
      2900,
    )
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.equal(scene.upstream.requests.length, before)
  })

  test("refusals speak the caller's format", async () => {
    scene.answer = (_s, _i, outgoing) => void outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
    const fhir = await scene.ask({ path: '/teaching/fhir/Patient/1' })
    assert.equal(fhir.json['resourceType'], 'OperationOutcome')
    assert.match(String(fhir.headers['content-type']), /^application\/fhir\+json/)
    const message = (id: string) => `MSH|^~\\&|LIS|T|HIS|C|20261121||ORU^R01|${id}|P|2.5.1\rPID|||1||王^五\r`
    const hl7 = (path: string, id: string) =>
      scene.ask({ method: 'POST', path, body: message(id), headers: { 'content-type': 'application/hl7-v2' } })
    const told = await hl7('/teaching/hl7', 'MSG00001')
    assert.equal(told.status, 502)
    assert.match(told.text, /^MSH\|\^~\\&\|VEILGATE\|.*\rMSA\|AR\|MSG00001\rERR\|.*UPSTREAM_UNMASKABLE/)
    const ok = await hl7('/teaching/hl7-ok', 'MSG00002')
    assert.equal(ok.status, 200)
    assert.match(ok.text, /MSA\|AR\|MSG00002/)
    // an identifier in the control id, and one that is too long, are not echoed
    assert.match((await hl7('/teaching/hl7', '13800138000')).text, /\rMSA\|AR\|\r/)
    assert.match((await hl7('/teaching/hl7', 'A'.repeat(21))).text, /\rMSA\|AR\|\r/)
    // without permission: as for every path
    assert.equal(
      (await ask(scene.road, { path: '/teaching/hl7', method: 'POST', token: null })).json['code'],
      'TOKEN_MISSING',
    )
  })
})

describe('the passing road', () => {
  let scene: Scene
  before(async () => void (scene = await startScene()))
  after(() => scene.close())

  test('a plan without obligations passes bytes on as they come and counts the rows beside', async () => {
    const body = '{ "a" : 1.10 , "a": "x" }'
    scene.answer = json(body, { etag: 'x' })
    const told = await scene.ask({ role: 'auditor' })
    assert.equal(told.status, 200)
    assert.equal(told.text, body)
    assert.equal(told.headers['etag'], undefined)
    assert.equal(told.headers['veilgate-receipt'], undefined)
    await eventually(() => scene.road.journal.records.length === 1)
    const record = scene.road.journal.records[0]!
    assert.equal(record.rows, 1)
    assert.equal(record.bytesOut, body.length)
    scene.answer = json('not json at all')
    assert.equal((await scene.ask({ role: 'auditor' })).text, 'not json at all')
    await eventually(() => scene.road.journal.records.length === 2)
    assert.equal(scene.road.journal.records[1]!.rows, null)
  })

  test('a coded answer passes decoded', async () => {
    scene.answer = json(zlib.gzipSync('{"a":1}'), { 'content-encoding': 'gzip' })
    const told = await scene.ask({ role: 'auditor' })
    assert.equal(told.text, '{"a":1}')
    assert.equal(told.headers['content-encoding'], undefined)
  })

  test('masking: none passes files, and withholds records in disguise (X23)', async () => {
    const image = (bytes: Buffer | string, type = 'image/png') =>
      json(bytes, {
        'content-type': type,
        'content-disposition': 'attachment; filename="张三.png"'.replace('张三', 'a'),
      })
    const png = Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      Buffer.alloc(100_000, 7),
    ])
    const get = () => scene.ask({ path: '/teaching/images/1' })
    scene.answer = image(png)
    const told = await get()
    assert.equal(told.status, 200)
    assert.ok(told.body.equals(png))
    assert.equal(told.headers['content-disposition'], undefined)
    for (const disguised of [
      '{"brxm":"张三"}',
      ' [1]',
      '<ClinicalDocument/>',
      'MSH|^~\\&|LIS|',
      '\x0bMSH|^~\\&|',
      'xm,sfzh\n张三,500103199003070025\n',
      Buffer.from('{"a":1}', 'utf16le'),
    ]) {
      scene.answer = image(disguised, 'application/octet-stream')
      const withheld = await get()
      assert.equal(withheld.json['code'], 'UPSTREAM_UNMASKABLE', String(disguised))
    }
    scene.answer = image('%PDF-1.7\n%\u00e2\u00e3\n'.concat('x'.repeat(10)), 'text/html')
    assert.equal((await get()).json['code'], 'UPSTREAM_UNMASKABLE')
    await eventually(() => scene.road.journal.records.at(-1)!.interface === 'file.image')
    assert.ok(scene.road.journal.records.filter((r) => r.interface === 'file.image').every((r) => r.uncontrolled))
  })

  test('an answer that breaks off after its head resets the caller, never ends cleanly', async () => {
    scene.answer = (_s, _i, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' })
      outgoing.write('{"a":')
      setTimeout(() => outgoing.destroy(), 30)
    }
    await assert.rejects(scene.ask({ role: 'auditor' }))
    await eventually(() => scene.road.journal.records.at(-1)?.outcome === 'cut')
    assert.equal(scene.road.journal.records.at(-1)!.code, 'UPSTREAM_INVALID')
  })

  test('failures before the head are coded answers', async () => {
    scene.answer = (_s, _i, outgoing) => void outgoing.socket?.destroy()
    const told = await scene.ask({ role: 'auditor' })
    assert.equal(told.json['code'], 'UPSTREAM_INVALID')
    scene.answer = json('{}', {}, 206)
    assert.equal((await scene.ask({ role: 'auditor' })).json['code'], 'UPSTREAM_UNMASKABLE')
  })
})
