/** A peer's certificate as facts: what identity and revocation are decided on. Reading is node:crypto's X509Certificate. */
import { createHash, X509Certificate } from 'node:crypto'

/** One certificate below its issuer: the pair a revocation list is asked about. */
export interface ChainLink {
  /** SHA-256 (hex) of the issuer's SubjectPublicKeyInfo: stays when a CA certificate is renewed under its key */
  readonly authority: string
  /** lower-case hex without leading zeros */
  readonly serial: string
}

export interface PeerFacts {
  /** lower-case hex SHA-256 of the DER certificate */
  readonly sha256: string
  /** the same digest as base64url: the `x5t#S256` of RFC 8705 */
  readonly thumbprint: string
  readonly serial: string
  /** milliseconds since the epoch */
  readonly notBefore: number
  readonly notAfter: number
  /** leaf first; ends below the root */
  readonly links: readonly ChainLink[]
  /** false when an issuer is not among the known authorities: nothing can be said about revocation */
  readonly anchored: boolean
}

/** An integer in hexadecimal as serial sets hold it. */
export const serialOf = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '')

/** SHA-256 (hex) of a certificate's SubjectPublicKeyInfo. */
export function authorityId(certificate: X509Certificate): string {
  return createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

/** Every certificate of PEM text; throws on text that holds none or a broken one. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new RangeError('no certificate in the PEM text')
  return blocks.map((block) => new X509Certificate(block))
}

const MAX_CHAIN = 8

/**
 * Facts of a leaf. The chain is built from the authorities of the configuration, never from what the peer sent: a
 * resumed session carries no chain, and both kinds of connection must be judged alike. Costs one signature check per
 * link: once per connection, not per call.
 */
export function peerFacts(leaf: X509Certificate, authorities: readonly X509Certificate[]): PeerFacts {
  const links: ChainLink[] = []
  let anchored = false
  let current = leaf
  for (let depth = 0; depth < MAX_CHAIN && !anchored; depth++) {
    const issuer = authorities.find((a) => a.ca && current.checkIssued(a) && current.verify(a.publicKey))
    if (issuer === undefined) break
    links.push({ authority: authorityId(issuer), serial: serialOf(current.serialNumber) })
    anchored = issuer.checkIssued(issuer)
    current = issuer
  }
  const digest = createHash('sha256').update(leaf.raw).digest()
  return {
    sha256: digest.toString('hex'),
    thumbprint: digest.toString('base64url'),
    serial: serialOf(leaf.serialNumber),
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
    links,
    anchored,
  }
}
