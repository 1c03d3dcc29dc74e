/** 5: the caller's body, whole and decoded, masked for the one who receives it. */
import { GatewayError } from '../../base/errors.ts'
import { hasBody, readBody } from '../body.ts'
import type { PermittedCall, SealedCall } from '../call.ts'
import { parseMediaType } from '../headers.ts'
import { asRequestFailure, maskBody, plainBody } from '../payload.ts'

const NOTHING = { body: null, contentType: null, masking: null } as const

/**
 * Refuses with UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_ENCODING, BODY_TOO_LARGE, DECOMPRESSED_TOO_LARGE, PAYLOAD_*,
 * MASKED_VALUE_WRITTEN, MASK_FAILED_REQUEST, REQUEST_TIMEOUT, OVERLOADED.
 */
export function maskRequest(call: PermittedCall): SealedCall | Promise<SealedCall> {
  return hasBody(call.incoming) ? seal(call) : { ...call, sealed: NOTHING }
}

async function seal(call: PermittedCall): Promise<SealedCall> {
  const { incoming, outgoing, permit, plans, snapshot, watch } = call
  const { entry } = permit
  // a body nobody declared has no policy it could be judged under
  if (entry.request === null) throw new GatewayError('MALFORMED_REQUEST')
  const media = parseMediaType(incoming.headers['content-type'] ?? '')
  if (media === null || !snapshot.wire(entry).requests.has(media.name)) throw new GatewayError('UNSUPPORTED_MEDIA_TYPE')
  if (incoming.headers.expect !== undefined) outgoing.writeContinue()
  const sent = await readBody(incoming, { maxBytes: entry.body.max, timeoutMs: entry.timeoutMs }, watch.lease)
  watch.bytesIn = sent.length
  const body = await plainBody(call, sent, incoming.headers['content-encoding'])
  if (entry.format === 'hl7v2') watch.received = body
  const contentType = media.charset === null ? media.name : `${media.name}; charset=${media.charset}`
  try {
    if (plans.writeCheck) snapshot.refuseMaskedValues(permit, body, media.charset)
    if (plans.request === null) return { ...call, sealed: { body, contentType, masking: null } }
    const masked = maskBody(call, plans.request, body, media.charset)
    return { ...call, sealed: { body: masked.body, contentType, masking: masked.counts } }
  } catch (error) {
    throw asRequestFailure(error)
  }
}
