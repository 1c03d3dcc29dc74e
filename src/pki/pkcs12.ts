/**
 * PKCS#12 packs (RFC 7292) for Java and Windows clients: key, certificate and chain under one password. The structure
 * is put together here because node-forge's own builder reads RSA certificates only; its ASN.1, key derivation and
 * PKCS#8 encryption (PBES2, AES-256, HMAC-SHA-256) take keys and certificates of any kind as they are.
 */
import forge from 'node-forge'

export interface Pack {
  /** PKCS#8 PEM */
  readonly privateKey: string
  /** PEM, leaf first */
  readonly certificates: readonly string[]
  /** alias the entry gets in a key store */
  readonly name: string
  readonly password: string
}

const ITERATIONS = 10_000
const { asn1, pki } = forge
const OID = {
  data: '1.2.840.113549.1.7.1',
  certBag: '1.2.840.113549.1.12.10.1.3',
  keyBag: '1.2.840.113549.1.12.10.1.2',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const

/** DER of the pack. `random` gives as many bytes as asked (for the MAC's salt). Throws on a short password or a broken PEM. */
export function createPack(pack: Pack, random: (count: number) => Uint8Array): Uint8Array {
  if (pack.password.length < 12) throw new RangeError('the password of a pack has at least 12 characters')
  const [leaf] = pack.certificates
  if (leaf === undefined) throw new RangeError('a pack holds at least one certificate')
  const keyId = forge.md.sha256.create().update(derOf(leaf)).digest().getBytes()
  const attributes = set(
    sequence(oid(OID.friendlyName), set(primitive(asn1.Type.BMPSTRING, pack.name))),
    sequence(oid(OID.localKeyId), set(octets(keyId))),
  )
  const certificates = pack.certificates.map((pem, i) =>
    sequence(
      oid(OID.certBag),
      explicit(sequence(oid(OID.x509), explicit(octets(derOf(pem))))),
      ...(i === 0 ? [attributes] : []),
    ),
  )
  const shrouded = pki.encryptPrivateKeyInfo(asn1.fromDer(derOf(pack.privateKey)), pack.password, {
    algorithm: 'aes256',
    count: ITERATIONS,
    saltSize: 16,
    prfAlgorithm: 'sha256',
  })
  const key = sequence(oid(OID.keyBag), explicit(shrouded), attributes)
  const safe = sequence(content(sequence(...certificates)), content(sequence(key)))
  const salt = Buffer.from(random(16)).toString('latin1')
  const pfx = sequence(
    primitive(asn1.Type.INTEGER, '\x03'),
    sequence(oid(OID.data), explicit(octets(der(safe)))),
    macData(der(safe), pack.password, salt),
  )
  return Uint8Array.from(Buffer.from(der(pfx), 'latin1'))
}

/** Integrity under the same password: RFC 7292 appendix B key, HMAC-SHA-256. */
function macData(safe: string, password: string, salt: string): forge.asn1.Asn1 {
  // the md argument exists (RFC 7292 B.2 with any digest) but is missing from the type definitions
  const derive = forge.pkcs12.generateKey as unknown as (
    password: string,
    salt: forge.util.ByteStringBuffer,
    id: number,
    iterations: number,
    length: number,
    md: forge.md.MessageDigest,
  ) => forge.util.ByteStringBuffer
  const key = derive(password, forge.util.createBuffer(salt), 3, ITERATIONS, 32, forge.md.sha256.create())
  const mac = forge.hmac.create()
  mac.start(forge.md.sha256.create() as never, key)
  mac.update(safe)
  return sequence(
    sequence(sequence(oid(OID.sha256), primitive(asn1.Type.NULL, '')), octets(mac.getMac().getBytes())),
    octets(salt),
    primitive(asn1.Type.INTEGER, asn1.integerToDer(ITERATIONS).getBytes()),
  )
}

type Node = forge.asn1.Asn1
const sequence = (...items: Node[]): Node => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, items)
const set = (...items: Node[]): Node => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SET, true, items)
const primitive = (type: forge.asn1.Type, bytes: string): Node => asn1.create(asn1.Class.UNIVERSAL, type, false, bytes)
const octets = (bytes: string): Node => primitive(asn1.Type.OCTETSTRING, bytes)
const oid = (dotted: string): Node => primitive(asn1.Type.OID, asn1.oidToDer(dotted).getBytes())
const explicit = (inner: Node): Node => asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, true, [inner])
const der = (node: Node): string => asn1.toDer(node).getBytes()
const content = (inner: Node): Node => sequence(oid(OID.data), explicit(octets(der(inner))))

/** DER bytes, one character each, of the first PEM block. */
const derOf = (pem: string): string => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('latin1')
