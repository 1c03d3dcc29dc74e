/** Makes certificate revocation lists (RFC 5280 5) of our own authority; read-crl.ts reads those of any. */
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { type Authority, EC, type Issuing } from './issue.ts'

export const REASONS = ['keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'] as const
export type Reason = (typeof REASONS)[number]

export interface Revoked {
  /** hexadecimal */
  readonly serial: string
  readonly at: Date
  readonly reason: Reason
}

/** Makes a complete list. `number` must grow with every list of an authority. Returns PEM. */
export async function createCrl(
  issuing: Issuing,
  authority: Authority,
  request: { readonly revoked: readonly Revoked[]; readonly days: number; readonly number: number },
): Promise<string> {
  const issuer = new x509.X509Certificate(authority.certificate)
  const crl = await x509.X509CrlGenerator.create(
    {
      issuer: issuer.subjectName,
      thisUpdate: issuing.now,
      nextUpdate: new Date(issuing.now.getTime() + request.days * 86_400_000),
      entries: request.revoked.map((r) => ({
        serialNumber: r.serial.padStart(r.serial.length + (r.serial.length % 2), '0'),
        revocationDate: r.at,
        reason: x509.X509CrlReason[r.reason],
      })),
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, issuing.crypto),
        new x509.Extension(CRL_NUMBER, false, derInteger(request.number)),
      ],
      signingKey: authority.signingKey,
      signingAlgorithm: EC,
    },
    issuing.crypto,
  )
  const base64 = Buffer.from(crl.rawData).toString('base64')
  // the label of RFC 7468 section 6; the library's own ("CRL") is not read by OpenSSL
  return `-----BEGIN X509 CRL-----\n${base64.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END X509 CRL-----\n`
}

const CRL_NUMBER = '2.5.29.20'

/** DER INTEGER of a number below 2^48. */
function derInteger(value: number): Uint8Array<ArrayBuffer> {
  let hex = value.toString(16)
  if (hex.length % 2 === 1) hex = `0${hex}`
  const body = Buffer.from(hex, 'hex')
  const lead = body[0]! >= 0x80 ? [0] : []
  return Uint8Array.from([2, body.length + lead.length, ...lead, ...body])
}
