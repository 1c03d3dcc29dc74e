import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { Payload } from '../../../src/cli/mask/payload.ts'

const MIB = 1024 * 1024

async function all(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const got: Buffer[] = []
  for await (const chunk of chunks) got.push(chunk)
  return Buffer.concat(got)
}

describe('the payload of a command', () => {
  it('gives everything once, whatever its head took', async () => {
    const text = `${'x'.repeat(100_000)}\n${'y'.repeat(100_000)}`
    const pieces = (): Readable =>
      Readable.from([text.slice(0, 70_000), text.slice(70_000, 150_000), text.slice(150_000)])
    const whole = new Payload(pieces(), MIB)
    assert.equal((await whole.head()).length, 150_000, 'up to the end of the first line')
    assert.equal((await whole.whole()).toString(), text)
    const streamed = new Payload(pieces(), MIB)
    await streamed.head()
    assert.equal((await all(streamed.chunks())).toString(), text)
    assert.equal((await all(new Payload(pieces(), MIB).chunks())).toString(), text)
  })

  it('reads no more of HL7 v2 than a format is guessed from', async () => {
    let read = 0
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        read++
        yield Buffer.from(`MSH|^~\\&|${'x'.repeat(65_536)}\r`)
      }
    }
    await new Payload(endless(), MIB).head()
    assert.equal(read, 1)
  })

  it('refuses a whole payload over its bound, and a head that finds no end within it', async () => {
    const large = (): Readable => Readable.from([Buffer.alloc(MIB, 0x7b), Buffer.alloc(MIB, 0x7b)])
    await assert.rejects(new Payload(large(), MIB).whole(), { code: 'BODY_TOO_LARGE' })
    await assert.rejects(new Payload(large(), MIB).head(), { code: 'BODY_TOO_LARGE' })
    assert.equal((await all(new Payload(large(), MIB).chunks())).length, 2 * MIB, 'records have bounds of their own')
  })
})
