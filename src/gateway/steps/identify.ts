/** 1: whose certificate is this, does it hold now, and may it come from this address? Asked on every call (design 3.6). */
import { identify as decide } from '../../access/identify.ts'
import type { IdentifiedCall, ReceivedCall } from '../call.ts'
import { Refused } from '../refused.ts'
import type { Road } from '../road.ts'

/** Refuses with CERT_*, CRL_UNAVAILABLE, INSTITUTION_SUSPENDED, CONTRACT_EXPIRED, IP_NOT_ALLOWED. */
export function identify(road: Road, call: ReceivedCall): IdentifiedCall {
  const { revocation, graceMs } = road.trust()
  const found = decide(call.snapshot.directory, {
    certificate: call.peer.certificate,
    revocation,
    graceMs,
    address: call.peer.address,
    now: call.start,
    toleranceMs: road.toleranceMs,
    today: road.day(call.start),
  })
  if (found.ok) return { ...call, institution: found.value }
  // the record names the institution also where its certificate no longer counts
  throw new Refused(found, found.institution === null ? call : { ...call, institution: found.institution })
}
