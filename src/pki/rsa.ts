/**
 * RSA keys and requests for old systems that know no elliptic curves (PKCS#10, RFC 2986). Key and
 * request are made here, the certificate by issue.ts: node-forge signs no ECDSA, our authority signs nothing else.
 */
import type { webcrypto } from 'node:crypto'
import forge from 'node-forge'

export interface RsaKeyPair {
  /** PKCS#8 PEM */
  readonly privateKey: string
  /** SubjectPublicKeyInfo, DER */
  readonly publicKey: Uint8Array
}

/** 2048 bits or more. */
export async function createRsaKey(bits: number, crypto: webcrypto.Crypto): Promise<RsaKeyPair> {
  if (bits < 2048) throw new RangeError('RSA keys have at least 2048 bits')
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: bits, publicExponent: F4, hash: 'SHA-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64')
  return {
    privateKey: `-----BEGIN PRIVATE KEY-----\n${base64.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END PRIVATE KEY-----\n`,
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
  }
}

const F4 = new Uint8Array([1, 0, 1])

/** A certificate request signed with the RSA key, PEM. */
export function createRsaRequest(privateKeyPem: string, name: string, organization?: string): string {
  const key = forge.pki.privateKeyFromPem(privateKeyPem)
  const csr = forge.pki.createCertificationRequest()
  csr.publicKey = forge.pki.setRsaPublicKey(key.n, key.e)
  const subject = [{ name: 'commonName', value: name, valueTagClass: forge.asn1.Type.UTF8 }]
  if (organization !== undefined)
    subject.unshift({ name: 'organizationName', value: organization, valueTagClass: forge.asn1.Type.UTF8 })
  csr.setSubject(subject as unknown as forge.pki.CertificateField[])
  csr.sign(key, forge.md.sha256.create())
  return forge.pki.certificationRequestToPem(csr).replaceAll('\r\n', '\n')
}

/** The public key of an RSA request whose own signature is good; null otherwise (proof of possession). */
export function readRsaRequest(pem: string): Uint8Array | null {
  try {
    const csr = forge.pki.certificationRequestFromPem(pem)
    if (!csr.verify()) return null
    const key = csr.publicKey as forge.pki.rsa.PublicKey
    return key.n.bitLength() >= 2048 ? spki(key) : null
  } catch {
    return null
  }
}

const spki = (key: forge.pki.rsa.PublicKey): Uint8Array =>
  Uint8Array.from(Buffer.from(forge.asn1.toDer(forge.pki.publicKeyToAsn1(key)).getBytes(), 'latin1'))
