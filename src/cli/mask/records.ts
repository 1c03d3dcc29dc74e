/** Cuts a payload into its records without reading them: NDJSON lines, HL7 v2 messages. */
import type { FormatName } from '../../mask/index.ts'

/** Records with their terminators; null when the format has no records of its own. */
export function recordsOf(format: FormatName, bytes: Buffer): Iterable<Buffer> | null {
  if (format === 'ndjson') return cut(bytes, (b, at) => b[at - 1] === 0x0a)
  if (format === 'hl7v2') return cut(bytes, startsMessage)
  return null
}

/** A message starts where a segment MSH does. */
function startsMessage(b: Buffer, at: number): boolean {
  const before = b[at - 1]
  return (before === 0x0d || before === 0x0a) && b[at] === 0x4d && b[at + 1] === 0x53 && b[at + 2] === 0x48
}

function* cut(bytes: Buffer, starts: (b: Buffer, at: number) => boolean): Generator<Buffer> {
  let from = 0
  for (let at = 1; at < bytes.length; at++) {
    if (!starts(bytes, at)) continue
    yield bytes.subarray(from, at)
    from = at
  }
  if (from < bytes.length) yield bytes.subarray(from)
}
