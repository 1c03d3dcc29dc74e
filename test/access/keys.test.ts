import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto'
import { describe, it } from 'node:test'
import { importKeySet, KeySetError } from '../../src/access/keys.ts'

const crypto = webcrypto as webcrypto.Crypto
const jwk = (key: KeyObject, more: Record<string, unknown> = {}): webcrypto.JsonWebKey =>
  ({ ...key.export({ format: 'jwk' }), ...more }) as webcrypto.JsonWebKey
const load = (...jwks: webcrypto.JsonWebKey[]) => importKeySet([{ issuer: 'i', jwks }], crypto)
const refusal = async (...jwks: webcrypto.JsonWebKey[]): Promise<string> => {
  try {
    await load(...jwks)
    return 'taken'
  } catch (error) {
    assert.ok(error instanceof KeySetError)
    return `${error.problem} ${error.issuer} ${error.index}`
  }
}

describe('key sets', () => {
  it('take each admitted kind under its algorithm', async () => {
    const set = await load(
      jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
      jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
      jwk(generateKeyPairSync('ed25519').publicKey),
      jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey),
      jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey, { alg: 'PS256' }),
    )
    assert.deepEqual(
      set.keys.map((k) => k.alg),
      ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'],
    )
  })
  it('refuse everything else', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    assert.equal(await refusal({ kty: 'oct', k: 'AAAA' }), 'symmetric 0 0')
    assert.equal(await refusal(jwk(ec.publicKey), jwk(ec.privateKey)), 'private 0 1')
    assert.equal(await refusal(jwk(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)), 'too-short 0 0')
    assert.equal(await refusal(jwk(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey)), 'algorithm 0 0')
    assert.equal(await refusal(jwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)), 'algorithm 0 0')
    assert.equal(await refusal(jwk(ec.publicKey, { alg: 'HS256' })), 'algorithm 0 0')
    assert.equal(await refusal(jwk(ec.publicKey, { alg: 'ES384' })), 'algorithm 0 0')
    assert.equal(await refusal(jwk(ec.publicKey, { use: 'enc' })), 'not-for-signatures 0 0')
    assert.equal(await refusal(jwk(ec.publicKey, { key_ops: ['sign'] })), 'not-for-signatures 0 0')
    assert.equal(await refusal(jwk(ec.publicKey, { kid: 'a' }), jwk(ec.publicKey, { kid: 'a' })), 'kid-twice 0 1')
    assert.equal(await refusal({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }), 'not-a-key 0 0')
    assert.equal(await refusal(null as unknown as webcrypto.JsonWebKey), 'not-a-key 0 0')
  })
  it('have a version that follows their content', async () => {
    const [a, b] = [jwk(generateKeyPairSync('ed25519').publicKey), jwk(generateKeyPairSync('ed25519').publicKey)]
    assert.equal((await load(a)).version, (await load({ ...a, ext: false })).version)
    assert.notEqual((await load(a)).version, (await load(b)).version)
    assert.notEqual((await load(a)).version, (await load({ ...a, kid: 'x' } as webcrypto.JsonWebKey)).version)
    assert.notEqual((await load(a)).version, (await importKeySet([{ issuer: 'j', jwks: [a] }], crypto)).version)
  })
})
