/** What both masking steps share: limits of reading, the plan's run, and how a failure is named on either side. */
import { type Code, GatewayError, isGatewayError } from '../base/errors.ts'
import { type Masked, maskPayload } from '../mask/mask.ts'
import type { Limits, Plan, ReadHints } from '../mask/plan.ts'
import type { PermittedCall } from './call.ts'
import { type Coding, codings, type DecodeLimits, decode, decodedBound } from './decode.ts'

/** Codes of reading an answer, which the caller can do nothing about. */
const OF_ANSWERS: Readonly<Partial<Record<Code, Code>>> = {
  PAYLOAD_INVALID: 'UPSTREAM_UNMASKABLE',
  PAYLOAD_UNPARSEABLE: 'UPSTREAM_UNMASKABLE',
  PAYLOAD_TOO_DEEP: 'UPSTREAM_UNMASKABLE',
  UNSUPPORTED_CHARSET: 'UPSTREAM_UNMASKABLE',
  UNSUPPORTED_ENCODING: 'UPSTREAM_UNMASKABLE',
  UNSUPPORTED_MEDIA_TYPE: 'UPSTREAM_UNMASKABLE',
  BODY_TOO_LARGE: 'UPSTREAM_TOO_LARGE',
  DECOMPRESSED_TOO_LARGE: 'UPSTREAM_TOO_LARGE',
}

export const asAnswerFailure = (error: unknown): GatewayError => {
  if (!isGatewayError(error)) return new GatewayError('MASK_FAILED')
  const code = OF_ANSWERS[error.code]
  return code === undefined ? error : new GatewayError(code, error.hints)
}

export const asRequestFailure = (error: unknown): GatewayError =>
  !isGatewayError(error) || error.code === 'MASK_FAILED' ? new GatewayError('MASK_FAILED_REQUEST') : error

/** Runs the plan and books time and memory: the masked bytes are counted, the unmasked ones given back. */
export function maskBody(call: PermittedCall, plan: Plan, body: Buffer, charset: string | null): Masked {
  const { watch, permit, snapshot } = call
  const limits: Limits = { maxDepth: snapshot.limits.maxDepth, maxBytes: permit.entry.body.max }
  const hints: ReadHints = { charset, entryCharset: permit.entry.charset }
  const from = performance.now()
  try {
    const masked = maskPayload(plan, body, hints, limits)
    if (masked.body !== body) watch.lease.force(masked.body.length)
    return masked
  } finally {
    watch.maskMs = (watch.maskMs ?? 0) + performance.now() - from
  }
}

/** The body without content codings. Throws UNSUPPORTED_ENCODING, DECOMPRESSED_TOO_LARGE, PAYLOAD_UNPARSEABLE. */
export function plainBody(call: PermittedCall, body: Buffer, field: string | undefined): Buffer | Promise<Buffer> {
  if (field === undefined) return body
  const applied = codings(field)
  if (applied === null) throw new GatewayError('UNSUPPORTED_ENCODING')
  return applied.length === 0 || body.length === 0 ? body : decoded(call, body, applied)
}

/** Holds the decoded bytes of the budget. Throws as plainBody does. */
export async function decoded(call: PermittedCall, body: Buffer, applied: readonly Coding[]): Promise<Buffer> {
  const limits: DecodeLimits = { maxBytes: call.permit.entry.body.max, maxRatio: call.snapshot.limits.maxRatio }
  const { lease } = call.watch
  // asked for before it is made: many small bodies that all swell must not pass the budget together
  const bound = decodedBound(body.length, limits)
  await lease.take(bound)
  let plain: Buffer | null = null
  try {
    plain = await decode(body, applied, limits)
    return plain
  } finally {
    lease.give(bound - (plain?.length ?? 0))
  }
}
