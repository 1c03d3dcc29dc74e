/** 7: the upstream's answer, whole and decoded, masked for the caller. Answers of any status alike: errors quote people too. */
import { GatewayError } from '../../base/errors.ts'
import type { AnsweredCall, MaskedCall, Reply } from '../call.ts'
import { type MediaType, parseMediaType, single } from '../headers.ts'
import { asAnswerFailure, maskBody, plainBody } from '../payload.ts'
import { planRequest } from '../plan-request.ts'
import type { ShadowCall } from '../snapshot.ts'
import { looksLikeRecord, SNIFF_BYTES } from '../sniff.ts'

/** Refuses with UPSTREAM_UNMASKABLE, UPSTREAM_TOO_LARGE, UPSTREAM_INVALID, LEVEL5_FORBIDDEN, MASK_FAILED. */
export function maskResponse(call: AnsweredCall): MaskedCall | Promise<MaskedCall> {
  const { status, headers, body } = call.answer
  // ranges were never asked for: a part of a payload cannot be judged
  if (status === 206 || status < 200 || status > 599) throw new GatewayError('UPSTREAM_UNMASKABLE')
  if (call.method === 'HEAD' || status === 204 || status === 304) return { ...call, reply: bodiless(call) }
  if (body.length === 0) return { ...call, reply: { ...bodiless(call), body } }
  const coding = headers['content-encoding']
  try {
    if (Array.isArray(coding)) throw new GatewayError('UPSTREAM_UNMASKABLE')
    const plain = plainBody(call, body, coding)
    return plain instanceof Promise ? unpacked(call, plain) : masked(call, plain)
  } catch (error) {
    throw asAnswerFailure(error)
  }
}

async function unpacked(call: AnsweredCall, plain: Promise<Buffer>): Promise<MaskedCall> {
  try {
    return masked(call, await plain)
  } catch (error) {
    throw asAnswerFailure(error)
  }
}

function masked(call: AnsweredCall, body: Buffer): MaskedCall {
  const { permit, plans, answer } = call
  const media = mediaTypeOf(call)
  const contentType = media.charset === null ? media.name : `${media.name}; charset=${media.charset}`
  const { status } = answer
  if (plans.response === null) return { ...call, reply: unmasked(call, body, contentType) }
  const result = maskBody(call, plans.response, body, media.charset)
  call.snapshot.shadow()?.(body.length, () => shadowCall(call, body, media.charset))
  // observed entries are counted as if masked; the record says that nothing was
  const sent = permit.entry.mode === 'observe' ? body : result.body
  return { ...call, reply: { status, body: sent, contentType, masking: result.counts, rows: result.rows } }
}

function shadowCall(call: AnsweredCall, body: Buffer, charset: string | null): ShadowCall {
  const { permit, snapshot } = call
  const limits = { maxDepth: snapshot.limits.maxDepth, maxBytes: permit.entry.body.max }
  const hints = { charset, entryCharset: permit.entry.charset }
  return { request: planRequest(call, permit, 'response', null), body, hints, limits }
}

/** The declared type must be the entry's: what a reader takes for something else nobody has masked. */
function mediaTypeOf(call: AnsweredCall): MediaType {
  const media = parseMediaType(single(call.answer.headers, 'content-type') ?? '')
  if (media === null || !call.snapshot.wire(call.permit.entry).answers.has(media.name))
    throw new GatewayError('UPSTREAM_UNMASKABLE')
  return media
}

/** `masking: none` on a call whose request had to be read; what looks like a record is withheld all the same. */
function unmasked(call: AnsweredCall, body: Buffer, contentType: string): Reply {
  if (looksLikeRecord(body.subarray(0, SNIFF_BYTES))) throw new GatewayError('UPSTREAM_UNMASKABLE')
  return { status: call.answer.status, body, contentType, masking: null, rows: null }
}

function bodiless(call: AnsweredCall): Reply {
  return { status: call.answer.status, body: null, contentType: null, masking: null, rows: 0 }
}
