import assert from 'node:assert/strict'
import { randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { before, describe, it } from 'node:test'
import type { Consortium } from '../../src/pki/consortium.ts'
import { certifyKey } from '../../src/pki/issue.ts'
import { createPack } from '../../src/pki/pkcs12.ts'
import { createRsaKey, createRsaRequest, readRsaRequest } from '../../src/pki/rsa.ts'
import { consortium } from '../fixtures/consortium.ts'
import { lacking, run, withFiles } from '../fixtures/tools.ts'

const crypto = webcrypto as webcrypto.Crypto
const issuing = { crypto, now: new Date() }
const password = 'only-for-this-test'
const random = (n: number): Uint8Array => randomBytes(n)
let c: Consortium
before(async () => {
  c = await consortium()
})

/** An elliptic and an RSA pack with the certificate each holds. */
async function packs(): Promise<[string, Uint8Array, string][]> {
  const m = c.clients.get('county')!
  const rsa = await createRsaKey(2048, crypto)
  const old = await certifyKey(issuing, c.intermediate, rsa.publicKey, { name: 'old-his', use: 'client', days: 1 })
  const chain = [c.intermediate.certificate, c.root.certificate]
  return [
    [
      'ec',
      createPack(
        { privateKey: m.privateKey, certificates: [m.certificate, ...chain], name: '县医院', password },
        random,
      ),
      m.certificate,
    ],
    [
      'rsa',
      createPack({ privateKey: rsa.privateKey, certificates: [old, ...chain], name: 'old-his', password }, random),
      old,
    ],
  ]
}

describe('PKCS#12 packs', () => {
  it('are read by openssl, key and chain', { skip: lacking('openssl') }, async () => {
    for (const [kind, pack, certificate] of await packs())
      await withFiles({ 'p.p12': pack }, async (path) => {
        const { code, out } = await run('openssl', [
          'pkcs12',
          '-in',
          path('p.p12'),
          '-passin',
          `pass:${password}`,
          '-noenc',
        ])
        assert.equal(code, 0, `${kind}: ${out}`)
        assert.match(out, /BEGIN PRIVATE KEY/)
        assert.equal(out.match(/BEGIN CERTIFICATE/g)?.length, 3)
        const leaf = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(out)![0]
        assert.equal(new X509Certificate(leaf).fingerprint256, new X509Certificate(certificate).fingerprint256)
        const wrong = await run('openssl', ['pkcs12', '-in', path('p.p12'), '-passin', 'pass:wrong-password', '-noenc'])
        assert.notEqual(wrong.code, 0)
      })
  })
  it('are read by keytool with the whole chain', { skip: lacking('keytool') }, async () => {
    for (const [kind, pack, certificate] of await packs())
      await withFiles({ 'p.p12': pack }, async (path) => {
        const { code, out } = await run('keytool', [
          '-list',
          '-v',
          '-storetype',
          'PKCS12',
          '-keystore',
          path('p.p12'),
          '-storepass',
          password,
        ])
        assert.equal(code, 0, `${kind}: ${out}`)
        assert.match(out, /PrivateKeyEntry/)
        assert.match(out, /Certificate chain length: 3/)
        assert.ok(out.includes(new X509Certificate(certificate).fingerprint256))
      })
  })
  it('need a long password and a certificate', () => {
    const m = c.clients.get('county')!
    assert.throws(
      () =>
        createPack({ privateKey: m.privateKey, certificates: [m.certificate], name: 'x', password: 'short' }, random),
      RangeError,
    )
    assert.throws(
      () => createPack({ privateKey: m.privateKey, certificates: [], name: 'x', password }, random),
      RangeError,
    )
  })
})

describe('RSA for old systems', () => {
  it('makes requests that openssl and our own reader take', { skip: lacking('openssl') }, async () => {
    const { privateKey, publicKey } = await createRsaKey(2048, crypto)
    const request = createRsaRequest(privateKey, '旧系统', 'county')
    assert.deepEqual(readRsaRequest(request), publicKey)
    await withFiles({ 'r.csr': request }, async (path) => {
      const { code, out } = await run('openssl', [
        'req',
        '-in',
        path('r.csr'),
        '-verify',
        '-noout',
        '-subject',
        '-nameopt',
        'utf8',
      ])
      assert.equal(code, 0, out)
      assert.match(out, /旧系统/)
    })
  })
  it('refuses short keys, broken requests and requests of other keys', async () => {
    await assert.rejects(createRsaKey(1024, crypto), RangeError)
    const { privateKey } = await createRsaKey(2048, crypto)
    const request = createRsaRequest(privateKey, 'x')
    const der = Buffer.from(request.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    der[der.length - 9]! ^= 1
    const broken = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
    for (const text of ['', 'x', broken]) assert.equal(readRsaRequest(text), null)
  })
})
