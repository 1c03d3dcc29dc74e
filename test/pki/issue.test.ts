import assert from 'node:assert/strict'
import { webcrypto, X509Certificate } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { type Consortium, member } from '../../src/pki/consortium.ts'
import { createRoot, issueLeaf, readAuthority } from '../../src/pki/issue.ts'
import { consortium } from '../fixtures/consortium.ts'
import { lacking, run, withFiles } from '../fixtures/tools.ts'

const issuing = { crypto: webcrypto as webcrypto.Crypto, now: new Date() }
let c: Consortium
before(async () => {
  c = await consortium()
})

describe('issued certificates', () => {
  it('form a chain that node:crypto verifies', () => {
    const [root, issuingCa] = [new X509Certificate(c.root.certificate), new X509Certificate(c.intermediate.certificate)]
    assert.equal(root.verify(root.publicKey), true)
    assert.equal(issuingCa.checkIssued(root) && issuingCa.verify(root.publicKey), true)
    for (const m of [c.server, ...c.clients.values()]) {
      const leaf = new X509Certificate(m.certificate)
      assert.equal(leaf.checkIssued(issuingCa) && leaf.verify(issuingCa.publicKey), true)
      assert.equal(leaf.ca, false)
      assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
      assert.ok(Date.parse(leaf.validTo) <= Date.parse(issuingCa.validTo))
    }
  })
  it('carry names and usages', () => {
    const server = new X509Certificate(c.server.certificate)
    assert.equal(server.checkHost('localhost'), 'localhost')
    assert.equal(server.checkIP('127.0.0.1'), '127.0.0.1')
    assert.deepEqual(server.keyUsage, ['1.3.6.1.5.5.7.3.1'])
    assert.deepEqual(new X509Certificate(c.clients.get('county')!.certificate).keyUsage, ['1.3.6.1.5.5.7.3.2'])
  })
  it('have long, positive, distinct serials', () => {
    const serials = [c.server, ...c.clients.values()].map((m) => m.serial)
    assert.equal(new Set(serials).size, serials.length)
    for (const s of serials) assert.match(s, /^[4-7][0-9A-F]{31}$/)
  })
  it('never outlive their issuer', async () => {
    const root = await createRoot(issuing, { name: 'short', days: 1 })
    const leaf = await issueLeaf(issuing, root, { name: 'x', use: 'client', days: 900 })
    const until = (pem: string): number => Date.parse(new X509Certificate(pem).validTo)
    assert.equal(until(leaf.certificate), until(root.certificate))
  })
  it('need a name when they are for servers', async () => {
    await assert.rejects(issueLeaf(issuing, c.intermediate, { name: 'x', use: 'server', days: 1 }), RangeError)
  })
  it('come from an authority read back from its files as well', async () => {
    const again = await readAuthority(issuing.crypto, c.intermediate)
    const leaf = await issueLeaf(issuing, again, { name: 'x', use: 'client', days: 1 })
    const m = member('x', leaf, again)
    assert.equal(new X509Certificate(m.der).verify(new X509Certificate(c.intermediate.certificate).publicKey), true)
    assert.equal(Buffer.from(m.thumbprint, 'base64url').toString('hex'), m.sha256)
  })
  it('pass openssl verify -x509_strict with their purposes', { skip: lacking('openssl') }, async () => {
    await withFiles(
      {
        'root.pem': c.root.certificate,
        'ca.pem': c.intermediate.certificate,
        'server.pem': c.server.certificate,
        'client.pem': c.clients.get('county')!.certificate,
      },
      async (path) => {
        const verify = (purpose: string, file: string): Promise<{ code: number; out: string }> =>
          run('openssl', [
            'verify',
            '-x509_strict',
            '-purpose',
            purpose,
            '-CAfile',
            path('root.pem'),
            '-untrusted',
            path('ca.pem'),
            path(file),
          ])
        for (const [purpose, file, code] of [
          ['sslserver', 'server.pem', 0],
          ['sslclient', 'client.pem', 0],
          ['sslserver', 'client.pem', 2],
          ['sslclient', 'server.pem', 2],
        ] as const) {
          const result = await verify(purpose, file)
          assert.equal(result.code, code, `${purpose} ${file}: ${result.out}`)
        }
      },
    )
  })
})
