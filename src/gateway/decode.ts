/**
 * Takes content codings off a body (RFC 9110 8.4.1: gzip, deflate, br, zstd) within limits of size and ratio. A body
 * that does not decode whole, or that carries bytes after its end, is refused: nobody can say what a reader would see.
 */
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { GatewayError, isGatewayError } from '../base/errors.ts'

export interface DecodeLimits {
  /** bytes of the decoded body */
  readonly maxBytes: number
  /** decoded bytes for each coded byte, above the first mebibyte */
  readonly maxRatio: number
}

const FREE = 1024 * 1024
const MAX_CODINGS = 2

export type Coding = 'gzip' | 'deflate' | 'br' | 'zstd'
const NAMES: Readonly<Record<string, Coding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
}

/** Codings in the order they were applied; null = one of them is unknown, empty = identity. */
export function codings(field: string | undefined): readonly Coding[] | null {
  if (field === undefined || field === '') return []
  const names: Coding[] = []
  for (const part of field.split(',')) {
    const name = part.trim().toLowerCase()
    if (name === '' || name === 'identity') continue
    const coding = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
    if (coding === undefined || names.length === MAX_CODINGS) return null
    names.push(coding)
  }
  return names
}

/** The most a body of this size may become: what the budget is asked for before decoding. */
export function decodedBound(codedBytes: number, limits: DecodeLimits): number {
  return Math.min(limits.maxBytes, Math.max(FREE, codedBytes * limits.maxRatio))
}

/** Throws DECOMPRESSED_TOO_LARGE over a limit, PAYLOAD_UNPARSEABLE for what does not decode whole. */
export async function decode(body: Buffer, applied: readonly Coding[], limits: DecodeLimits): Promise<Buffer> {
  let bytes = body
  for (const coding of applied.toReversed()) bytes = await decodeOne(bytes, coding, decodedBound(body.length, limits))
  return bytes
}

interface Decoded {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}
type Decoder = (body: Buffer, options: object) => Promise<Decoded>

// `info` makes zlib hand back the engine, which knows how many coded bytes it used
const gunzip = promisify(zlib.gunzip) as unknown as Decoder
const inflate = promisify(zlib.inflate) as unknown as Decoder
const inflateRaw = promisify(zlib.inflateRaw) as unknown as Decoder
const unbrotli = promisify(zlib.brotliDecompress) as unknown as Decoder
const unzstd = promisify(zlib.zstdDecompress) as unknown as Decoder

async function decodeOne(body: Buffer, coding: Coding, maxOutputLength: number): Promise<Buffer> {
  try {
    const { buffer, engine } = await decoder(coding, body)(body, { maxOutputLength, info: true })
    if (engine.bytesWritten !== body.length) throw new GatewayError('PAYLOAD_UNPARSEABLE')
    return buffer
  } catch (error) {
    if (isGatewayError(error)) throw error
    const tooLarge = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
    throw new GatewayError(tooLarge ? 'DECOMPRESSED_TOO_LARGE' : 'PAYLOAD_UNPARSEABLE')
  }
}

function decoder(coding: Coding, body: Buffer): Decoder {
  switch (coding) {
    case 'gzip':
      return gunzip
    case 'br':
      return unbrotli
    case 'zstd':
      return unzstd
    case 'deflate':
      return isZlib(body) ? inflate : inflateRaw
  }
}

/** RFC 1950 2.2. Some servers send raw deflate under the name. */
const isZlib = (body: Buffer): boolean =>
  body.length >= 2 && (body[0]! & 0x0f) === 8 && ((body[0]! << 8) | body[1]!) % 31 === 0
