/**
 * Reads certificate revocation lists (RFC 5280 5). A list is believed when an authority we know signed it and may sign
 * lists, when it is complete (no delta, partial or indirect list), and when it says until when it holds.
 */
import { createHash, verify, type X509Certificate } from 'node:crypto'
import { content, DerError, type DerNode, hexOf, inside, Row, rootOf, TAG, timeOf, whole } from './der.ts'
import { serialOf } from './peer.ts'

/** What one list says. `authority` is the SHA-256 (hex) of the signer's SubjectPublicKeyInfo. */
export interface CrlFacts {
  readonly authority: string
  /** lower-case hex without leading zeros */
  readonly serials: ReadonlySet<string>
  /** milliseconds since the epoch */
  readonly thisUpdate: number
  readonly nextUpdate: number
}

/** Why a list is not believed. Never carries its content. */
export class CrlError extends Error {
  override readonly name = 'CrlError'
  readonly reason: 'syntax' | 'unknown-issuer' | 'signature' | 'no-next-update' | 'not-complete'
  constructor(reason: CrlError['reason']) {
    super(`the revocation list is not usable: ${reason}`)
    this.reason = reason
  }
}

/** Reads a PEM or DER list and verifies it against the known authorities. Throws CrlError. */
export function readCrl(bytes: Uint8Array, authorities: readonly X509Certificate[]): CrlFacts {
  const list = decoded(() => parse(derOf(bytes)))
  const named = authorities.filter((a) => a.ca && hexOf(namesOf(a).subject) === hexOf(list.issuer))
  if (named.length === 0) throw new CrlError('unknown-issuer')
  const signer = named.find((a) => namesOf(a).signsLists && isSignedBy(list, a))
  if (signer === undefined) throw new CrlError('signature')
  // a delta, a partial or an indirect list marks itself by a critical extension
  if (!list.complete) throw new CrlError('not-complete')
  if (list.nextUpdate === null) throw new CrlError('no-next-update')
  return {
    authority: createHash('sha256')
      .update(signer.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
    serials: list.serials,
    thisUpdate: list.thisUpdate,
    nextUpdate: list.nextUpdate,
  }
}

interface ParsedList {
  readonly signed: Uint8Array
  readonly algorithm: string
  readonly signature: Uint8Array
  readonly issuer: Uint8Array
  readonly thisUpdate: number
  readonly nextUpdate: number | null
  readonly serials: Set<string>
  readonly complete: boolean
}

const EXTENSIONS = 0xa0
const KEY_USAGE = '551d0f'
const DELTA_CRL = '551d1b'

function parse(der: Uint8Array): ParsedList {
  const outer = new Row(rootOf(der, TAG.sequence))
  const tbs = outer.need(TAG.sequence)
  const algorithm = outer.need(TAG.sequence)
  const signature = content(outer.need(TAG.bits))
  outer.end()
  const row = new Row(tbs)
  row.take(TAG.integer)
  // signed and unsigned statement of the algorithm must agree (RFC 5280 5.1.1.2)
  if (hexOf(whole(row.need(TAG.sequence))) !== hexOf(whole(algorithm)) || signature[0] !== 0) throw new DerError()
  const issuer = whole(row.need(TAG.sequence))
  const thisUpdate = timeOf(row.need(TAG.utcTime, TAG.generalizedTime))
  const next = row.take(TAG.utcTime, TAG.generalizedTime)
  const revoked = row.take(TAG.sequence)
  const extensions = row.take(EXTENSIONS)
  row.end()
  const serials = new Set<string>()
  let complete = extensions === undefined || !marked(new Row(extensions).need(TAG.sequence))
  for (const entry of revoked === undefined ? [] : inside(revoked)) {
    const line = new Row(entry)
    serials.add(serialOf(hexOf(content(line.need(TAG.integer)))))
    line.need(TAG.utcTime, TAG.generalizedTime)
    const own = line.take(TAG.sequence)
    line.end()
    if (own !== undefined && marked(own)) complete = false
  }
  return {
    signed: whole(tbs),
    algorithm: hexOf(content(new Row(algorithm).need(TAG.oid))),
    signature: signature.subarray(1),
    issuer,
    thisUpdate,
    nextUpdate: next === undefined ? null : timeOf(next),
    serials,
    complete,
  }
}

/** Whether a row of extensions holds one that must be understood: none of those is. */
function marked(extensions: DerNode): boolean {
  for (const extension of inside(extensions)) {
    const row = new Row(extension)
    const id = hexOf(content(row.need(TAG.oid)))
    const critical = row.take(TAG.boolean)
    if (id === DELTA_CRL || (critical !== undefined && content(critical)[0] !== 0)) return true
  }
  return false
}

/** digest by algorithm identifier: ECDSA and RSA (PKCS#1 v1.5) with SHA-2, Ed25519 */
const DIGESTS: Readonly<Record<string, { readonly digest: string | null; readonly key: string }>> = {
  '2a8648ce3d040302': { digest: 'sha256', key: 'ec' },
  '2a8648ce3d040303': { digest: 'sha384', key: 'ec' },
  '2a8648ce3d040304': { digest: 'sha512', key: 'ec' },
  '2a864886f70d01010b': { digest: 'sha256', key: 'rsa' },
  '2a864886f70d01010c': { digest: 'sha384', key: 'rsa' },
  '2a864886f70d01010d': { digest: 'sha512', key: 'rsa' },
  '2b6570': { digest: null, key: 'ed25519' },
}

function isSignedBy(list: ParsedList, signer: X509Certificate): boolean {
  const method = Object.hasOwn(DIGESTS, list.algorithm) ? DIGESTS[list.algorithm]! : undefined
  if (method === undefined || signer.publicKey.asymmetricKeyType !== method.key) return false
  try {
    return verify(method.digest, list.signed, signer.publicKey, list.signature)
  } catch {
    return false
  }
}

/** Subject as DER, and whether the key usage admits signing lists; node:crypto shows neither. */
function namesOf(certificate: X509Certificate): { readonly subject: Uint8Array; readonly signsLists: boolean } {
  return decoded(() => {
    const row = new Row(new Row(rootOf(certificate.raw, TAG.sequence)).need(TAG.sequence))
    row.take(0xa0)
    row.need(TAG.integer)
    for (let i = 0; i < 3; i++) row.need(TAG.sequence)
    const subject = whole(row.need(TAG.sequence))
    row.need(TAG.sequence)
    row.take(0x81, 0xa1)
    row.take(0x82, 0xa2)
    const extensions = row.take(0xa3)
    for (const extension of extensions === undefined ? [] : inside(new Row(extensions).need(TAG.sequence))) {
      const parts = new Row(extension)
      const id = hexOf(content(parts.need(TAG.oid)))
      parts.take(TAG.boolean)
      if (id !== KEY_USAGE) continue
      const bits = content(rootOf(content(parts.need(TAG.octets)), TAG.bits))
      return { subject, signsLists: ((bits[1] ?? 0) & 0x02) !== 0 }
    }
    return { subject, signsLists: true }
  })
}

function derOf(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === TAG.sequence) return bytes
  const text = Buffer.from(bytes).toString('latin1')
  const body = /-----BEGIN (X509 CRL|CRL)-----([A-Za-z0-9+/=\s]+)-----END \1-----/.exec(text)?.[2]
  if (body === undefined) throw new DerError()
  return Buffer.from(body, 'base64')
}

function decoded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof DerError) throw new CrlError('syntax')
    throw error
  }
}
