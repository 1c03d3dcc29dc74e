/**
 * Who is at the other end: a client certificate's facts, the revocation sets and the source address give an institution
 * or the code of a refusal. Asked on every request, whether the session is fresh, resumed or long open (design 3.6), so
 * a revocation or a changed directory takes effect with the next call.
 */
import type { Directory } from './directory.ts'
import type { Denial, Institution } from './model.ts'
import { isWithin } from './networks.ts'

/** What a handshake proved about the peer; the shape pki/peer.ts reads from a certificate. */
export interface CertificateFacts {
  /** lower-case hex SHA-256 of the DER certificate */
  readonly sha256: string
  /** the same as base64url (RFC 8705 `x5t#S256`) */
  readonly thumbprint: string
  /** milliseconds since the epoch */
  readonly notBefore: number
  readonly notAfter: number
  /** leaf first: each certificate below the root under the authority that signed it */
  readonly links: readonly { readonly authority: string; readonly serial: string }[]
  /** whether the links reach a root we know */
  readonly anchored: boolean
}

/** What one verified list says. */
export interface RevocationList {
  readonly serials: ReadonlySet<string>
  /** milliseconds since the epoch */
  readonly thisUpdate: number
  readonly nextUpdate: number
}

/** authority (SHA-256 of its SubjectPublicKeyInfo, hex) -> its newest list. Swapped whole. */
export type RevocationSets = ReadonlyMap<string, RevocationList>

export interface IdentifyRequest {
  readonly certificate: CertificateFacts
  readonly revocation: RevocationSets
  /** how long a list counts behind its nextUpdate, milliseconds; 0 unless configured */
  readonly graceMs: number
  /** address of the TCP peer, or what a trusted hop said */
  readonly address: string
  /** milliseconds since the epoch */
  readonly now: number
  /** clock tolerance, milliseconds */
  readonly toleranceMs: number
  /** calendar day in the configured zone, YYYY-MM-DD */
  readonly today: string
}

/** The institution stands in a refusal too, where it is known: the record names it. */
export type Identified =
  | { readonly ok: true; readonly value: Institution }
  | ({ readonly ok: false; readonly institution: Institution | null } & Denial)

export function identify(directory: Directory, request: IdentifyRequest): Identified {
  const { certificate, now, toleranceMs } = request
  const id = directory.certificates.get(certificate.sha256)
  const institution = (id === undefined ? undefined : directory.institutions.get(id)) ?? null
  const deny = (code: Denial['code']): Identified => ({ ok: false, code, institution })
  if (now > certificate.notAfter + toleranceMs || now < certificate.notBefore - toleranceMs) return deny('CERT_EXPIRED')
  const revoked = revocation(request)
  if (revoked !== null) return deny(revoked)
  if (institution === null) return deny('CERT_NOT_REGISTERED')
  if (institution.status !== 'active') return deny('INSTITUTION_SUSPENDED')
  const { from, to } = institution.contract
  if ((from !== null && request.today < from) || (to !== null && request.today > to)) return deny('CONTRACT_EXPIRED')
  if (!isWithin(request.address, directory.networks.get(institution.id) ?? [])) return deny('IP_NOT_ALLOWED')
  return { ok: true, value: institution }
}

/** A listed serial counts even from a list that has run out; then every authority of the chain needs a current list. */
function revocation(request: IdentifyRequest): 'CERT_REVOKED' | 'CRL_UNAVAILABLE' | null {
  const { certificate, revocation: sets } = request
  if (certificate.links.some((link) => sets.get(link.authority)?.serials.has(link.serial) === true))
    return 'CERT_REVOKED'
  if (!certificate.anchored || certificate.links.length === 0) return 'CRL_UNAVAILABLE'
  for (const { authority } of certificate.links) {
    const list = sets.get(authority)
    if (list === undefined || !isCurrent(list, request.now, request.graceMs, request.toleranceMs))
      return 'CRL_UNAVAILABLE'
  }
  return null
}

/** Whether a list holds now; `graceMs` behind its end, the tolerance for the clocks on both sides. */
export const isCurrent = (list: RevocationList, now: number, graceMs: number, toleranceMs: number): boolean =>
  now <= list.nextUpdate + graceMs + toleranceMs && now >= list.thisUpdate - toleranceMs
