import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recordsOf } from '../../../src/cli/mask/records.ts'

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function cut(format: 'ndjson' | 'hl7v2', text: string, size: number, max = 1000): Promise<string[]> {
  const records: string[] = []
  for await (const record of recordsOf(format, inPieces(text, size), max)!) records.push(record.toString())
  return records
}

describe('records of a payload that comes in pieces', () => {
  const lines = ['{"a":1}\n', '\n', '{"b":"两"}\r\n', '{"c":3}']
  const messages = ['MSH|^~\\&|A\rPID|1\r', 'MSH|^~\\&|B\r\n', 'MSH|C\rNTE|1||MSH in text\rOBX|1|MSH\r']

  it('are the same wherever the pieces are cut', async () => {
    for (let size = 1; size < 40; size++) {
      assert.deepEqual(await cut('ndjson', lines.join(''), size), lines, `${size}`)
      assert.deepEqual(await cut('hl7v2', messages.join(''), size), messages, `${size}`)
    }
  })

  it('are none of an empty payload, and one of a single line', async () => {
    assert.deepEqual(await cut('ndjson', '', 1), [])
    for (const text of ['{}', '{}\n', 'x']) assert.deepEqual(await cut('ndjson', text, 1), [text])
  })

  it('may be many times as large as a piece, and not a byte larger than allowed', async () => {
    const large = `${'x'.repeat(999)}\n`
    assert.deepEqual(await cut('ndjson', `${large}${large}`, 7), [large, large])
    await assert.rejects(cut('ndjson', `{}\n${'x'.repeat(1000)}\n`, 7), { code: 'BODY_TOO_LARGE' })
    // also of a line that never ends
    await assert.rejects(cut('ndjson', 'x'.repeat(5000), 7), { code: 'BODY_TOO_LARGE' })
  })

  it('do not exist in JSON', () => assert.equal(recordsOf('json', inPieces('{}', 1), 10), null))
})
