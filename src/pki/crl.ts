/**
 * Certificate revocation lists (RFC 5280 5): made by our own authority, read from any. A list is only believed when an
 * authority we know signed it, may sign lists, and the list says until when it holds.
 */
import 'reflect-metadata'
import { createHash, type webcrypto, type X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { type Authority, EC, type Issuing } from './issue.ts'
import { serialOf } from './peer.ts'

export const REASONS = ['keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'] as const
export type Reason = (typeof REASONS)[number]

export interface Revoked {
  /** hexadecimal */
  readonly serial: string
  readonly at: Date
  readonly reason: Reason
}

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

/** Reads a PEM or DER list and verifies it against the known authorities. Throws CrlError. */
export async function readCrl(
  bytes: Uint8Array,
  authorities: readonly X509Certificate[],
  crypto: webcrypto.Crypto,
): Promise<CrlFacts> {
  const crl = parse(bytes)
  const named = authorities.map((a) => new x509.X509Certificate(a.raw)).filter((a) => a.subject === crl.issuer)
  if (named.length === 0) throw new CrlError('unknown-issuer')
  let signer: x509.X509Certificate | undefined
  for (const candidate of named) if (await signedBy(crl, candidate, crypto)) signer = candidate
  if (signer === undefined) throw new CrlError('signature')
  // a delta, a partial or an indirect list marks itself by a critical extension
  if (crl.extensions.some((e) => e.critical || e.type === DELTA_CRL)) throw new CrlError('not-complete')
  if (crl.nextUpdate === undefined) throw new CrlError('no-next-update')
  const serials = new Set<string>()
  for (const entry of crl.entries) {
    if (entry.extensions.some((e) => e.critical)) throw new CrlError('not-complete')
    serials.add(serialOf(entry.serialNumber))
  }
  const spki = new Uint8Array(signer.publicKey.rawData)
  return {
    authority: createHash('sha256').update(spki).digest('hex'),
    serials,
    thisUpdate: crl.thisUpdate.getTime(),
    nextUpdate: crl.nextUpdate.getTime(),
  }
}

const CRL_NUMBER = '2.5.29.20'
const DELTA_CRL = '2.5.29.27'

function parse(bytes: Uint8Array): x509.X509Crl {
  try {
    const text = Buffer.from(bytes).toString('latin1')
    const body = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(text)?.[1]
    const der = body === undefined ? Uint8Array.from(bytes) : Uint8Array.from(Buffer.from(body, 'base64'))
    return new x509.X509Crl(der.buffer)
  } catch {
    throw new CrlError('syntax')
  }
}

async function signedBy(crl: x509.X509Crl, signer: x509.X509Certificate, crypto: webcrypto.Crypto): Promise<boolean> {
  const usage = signer.getExtension(x509.KeyUsagesExtension)
  if (usage !== null && (usage.usages & x509.KeyUsageFlags.cRLSign) === 0) return false
  try {
    return await crl.verify({ publicKey: signer.publicKey }, crypto)
  } catch {
    return false
  }
}

/** DER INTEGER of a number below 2^48. */
function derInteger(value: number): Uint8Array<ArrayBuffer> {
  let hex = value.toString(16)
  if (hex.length % 2 === 1) hex = `0${hex}`
  const body = Buffer.from(hex, 'hex')
  const lead = body[0]! >= 0x80 ? [0] : []
  return Uint8Array.from([2, body.length + lead.length, ...lead, ...body])
}
