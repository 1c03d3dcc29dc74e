import assert from 'node:assert/strict'
import { webcrypto, X509Certificate } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { readCertificates, serialOf } from '../../src/pki/peer.ts'
import { readCrl } from '../../src/pki/read-crl.ts'
import { createRsaKey, createRsaRequest } from '../../src/pki/rsa.ts'
import { veilgate } from '../fixtures/command.ts'
import { lacking, run, withFiles } from '../fixtures/tools.ts'

const crypto = webcrypto as webcrypto.Crypto

describe('veilgate certs', () => {
  it('makes an authority, issues, revokes and lists', async () => {
    await withFiles({}, async (path) => {
      const cwd = path('.')
      assert.equal((await veilgate(['certs', 'init', 'pki', '--name', 'Test'], { cwd })).code, 0)
      const again = await veilgate(['certs', 'init', 'pki'], { cwd })
      assert.equal(again.code, 1)
      assert.match(again.err, /already holds an authority/)

      const issued = await veilgate(
        ['certs', 'issue', '--dir', 'pki', '--name', 'county', '--institution', 'county', '--json'],
        { cwd },
      )
      assert.equal(issued.code, 0, issued.err)
      const { sha256, serial, files } = JSON.parse(issued.out) as { sha256: string; serial: string; files: string[] }
      const leaf = new X509Certificate(await readFile(files[0]!))
      assert.equal(leaf.fingerprint256.replaceAll(':', '').toLowerCase(), sha256)
      assert.match(leaf.subject, /O=county\nCN=county/)
      const server = await veilgate(
        [
          'certs',
          'issue',
          '--dir',
          'pki',
          '--name',
          'gateway',
          '--server',
          '--dns',
          'gw.example.org',
          '--ip',
          '10.0.0.1',
          '--rsa',
        ],
        { cwd },
      )
      assert.equal(server.code, 0, server.err)

      for (const name of await readdir(path('pki')))
        assert.equal((await stat(path(`pki/${name}`))).mode & 0o077, 0, name)
      assert.equal((await stat(path('pki'))).mode & 0o777, 0o700)

      const authorities = readCertificates(await readFile(path('pki/ca.pem'), 'utf8'))
      const list = async () => readCrl(await readFile(path('pki/issuing.crl.pem')), authorities)
      assert.equal((await list()).serials.size, 0)
      assert.equal((await veilgate(['certs', 'revoke', 'county', '--dir', 'pki'], { cwd })).code, 0)
      assert.deepEqual([...(await list()).serials], [serialOf(serial)])
      assert.equal((await veilgate(['certs', 'revoke', 'county', '--dir', 'pki'], { cwd })).code, 1)
      assert.equal((await veilgate(['certs', 'crl', '--crl-days', '30', '--dir', 'pki'], { cwd })).code, 0)
      assert.equal((await list()).nextUpdate - (await list()).thisUpdate, 30 * 86_400_000)

      const shown = await veilgate(['certs', 'list', '--dir', 'pki'], { cwd })
      assert.match(shown.out, /^revoked +client county[^\n]+\nvalid +server gateway/)
      assert.equal(shown.out.includes('PRIVATE'), false)
    })
  })

  it('packs for Java: the password is told once or written 0600', { skip: lacking('keytool') }, async () => {
    await withFiles({}, async (path) => {
      const cwd = path('.')
      await veilgate(['certs', 'init', 'pki'], { cwd })
      const told = await veilgate(['certs', 'issue', '--dir', 'pki', '--name', 'a', '--pack'], { cwd })
      const password = /told once\): (\S{24})\n/.exec(told.out)![1]!
      const pack = told.out.split('\n').find((line) => line.endsWith('.p12'))!
      assert.equal((await run('keytool', ['-list', '-keystore', pack, '-storepass', password])).code, 0)
      const filed = await veilgate(
        ['certs', 'issue', '--dir', 'pki', '--name', 'b', '--pack', '--password-file', 'b.pass'],
        { cwd },
      )
      assert.equal(filed.out.includes('told once'), false)
      assert.equal((await stat(path('b.pass'))).mode & 0o777, 0o600)
    })
  })

  it('certifies a request of an old system', async () => {
    const { privateKey } = await createRsaKey(2048, crypto)
    await withFiles({ 'old.csr': createRsaRequest(privateKey, 'whatever'), 'junk.csr': 'x' }, async (path) => {
      const cwd = path('.')
      await veilgate(['certs', 'init', 'pki'], { cwd })
      const issue = (csr: string) =>
        veilgate(['certs', 'issue', '--dir', 'pki', '--name', 'old', '--csr', csr], { cwd })
      const done = await issue('old.csr')
      assert.equal(done.code, 0, done.err)
      assert.match(new X509Certificate(await readFile(done.out.split('\n')[0]!)).subject, /CN=old/)
      assert.deepEqual([(await issue('junk.csr')).code, (await issue('none.csr')).code], [1, 1])
    })
  })

  it('tells wrong usage', async () => {
    await withFiles({}, async (path) => {
      const cwd = path('.')
      for (const args of [
        [],
        ['x'],
        ['issue'],
        ['issue', '--name', '../x'],
        ['issue', '--name', 'x', '--server'],
        ['issue', '--name', 'x', '--dns', 'h'],
        ['init'],
        ['init', 'a', '--crl-days', '0'],
        ['revoke'],
        ['revoke', 'x', '--reason', 'y'],
        ['list', '--nope'],
      ])
        assert.equal((await veilgate(['certs', ...args], { cwd })).code, 2, args.join(' '))
      const none = await veilgate(['certs', 'list'], { cwd })
      assert.deepEqual([none.code, none.err.includes('certs init')], [1, true])
    })
  })
})
