import assert from 'node:assert/strict'
import { webcrypto, X509Certificate } from 'node:crypto'
import { before, describe, it } from 'node:test'
import type { Consortium } from '../../src/pki/consortium.ts'
import { createCrl } from '../../src/pki/crl.ts'
import { createRoot } from '../../src/pki/issue.ts'
import { authorityId, peerFacts, readCertificates, serialOf } from '../../src/pki/peer.ts'
import { CrlError, readCrl } from '../../src/pki/read-crl.ts'
import { consortium, mint } from '../fixtures/consortium.ts'
import { lacking, run, withFiles } from '../fixtures/tools.ts'

const crypto = webcrypto as webcrypto.Crypto
const issuing = { crypto, now: new Date() }
let c: Consortium
let authorities: X509Certificate[]
before(async () => {
  c = await consortium()
  authorities = readCertificates(c.ca)
})
const read = async (pem: string | Uint8Array, known = authorities) =>
  readCrl(typeof pem === 'string' ? Buffer.from(pem) : pem, known)
const reasonOf = (pem: string | Uint8Array, known = authorities): Promise<string> =>
  read(pem, known).then(
    () => 'read',
    (error: unknown) => (error instanceof CrlError ? error.reason : String(error)),
  )

describe('revocation lists', () => {
  it('are read back as PEM and as DER, under the authority that signed them', async () => {
    const [rootList, list] = await c.crls({ revoked: ['county'], days: 3 })
    const der = Buffer.from(list.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    for (const form of [list, der]) {
      const facts = await read(form)
      assert.equal(facts.authority, authorityId(authorities[1]!))
      assert.deepEqual([...facts.serials], [serialOf(c.clients.get('county')!.serial)])
      assert.equal(facts.nextUpdate - facts.thisUpdate, 3 * 86_400_000)
    }
    assert.equal((await read(rootList)).authority, authorityId(authorities[0]!))
    assert.equal((await read(rootList)).serials.size, 0)
  })
  it('name the links of a peer', async () => {
    const facts = peerFacts(new X509Certificate(c.clients.get('county')!.certificate), authorities)
    const list = await read((await c.crls({ revoked: ['county'] }))[1])
    assert.equal(facts.anchored, true)
    assert.equal(facts.links.length, 2)
    assert.equal(facts.links[0]!.authority, list.authority)
    assert.equal(list.serials.has(facts.links[0]!.serial), true)
  })
  it('are refused from an unknown issuer or with a foreign or broken signature', async () => {
    const other = await mint({ institutions: ['x'] })
    const foreign = (await other.crls({ revoked: ['x'] }))[1]
    assert.equal(await reasonOf(foreign), 'signature')
    const stranger = await createRoot(issuing, { name: 'stranger', days: 1 })
    assert.equal(
      await reasonOf(await createCrl(issuing, stranger, { revoked: [], days: 1, number: 1 })),
      'unknown-issuer',
    )
    const der = Buffer.from((await c.crls())[1].replace(/-----[^-]+-----|\s/g, ''), 'base64')
    der[der.length - 1]! ^= 1
    assert.equal(await reasonOf(der), 'signature')
    const leafAsAuthority = [...authorities, new X509Certificate(c.server.certificate)]
    const forged = await createCrl(
      issuing,
      { ...c.intermediate, signingKey: await readKey(c.server.privateKey) },
      { revoked: [], days: 1, number: 1 },
    )
    assert.equal(await reasonOf(forged, leafAsAuthority), 'signature')
  })
  it('are refused when they are no list', async () => {
    for (const junk of ['', 'x', '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n', c.ca])
      assert.equal(await reasonOf(junk), 'syntax')
  })
  it('hold thousands of serials', async () => {
    const revoked = Array.from({ length: 2000 }, (_, i) => ({
      serial: (i + 0x10000).toString(16),
      at: issuing.now,
      reason: 'superseded' as const,
    }))
    const facts = await read(await createCrl(issuing, c.intermediate, { revoked, days: 1, number: 7 }))
    assert.equal(facts.serials.size, 2000)
    assert.equal(facts.serials.has(serialOf('010000')), true)
  })
  it('are understood by openssl', { skip: lacking('openssl') }, async () => {
    const [rootList, list] = await c.crls({ revoked: ['county'], number: 300 })
    const files = {
      'ca.pem': c.ca + rootList + list,
      'list.pem': list,
      'county.pem': c.clients.get('county')!.certificate,
      'teaching.pem': c.clients.get('teaching')!.certificate,
    }
    await withFiles(files, async (path) => {
      const verify = (file: string) =>
        run('openssl', ['verify', '-crl_check_all', '-CAfile', path('ca.pem'), path(file)])
      assert.match((await verify('teaching.pem')).out, /: OK/)
      assert.match((await verify('county.pem')).out, /certificate revoked/)
      const text = (await run('openssl', ['crl', '-in', path('list.pem'), '-noout', '-text', '-crlnumber'])).out
      assert.match(text, /Cessation Of Operation/)
      assert.match(text, /crlNumber=0x0?12C/i)
    })
  })
})

describe('a peer’s facts', () => {
  it('end unanchored when an issuer is unknown', () => {
    const leaf = new X509Certificate(c.clients.get('county')!.certificate)
    assert.deepEqual([peerFacts(leaf, []).anchored, peerFacts(leaf, []).links], [false, []])
    assert.equal(peerFacts(leaf, [authorities[1]!]).anchored, false)
    assert.equal(peerFacts(leaf, [authorities[0]!]).links.length, 0)
  })
  it('never take a leaf or a name-alike for an issuer', async () => {
    const other = await mint({ institutions: ['county'] })
    const leaf = new X509Certificate(other.clients.get('county')!.certificate)
    assert.deepEqual(peerFacts(leaf, [...authorities, new X509Certificate(c.server.certificate)]).links, [])
  })
  it('give digest, serial and dates', () => {
    const m = c.clients.get('county')!
    const facts = peerFacts(new X509Certificate(m.certificate), authorities)
    assert.deepEqual([facts.sha256, facts.thumbprint, facts.serial], [m.sha256, m.thumbprint, m.serial.toLowerCase()])
    assert.ok(facts.notBefore < Date.now() && facts.notAfter > Date.now())
  })
  it('throw on text without certificates', () => assert.throws(() => readCertificates('nothing'), RangeError))
})

function readKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  return crypto.subtle.importKey('pkcs8', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
}
