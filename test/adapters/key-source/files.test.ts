import assert from 'node:assert/strict'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { FileKeySource, parseKeys } from '../../../src/adapters/key-source/files.ts'
import { withFiles } from '../../fixtures/tools.ts'

const crypto = webcrypto as webcrypto.Crypto
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: typeof ec.publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString()
const jwks = JSON.stringify({ keys: [{ ...ec.publicKey.export({ format: 'jwk' }), kid: 'a' }] })

describe('the key source of files', () => {
  it('reads JWK sets, single JWKs and PEM keys, and swaps them whole', async () => {
    await withFiles(
      { 'a.json': jwks, 'b.pem': pem(rsa.publicKey) + pem(generateKeyPairSync('ed25519').publicKey) },
      async (path) => {
        const problems: string[] = []
        const source = new FileKeySource(
          [
            { issuer: 'a', file: path('a.json') },
            { issuer: 'b', file: path('b.pem') },
          ],
          crypto,
          (file, problem) => problems.push(`${file === path('a.json')} ${problem}`),
        )
        assert.deepEqual(source.current().keys, [])
        assert.equal(await source.reload(), true)
        const first = source.current()
        assert.deepEqual(
          first.keys.map((k) => [k.issuer, k.alg]),
          [
            ['a', 'ES256'],
            ['b', 'RS256'],
            ['b', 'EdDSA'],
          ],
        )
        assert.equal(
          first.keys.every((k) => k.kid !== null),
          true,
        )
        assert.equal(await source.reload(), false)

        for (const bad of [
          '',
          '{',
          '{"keys":[]}',
          '[]',
          'null',
          JSON.stringify({ keys: [{ kty: 'oct', k: 'AA' }] }),
          ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        ]) {
          await writeFile(path('a.json'), bad)
          assert.equal(await source.reload(), false)
          assert.equal(source.current(), first)
        }
        assert.equal(problems.length, 7)
        assert.ok(problems.includes('true symmetric') && problems.includes('true not-keys'))

        await writeFile(path('a.json'), JSON.stringify(rsa.publicKey.export({ format: 'jwk' })))
        assert.equal(await source.reload(), true)
        assert.notEqual(source.current().version, first.version)
      },
    )
  })
  it('tells an unreadable file and keeps what it has', async () => {
    const problems: string[] = []
    const source = new FileKeySource([{ issuer: 'a', file: '/nonexistent/keys.json' }], crypto, (_, p) =>
      problems.push(p),
    )
    assert.equal(await source.reload(), false)
    assert.deepEqual([problems, source.current().keys], [['unreadable'], []])
  })
  it('gives a PEM key its RFC 7638 thumbprint as id', () => {
    const [key] = parseKeys(pem(ec.publicKey))!
    assert.match((key as { kid?: string }).kid ?? '', /^[A-Za-z0-9_-]{43}$/)
  })
})
