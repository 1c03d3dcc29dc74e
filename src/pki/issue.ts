/**
 * Issues certificates of a small authority: root, intermediate, TLS server and client leaves. ECDSA P-256 with SHA-256
 * (RFC 5280, RFC 5758). Pure: WebCrypto and the instant are arguments; certificates and keys go in and out as PEM text.
 */
import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

export interface Issuing {
  readonly crypto: webcrypto.Crypto
  readonly now: Date
}

export interface Issued {
  readonly certificate: string
  /** PKCS#8 PEM */
  readonly privateKey: string
}

/** A CA at work: its certificate and the key that signs leaves and CRLs. */
export interface Authority extends Issued {
  readonly signingKey: webcrypto.CryptoKey
}

export interface LeafRequest {
  readonly name: string
  readonly organization?: string
  readonly use: 'client' | 'server'
  readonly dns?: readonly string[]
  readonly ips?: readonly string[]
  readonly days: number
}

export const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000
/** clocks of partners may run behind ours by this much */
const BACKDATE = 5 * 60_000

/** A self-signed root; it may sign one level of intermediates. */
export async function createRoot(
  issuing: Issuing,
  request: { readonly name: string; readonly days: number },
): Promise<Authority> {
  const keys = await generate(issuing.crypto)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serial(issuing.crypto),
      name: distinguishedName(request.name),
      ...validity(issuing.now, request.days),
      keys,
      signingAlgorithm: EC,
      extensions: await authorityExtensions(keys.publicKey, keys.publicKey, 1, issuing.crypto),
    },
    issuing.crypto,
  )
  return authorityOf(certificate, keys.privateKey, issuing.crypto)
}

/** A CA below `parent` that may sign leaves only. */
export async function createIntermediate(
  issuing: Issuing,
  parent: Authority,
  request: { readonly name: string; readonly days: number },
): Promise<Authority> {
  const above = new x509.X509Certificate(parent.certificate)
  const keys = await generate(issuing.crypto)
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serial(issuing.crypto),
      subject: distinguishedName(request.name),
      issuer: above.subjectName,
      ...validity(issuing.now, request.days, above.notAfter),
      publicKey: keys.publicKey,
      signingKey: parent.signingKey,
      signingAlgorithm: EC,
      extensions: await authorityExtensions(keys.publicKey, above.publicKey, 0, issuing.crypto),
    },
    issuing.crypto,
  )
  return authorityOf(certificate, keys.privateKey, issuing.crypto)
}

/** A TLS leaf with a fresh P-256 key. A server without a DNS name or address is a RangeError. */
export async function issueLeaf(issuing: Issuing, parent: Authority, request: LeafRequest): Promise<Issued> {
  const keys = await generate(issuing.crypto)
  const certificate = await certifyKey(issuing, parent, keys.publicKey, request)
  return { certificate, privateKey: await exportKey(keys.privateKey, issuing.crypto) }
}

/** Certifies a public key made elsewhere (an RSA key of an old system, a CSR's key): SPKI DER or WebCrypto key. */
export async function certifyKey(
  issuing: Issuing,
  parent: Authority,
  publicKey: webcrypto.CryptoKey | Uint8Array,
  request: LeafRequest,
): Promise<string> {
  const names = [
    ...(request.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(request.ips ?? []).map((value) => ({ type: 'ip' as const, value })),
  ]
  if (request.use === 'server' && names.length === 0)
    throw new RangeError('a server certificate needs a DNS name or address')
  const above = new x509.X509Certificate(parent.certificate)
  const key = publicKey instanceof Uint8Array ? new x509.PublicKey(Uint8Array.from(publicKey).buffer) : publicKey
  const usage = request.use === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
    await x509.SubjectKeyIdentifierExtension.create(key, false, issuing.crypto),
    await x509.AuthorityKeyIdentifierExtension.create(above.publicKey, false, issuing.crypto),
  ]
  if (names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(names))
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serial(issuing.crypto),
      subject: distinguishedName(request.name, request.organization),
      issuer: above.subjectName,
      ...validity(issuing.now, request.days, above.notAfter),
      publicKey: key,
      signingKey: parent.signingKey,
      signingAlgorithm: EC,
      extensions,
    },
    issuing.crypto,
  )
  return pem(certificate)
}

/** An authority from its PEM files. Throws on a key that is not P-256 PKCS#8. */
export async function readAuthority(crypto: webcrypto.Crypto, issued: Issued): Promise<Authority> {
  const der = Buffer.from(issued.privateKey.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const signingKey = await crypto.subtle.importKey('pkcs8', der, EC, false, ['sign'])
  return { ...issued, signingKey }
}

const pem = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`

const generate = (crypto: webcrypto.Crypto): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(EC, true, ['sign', 'verify'])

async function exportKey(key: webcrypto.CryptoKey, crypto: webcrypto.Crypto): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END PRIVATE KEY-----\n`
}

async function authorityOf(
  certificate: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  crypto: webcrypto.Crypto,
): Promise<Authority> {
  return { certificate: pem(certificate), privateKey: await exportKey(signingKey, crypto), signingKey }
}

async function authorityExtensions(
  own: webcrypto.CryptoKey,
  above: webcrypto.CryptoKey | x509.PublicKey,
  pathLength: number,
  crypto: webcrypto.Crypto,
): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(own, false, crypto),
    await x509.AuthorityKeyIdentifierExtension.create(above, false, crypto),
  ]
}

/** 127 random bits, first byte never zero: positive and of one length (RFC 5280 4.1.2.2). */
function serial(crypto: webcrypto.Crypto): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

/** A leaf never outlives its issuer: chains that are valid today stay explainable tomorrow. */
function validity(now: Date, days: number, limit?: Date): { notBefore: Date; notAfter: Date } {
  const end = now.getTime() + days * DAY
  return {
    notBefore: new Date(now.getTime() - BACKDATE),
    notAfter: new Date(limit === undefined ? end : Math.min(end, limit.getTime())),
  }
}

const distinguishedName = (name: string, organization?: string): x509.JsonName =>
  organization === undefined ? [{ CN: [name] }] : [{ O: [organization] }, { CN: [name] }]
