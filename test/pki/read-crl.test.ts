import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { before, describe, it } from 'node:test'
import type { Consortium } from '../../src/pki/consortium.ts'
import { readCertificates } from '../../src/pki/peer.ts'
import { CrlError, readCrl } from '../../src/pki/read-crl.ts'
import { consortium } from '../fixtures/consortium.ts'
import { lacking, run, withFiles } from '../fixtures/tools.ts'

let c: Consortium
before(async () => {
  c = await consortium()
})

it('believes no list in which any byte was changed, cut off or added', async () => {
  const authorities = readCertificates(c.ca)
  const pem = (await c.crls({ revoked: ['county', 'teaching'] }))[1]
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  readCrl(der, authorities)
  const refuse = (bytes: Buffer, what: string): void => assert.throws(() => readCrl(bytes, authorities), CrlError, what)
  for (let i = 0; i < der.length; i++) {
    for (const change of [1, 0x80, 0xff]) {
      const bytes = Buffer.from(der)
      bytes[i]! ^= change
      refuse(bytes, `byte ${i} ^ ${change}`)
    }
    refuse(der.subarray(0, i), `cut at ${i}`)
  }
  refuse(Buffer.concat([der, Buffer.from([0])]), 'a byte behind the end')
})

describe('lists of another authority, made by openssl', { skip: lacking('openssl') }, () => {
  const config = `[ca]
default_ca = d
[d]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 3
[full]
authorityKeyIdentifier = keyid
[partial]
issuingDistributionPoint = critical,@idp
[idp]
onlyuser = TRUE
`
  const index =
    'R\t300101000000Z\t261101000000Z,keyCompromise\t0A0B\tunknown\t/CN=a\nV\t300101000000Z\t\t0A0C\tunknown\t/CN=b\n'

  /** lists of a fresh authority: one complete, one for end entities only */
  async function lists(
    newkey: readonly string[],
    usage: string,
  ): Promise<{ ca: string; full: Buffer; partial: Buffer }> {
    return withFiles({ 'ca.cnf': config, 'index.txt': index, crlnumber: '05\n' }, async (path) => {
      await writeFile(
        path('ca.cnf'),
        config.replace('index.txt', path('index.txt')).replace('= crlnumber', `= ${path('crlnumber')}`),
      )
      const self = [
        'req',
        '-x509',
        ...newkey,
        '-nodes',
        '-keyout',
        path('key.pem'),
        '-out',
        path('ca.pem'),
        '-subj',
        '/O=省平台/CN=foreign CA',
        '-utf8',
        '-days',
        '2',
        '-addext',
        `keyUsage=critical,${usage}`,
      ]
      const made = await run('openssl', self)
      assert.equal(made.code, 0, made.out)
      const list = async (section: string): Promise<Buffer> => {
        const done = await run('openssl', [
          'ca',
          '-gencrl',
          '-config',
          path('ca.cnf'),
          '-crlexts',
          section,
          '-keyfile',
          path('key.pem'),
          '-cert',
          path('ca.pem'),
          '-out',
          path('list.pem'),
        ])
        assert.equal(done.code, 0, done.out)
        return readFile(path('list.pem'))
      }
      return { ca: await readFile(path('ca.pem'), 'utf8'), full: await list('full'), partial: await list('partial') }
    })
  }
  const reasonOf = (bytes: Buffer, ca: string): string => {
    try {
      readCrl(bytes, readCertificates(ca))
      return 'read'
    } catch (error) {
      return error instanceof CrlError ? error.reason : String(error)
    }
  }

  it('are read under RSA and P-384 keys', async () => {
    for (const key of [
      ['-newkey', 'rsa:2048'],
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
    ]) {
      const { ca, full } = await lists(key, 'keyCertSign,cRLSign')
      const facts = readCrl(full, readCertificates(ca))
      assert.deepEqual([...facts.serials], ['a0b'])
      assert.equal(facts.nextUpdate - facts.thisUpdate, 3 * 86_400_000)
    }
  })
  it('are refused when they cover a part only', async () => {
    const { ca, partial } = await lists(['-newkey', 'rsa:2048'], 'keyCertSign,cRLSign')
    assert.equal(reasonOf(partial, ca), 'not-complete')
  })
  it('are refused from a key that may not sign lists', async () => {
    const { ca, full } = await lists(['-newkey', 'rsa:2048'], 'keyCertSign')
    assert.equal(reasonOf(full, ca), 'signature')
  })
})
