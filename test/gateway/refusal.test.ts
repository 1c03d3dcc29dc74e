import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CODES, type Code, publicRow } from '../../src/base/errors.ts'
import { type Dialect, echoedControlId, type Refusal, renderRefusal } from '../../src/gateway/refusal.ts'

const refusal = (code: Code, more: Partial<Refusal> = {}): Refusal => ({
  code,
  callId: '019aa0b1-0000-7000-8000-000000000001',
  dialect: 'problem',
  hints: {},
  hl7Status: 'code',
  controlId: '',
  now: Date.UTC(2026, 10, 21, 1, 2, 3),
  ...more,
})

test('every code has an answer in every format, of its own row and nothing else', () => {
  for (const code of Object.keys(CODES) as Code[])
    for (const dialect of ['problem', 'fhir', 'hl7'] satisfies Dialect[]) {
      const { status, headers, body } = renderRefusal(refusal(code, { dialect }))
      const row = publicRow(code)
      assert.equal(status, row.status)
      assert.equal(headers['content-length'], String(body.length))
      assert.equal(headers['cache-control'], 'no-store')
      assert.ok(body.toString().includes(row.code), `${code} ${dialect}`)
      // the sentences of the table stand in HL7 fields as they are
      if (dialect === 'hl7') assert.ok(!/[\\&~|^]/.test(row.en + row.zh), code)
      assert.equal(headers['retry-after'] !== undefined, row.status === 503)
      assert.equal(headers['www-authenticate'] !== undefined, row.status === 401)
    }
})

test('problem+json has the fields of RFC 9457 and both languages', () => {
  const body = JSON.parse(renderRefusal(refusal('UPSTREAM_DOWN')).body.toString())
  assert.deepEqual(Object.keys(body), [
    'type',
    'title',
    'status',
    'instance',
    'code',
    'messageZh',
    'messageEn',
    'retryable',
  ])
  assert.equal(body.retryable, true)
  assert.equal(body.instance, 'urn:uuid:019aa0b1-0000-7000-8000-000000000001')
})

test('the wire knows two codes of tokens', () => {
  assert.equal(renderRefusal(refusal('TOKEN_MISSING')).headers['www-authenticate'], 'Bearer')
  const bodies = new Set(
    (['TOKEN_EXPIRED', 'TOKEN_CERT_MISMATCH', 'TOKEN_ALG_REJECTED'] as const).map((code) =>
      renderRefusal(refusal(code)).body.toString(),
    ),
  )
  assert.equal(bodies.size, 1)
})

test('405 names the methods, 503 the seconds', () => {
  assert.equal(
    renderRefusal(refusal('METHOD_NOT_ALLOWED', { hints: { allow: ['GET', 'HEAD'] } })).headers['allow'],
    'GET, HEAD',
  )
  assert.equal(renderRefusal(refusal('OVERLOADED', { hints: { retryAfter: 7 } })).headers['retry-after'], '7')
})

test('HL7: AE may succeed later, AR will not; `ok` answers 200', () => {
  const ack = (code: Code, more: Partial<Refusal> = {}) =>
    renderRefusal(refusal(code, { dialect: 'hl7', controlId: 'MSG1', ...more }))
  assert.equal(
    ack('UPSTREAM_DOWN').body.toString(),
    'MSH|^~\\&|VEILGATE||||20261121010203+0000||ACK|70008000000000000001|P|2.5.1|||||||UNICODE UTF-8\rMSA|AE|MSG1\rERR|||207^Application internal error^HL70357|E|UPSTREAM_DOWN^The provider system cannot be reached; try later.|||上游不可达\r',
  )
  assert.match(ack('PAYLOAD_INVALID').body.toString(), /\rMSA\|AR\|MSG1\r/)
  assert.equal(ack('PAYLOAD_INVALID').status, 422)
  assert.equal(ack('PAYLOAD_INVALID', { hl7Status: 'ok' }).status, 200)
})

test('the control id is echoed only when it is short, plain and no identifier', () => {
  const echo = (text: string) => echoedControlId(Buffer.from(text), (id) => /^1\d{10}$/.test(id))
  assert.equal(echo('MSH|^~\\&|A|B|C|D|20261121||ORU^R01|MSG-1.a|P|2.5\rPID|'), 'MSG-1.a')
  assert.equal(echo('MSH#*~!%#A#B#C#D#2026##ADT*A01#ID7#P#2.5\r'), 'ID7')
  assert.equal(echo(`MSH|^~\\&|A|B|C|D|||ADT|${'x'.repeat(21)}|P`), '')
  assert.equal(echo('MSH|^~\\&|A|B|C|D|||ADT|13800138000|P'), '')
  assert.equal(echo('MSH|^~\\&|A|B|C|D|||ADT|张三|P'), '')
  assert.equal(echo('{"MSH":1}'), '')
  assert.equal(
    echoedControlId(null, () => false),
    '',
  )
})
