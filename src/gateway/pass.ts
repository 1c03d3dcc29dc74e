/** 5 to 9 in one for a call without obligations: the bytes pass on as they come (design 3.3). */
import { GatewayError } from '../base/errors.ts'
import { Tape } from '../mask/tape.ts'
import type { Journal } from '../ports/journal.ts'
import type { PassingUpstream } from '../ports/upstream.ts'
import { hasBody } from './body.ts'
import type { PermittedCall } from './call.ts'
import { parseMediaType } from './headers.ts'
import { Passage } from './passage.ts'
import { openingLine, type Recorder } from './record.ts'
import { upstreamRequest } from './steps/forward.ts'

/** Resolves with the status sent. Refuses like forward; after the head a failure is an outcome of the record. */
export async function pass(
  upstream: PassingUpstream,
  journal: Journal,
  recorder: Recorder,
  call: PermittedCall,
  closing: () => boolean,
): Promise<number> {
  const { watch, permit } = call
  const passage = new Passage({
    call,
    open: async () => {
      if (!journal.writable) throw new GatewayError('AUDIT_UNAVAILABLE')
      await journal.open(openingLine(recorder, call, 'allow'), permit.entry.audit === 'write-ahead')
      watch.opened = true
    },
    countRows: permit.entry.masking === 'none' ? null : (body, charset) => countRows(call, body, charset),
    closing,
  })
  const from = performance.now()
  try {
    const report = await upstream.pass(upstreamRequest(call, requestType(call)), call.incoming, passage)
    watch.upstreamStatus = report.status
    watch.bytesIn = report.bytesIn
    return passage.status
  } finally {
    watch.upstreamMs = performance.now() - from
  }
}

function requestType(call: PermittedCall): string | null {
  const { incoming, outgoing, permit, snapshot } = call
  if (!hasBody(incoming)) return null
  if (permit.entry.request === null) throw new GatewayError('MALFORMED_REQUEST')
  const media = parseMediaType(incoming.headers['content-type'] ?? '')
  if (media === null || !snapshot.wire(permit.entry).requests.has(media.name))
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE')
  // coded bytes would go upstream unseen under a head that no longer says so
  if (incoming.headers['content-encoding'] !== undefined) throw new GatewayError('UNSUPPORTED_ENCODING')
  if (Number(incoming.headers['content-length'] ?? 0) > permit.entry.body.max) throw new GatewayError('BODY_TOO_LARGE')
  if (incoming.headers.expect !== undefined) outgoing.writeContinue()
  return media.charset === null ? media.name : `${media.name}; charset=${media.charset}`
}

/** Counting must never block a call: what cannot be read has an unknown number of rows. */
function countRows(call: PermittedCall, body: Buffer, charset: string | null): number | null {
  const { entry } = call.permit
  try {
    const limits = { maxDepth: call.snapshot.limits.maxDepth, maxBytes: entry.body.max }
    const hints = { charset, entryCharset: entry.charset }
    return call.plans.response?.reader.read(body, new Tape(256), limits, hints).rows() ?? null
  } catch {
    return null
  }
}
