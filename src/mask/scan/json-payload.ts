/** The payload of a scan: a padded copy at its own offsets, in the WebAssembly scanner's memory or in bytes of its own. */
import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../../base/errors.ts'
import { MAX_NAME } from './json-node.ts'
import { type Place, type Simd, simd } from './simd.ts'

/** bytes behind the payload that end every loop: they are neither white space nor part of any token */
const PADDING = 16
/** room behind the payload: a name may be guessed at its last byte */
const ROOM = PADDING + MAX_NAME
const KEEP_SCRATCH = 16 << 20

export class JsonPayload {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  /** offset behind its last byte */
  length = 0
  /** number of the payload at hand */
  generation = 0
  /** in whose memory it is; null = in bytes of its own */
  fast: Simd | null = null
  #fastGeneration = 0

  /** Four bytes can be read at any place of it without asking. Throws PAYLOAD_UNPARSEABLE where it is not UTF-8. */
  load(source: Buffer, from: number, to: number): void {
    this.generation++
    const bytes = from === 0 && to === source.length ? source : source.subarray(from, to)
    if (!isUtf8(bytes)) throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset: from })
    this.length = to
    const fast = simd()
    const place = fast?.load(bytes, from, to) ?? null
    if (fast === null || place === null) {
      this.#loadHere(bytes, from, to)
      return
    }
    this.fast = fast
    this.#fastGeneration = fast.generation
    this.moved(place)
  }

  moved({ bytes, view }: Place): void {
    this.bytes = bytes
    this.view = view
  }

  /** The payload of that number; null when another one was loaded since. */
  viewOf(generation: number): DataView | null {
    const here = this.fast === null || this.fast.generation === this.#fastGeneration
    return here && generation === this.generation ? this.view : null
  }

  /** Text of a name without escapes. */
  name(start: number, end: number): string {
    const { buffer, byteOffset } = this.bytes
    return Buffer.from(buffer, byteOffset + start, end - start).toString('utf8')
  }

  #loadHere(source: Uint8Array, from: number, to: number): void {
    const need = to + ROOM
    const own = this.fast === null ? this.bytes.length : 0
    this.fast = null
    if (own < need || (own > KEEP_SCRATCH && need < KEEP_SCRATCH >> 2)) {
      this.bytes = new Uint8Array(Math.max(1 << 16, need + (need >> 2)))
      this.view = new DataView(this.bytes.buffer)
    }
    this.bytes.set(source, from)
    for (let i = to; i < to + PADDING; i += 4) this.view.setInt32(i, 0, true)
  }
}
