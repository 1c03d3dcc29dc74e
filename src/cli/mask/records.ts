/** Cuts a payload into its records as it comes, without reading them: NDJSON lines, HL7 v2 messages. */
import { GatewayError } from '../../base/errors.ts'
import type { FormatName } from '../../mask/index.ts'

/** whether a record starts at `at` (at least 1; bytes up to `at + AHEAD` are there unless the payload ends) */
type Starts = (bytes: Buffer, at: number) => boolean

/** longest look at what follows: the name of a segment */
const AHEAD = 3

const STARTS: ReadonlyMap<FormatName, Starts> = new Map([
  ['ndjson', (b, at) => b[at - 1] === 0x0a],
  ['hl7v2', startsMessage],
])

/**
 * Records with their terminators, each in memory of its own; null when the format has no records of its own. Throws
 * GatewayError BODY_TOO_LARGE in place of a record over `max` bytes.
 */
export function recordsOf(
  format: FormatName,
  chunks: AsyncIterable<Buffer>,
  max: number,
): AsyncGenerator<Buffer> | null {
  const starts = STARTS.get(format)
  return starts === undefined ? null : cut(chunks, starts, max)
}

/** A message starts where a segment MSH does. */
function startsMessage(b: Buffer, at: number): boolean {
  const before = b[at - 1]
  return (before === 0x0d || before === 0x0a) && b[at] === 0x4d && b[at + 1] === 0x53 && b[at + 2] === 0x48
}

async function* cut(chunks: AsyncIterable<Buffer>, starts: Starts, max: number): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0)
  let length = 0
  let looked = 1
  let from = 0
  function* before(limit: number): Generator<Buffer> {
    for (; looked < limit; looked++) {
      if (!starts(held, looked)) continue
      yield record(held, from, looked, max)
      from = looked
    }
  }
  for await (const chunk of chunks) {
    held = grown(held, length, chunk)
    length += chunk.length
    yield* before(length - AHEAD + 1)
    held.copyWithin(0, from, length)
    length -= from
    looked -= from
    from = 0
    if (length - AHEAD > max) throw new GatewayError('BODY_TOO_LARGE')
  }
  held = held.subarray(0, length)
  yield* before(length)
  if (from < length) yield record(held, from, length, max)
}

/** Doubled rather than joined anew for every chunk: a record may be as large as a thousand of them. */
function grown(held: Buffer, length: number, chunk: Buffer): Buffer<ArrayBuffer> {
  const need = length + chunk.length
  const room = need <= held.length ? (held as Buffer<ArrayBuffer>) : Buffer.alloc(Math.max(need, 2 * held.length))
  if (room !== held) held.copy(room, 0, 0, length)
  chunk.copy(room, length)
  return room
}

function record(held: Buffer, from: number, to: number, max: number): Buffer {
  if (to - from > max) throw new GatewayError('BODY_TOO_LARGE')
  return Buffer.from(held.subarray(from, to))
}
