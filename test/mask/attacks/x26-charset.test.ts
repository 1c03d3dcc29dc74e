/** X26: a payload that is not in the encoding it claims, or in none, is refused whole; nothing is guessed into being harmless. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import iconv from 'iconv-lite'
import { isGatewayError } from '../../../src/base/errors.ts'
import { maskBytes, planFor } from './fixture.ts'

function codeOf(format: 'json' | 'fhir' | 'hl7v2', body: Buffer): string {
  try {
    return maskBytes(planFor('consult', format), body).body.toString()
  } catch (error) {
    if (!isGatewayError(error)) throw error
    assert.ok(!JSON.stringify(error).includes('张三'), 'no byte of it in the error')
    return error.code
  }
}

const PATIENT = '{"brxm":"张三","lxdh":"13812345678"}'
const REFUSED = /^(?:PAYLOAD_UNPARSEABLE|PAYLOAD_INVALID|UNSUPPORTED_CHARSET)$/

describe('X26: charset lies', () => {
  const bodies: Readonly<Record<string, Buffer>> = {
    'GB18030 called JSON': iconv.encode(PATIENT, 'gb18030'),
    'UTF-16 with its mark': iconv.encode(PATIENT, 'utf16le', { addBOM: true }),
    'UTF-16 without': iconv.encode(PATIENT, 'utf16be'),
    'UTF-7': Buffer.from('{+ACI-brxm+ACI-:+ACI-13812345678+ACI-}'),
    'a bad byte inside a name': Buffer.concat([Buffer.from('{"brxm":"张'), Buffer.of(0xff), Buffer.from('三"}')]),
    'an overlong form': Buffer.concat([Buffer.from('{"brxm":"'), Buffer.of(0xc0, 0xaf), Buffer.from('"}')]),
    'a surrogate in UTF-8': Buffer.concat([Buffer.from('{"brxm":"'), Buffer.of(0xed, 0xa0, 0x80), Buffer.from('"}')]),
    'a name cut in the middle of a sign': Buffer.from(PATIENT).subarray(0, 11),
  }
  for (const [name, body] of Object.entries(bodies))
    it(name, () => {
      assert.match(codeOf('json', body), REFUSED)
      assert.match(codeOf('fhir', body), REFUSED)
    })

  it('HL7 v2: a charset named and not kept to', () => {
    const message = (charset: string, name: string): string =>
      `MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|P|2.5||||||${charset}\rPID|1||||${name}\r`
    assert.match(codeOf('hl7v2', Buffer.from(message('GBK', '张|三'))), REFUSED, 'UTF-8 called GBK')
    assert.match(codeOf('hl7v2', iconv.encode(message('UNICODE UTF-8', '张三瑋'), 'gbk')), REFUSED, 'GBK called UTF-8')
    assert.match(codeOf('hl7v2', iconv.encode(message('', '张三'), 'utf16le', { addBOM: true })), REFUSED)
  })

  it('a lone surrogate that is escaped is masked like any text', () => {
    const out = codeOf('json', Buffer.from('{"lxdh":"\\ud83d13812345678"}'))
    assert.ok(!out.includes('13812345678'), out)
  })
})
