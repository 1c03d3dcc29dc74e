/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) of many short messages under one key: two one-shot digests over blocks prepared
 * once. An object of node:crypto made for every message costs several times the arithmetic.
 */
import { createHmac, hash, type KeyObject } from 'node:crypto'

/** bytes of a block of SHA-256 */
const BLOCK = 64
const DIGEST = 32
/** longest message in UTF-16 units that takes the short road */
const SHORT = 256

export class ShortHmac {
  readonly #key: KeyObject
  /** key and inner pad, then room for the message */
  readonly #inner = Buffer.alloc(BLOCK + 3 * SHORT)
  /** key and outer pad, then the inner digest */
  readonly #outer = Buffer.alloc(BLOCK + DIGEST)

  /** @param key at most 64 bytes */
  constructor(key: KeyObject) {
    const bytes = key.export()
    if (bytes.length > BLOCK) throw new RangeError('key longer than a block of SHA-256')
    this.#key = key
    for (let i = 0; i < BLOCK; i++) {
      const byte = i < bytes.length ? bytes[i]! : 0
      this.#inner[i] = byte ^ 0x36
      this.#outer[i] = byte ^ 0x5c
    }
    bytes.fill(0)
  }

  /** The 32 bytes for the message as UTF-8. */
  digest(message: string): Buffer {
    if (message.length > SHORT) return createHmac('sha256', this.#key).update(message).digest()
    const end = BLOCK + this.#inner.write(message, BLOCK, 'utf8')
    this.#outer.write(hash('sha256', this.#inner.subarray(0, end), 'binary'), BLOCK, 'latin1')
    return Buffer.from(hash('sha256', this.#outer, 'binary'), 'latin1')
  }
}
