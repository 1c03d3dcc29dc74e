import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import zlib from 'node:zlib'
import type { Code } from '../../src/base/errors.ts'
import { type Coding, codings, decode, decodedBound } from '../../src/gateway/decode.ts'

const LIMITS = { maxBytes: 8 << 20, maxRatio: 200 }
const PLAIN = Buffer.from('{"brxm":"张三"}'.repeat(50))
const PACKED: readonly (readonly [Coding, (bytes: Buffer) => Buffer])[] = [
  ['gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
  ['zstd', zlib.zstdCompressSync],
]

const refused = (code: Code, work: Promise<unknown>) => assert.rejects(work, { code })

test('the field names codings in the order they were applied', () => {
  assert.deepEqual(codings(undefined), [])
  assert.deepEqual(codings('identity'), [])
  assert.deepEqual(codings(' GZIP , x-gzip '), ['gzip', 'gzip'])
  assert.deepEqual(codings('deflate, br'), ['deflate', 'br'])
  for (const unknown of ['compress', 'gzip;q=1', 'gzip, gzip, gzip', '__proto__', 'constructor'])
    assert.equal(codings(unknown), null)
})

describe('X24, X25: decode', () => {
  for (const [coding, pack] of PACKED) {
    const packed = pack(PLAIN)
    test(`${coding}: whole bodies come back, anything else is refused`, async () => {
      assert.ok((await decode(packed, [coding], LIMITS)).equals(PLAIN))
      for (let cut = 1; cut < packed.length; cut += 7)
        await refused('PAYLOAD_UNPARSEABLE', decode(packed.subarray(0, packed.length - cut), [coding], LIMITS))
      await refused('PAYLOAD_UNPARSEABLE', decode(Buffer.concat([packed, Buffer.from('tail')]), [coding], LIMITS))
      await refused('PAYLOAD_UNPARSEABLE', decode(Buffer.from('not coded at all'), [coding], LIMITS))
      await refused('DECOMPRESSED_TOO_LARGE', decode(pack(Buffer.alloc(9 << 20)), [coding], LIMITS))
    })
  }

  test('two codings come off in reverse', async () => {
    const twice = zlib.brotliCompressSync(zlib.gzipSync(PLAIN))
    assert.ok((await decode(twice, ['gzip', 'br'], LIMITS)).equals(PLAIN))
  })

  test('members of one gzip body are one body (RFC 1952 2.2)', async () => {
    const two = Buffer.concat([zlib.gzipSync('a'), zlib.gzipSync('b')])
    assert.equal((await decode(two, ['gzip'], LIMITS)).toString(), 'ab')
  })

  test('the ratio holds above the first mebibyte', async () => {
    assert.equal(decodedBound(100, LIMITS), 1 << 20)
    assert.equal(decodedBound(10_000, LIMITS), 2_000_000)
    assert.equal(decodedBound(1 << 20, LIMITS), 8 << 20)
    const swelling = zlib.gzipSync(Buffer.alloc(4 << 20))
    await refused('DECOMPRESSED_TOO_LARGE', decode(swelling, ['gzip'], LIMITS))
    assert.equal((await decode(swelling, ['gzip'], { ...LIMITS, maxRatio: 2000 })).length, 4 << 20)
  })
})
