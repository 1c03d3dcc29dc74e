/** 6: over the upstream port and back. Only a sealed call gets here, and only what headers.ts lists goes along. */

import type { ReadingUpstream, Room, UpstreamRequest } from '../../ports/upstream.ts'
import type { AnsweredCall, PermittedCall, SealedCall } from '../call.ts'
import { upstreamHeaders } from '../headers.ts'
import { upstreamPath } from '../wire.ts'

/** Refuses with UPSTREAM_DOWN, UPSTREAM_TIMEOUT, UPSTREAM_TLS, UPSTREAM_INVALID, UPSTREAM_TOO_LARGE, OVERLOADED. */
export async function forward(upstream: ReadingUpstream, call: SealedCall): Promise<AnsweredCall> {
  const { watch, permit, sealed } = call
  const room: Room = { maxBytes: permit.entry.body.max, take: (bytes) => watch.lease.take(bytes) }
  const from = performance.now()
  try {
    const answer = await upstream.exchange(upstreamRequest(call, sealed.contentType), sealed.body, room)
    watch.upstreamStatus = answer.status
    return { ...call, answer }
  } finally {
    watch.upstreamMs = performance.now() - from
  }
}

export function upstreamRequest(call: PermittedCall, contentType: string | null): UpstreamRequest {
  const { permit, match, snapshot } = call
  const wire = snapshot.wire(permit.entry)
  return {
    callId: call.id,
    method: call.method,
    path: upstreamPath(wire, match.params, match.query),
    headers: upstreamHeaders(
      call.incoming,
      { callId: call.id, institution: call.institution.id, role: permit.role, scenario: permit.scenario },
      { host: wire.host, accept: wire.accept, contentType, credential: wire.credential },
    ),
    target: wire.target,
    timeoutMs: permit.entry.timeoutMs,
    leaving: call.watch,
  }
}
