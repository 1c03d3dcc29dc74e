import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject, sign, webcrypto } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { importKeySet, type KeySet } from '../../src/access/keys.ts'
import { bearerToken, MAX_TOKEN, type TokenContext, TokenJudge } from '../../src/access/token.ts'
import type { Consortium } from '../../src/pki/consortium.ts'
import { AUDIENCE, consortium, mint, signToken } from '../fixtures/consortium.ts'

const crypto = webcrypto as webcrypto.Crypto
const NOW = Math.floor(Date.now() / 1000)
let c: Consortium
let keys: KeySet
let judge: TokenJudge
let county: TokenContext

before(async () => {
  c = await consortium()
  keys = await importKeySet([{ issuer: c.issuer.issuer, jwks: c.issuer.jwks.keys }], crypto)
  judge = new TokenJudge({ audience: AUDIENCE }, () => keys)
  county = { now: NOW * 1000, thumbprint: c.clients.get('county')!.thumbprint, institution: 'county' }
})

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const claims = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  iss: c.issuer.issuer,
  aud: AUDIENCE,
  sub: 's',
  inst: 'county',
  iat: NOW,
  exp: NOW + 600,
  scope: 'a b',
  roles: ['doctor'],
  cnf: { 'x5t#S256': county.thumbprint },
  ...change,
})
/** A token with a good ES256 signature over whatever header and claims. */
async function forge(payload: unknown, header: Record<string, unknown> = {}): Promise<string> {
  const text = `${b64({ alg: 'ES256', kid: c.issuer.kid, ...header })}.${b64(payload)}`
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, c.issuer.privateKey, Buffer.from(text))
  return `${text}.${Buffer.from(signature).toString('base64url')}`
}
async function codeOf(token: string, context: Partial<TokenContext> = {}): Promise<string> {
  const verdict = await judge.verify(token, { ...county, ...context })
  return typeof verdict === 'string' ? verdict : 'ok'
}

describe('the bearer token of raw headers (RFC 6750)', () => {
  const of = (...headers: string[]): string => {
    const r = bearerToken(headers)
    return r.ok ? r.value : r.code
  }
  it('is found whatever the case of name and scheme', () => {
    assert.equal(of('Host', 'h', 'authorization', 'bearer a.b.c'), 'a.b.c')
    assert.equal(of('AUTHORIZATION', 'BEARER  a.b.c'), 'a.b.c')
  })
  it('is missing without the header, with another scheme, or empty', () => {
    for (const headers of [
      [],
      ['Authorization', 'Basic x'],
      ['Authorization', 'Bearer'],
      ['Authorization', 'Bearer '],
      ['Authorization', ''],
      ['Authorization', 'Bearerx'],
    ])
      assert.equal(of(...headers), 'TOKEN_MISSING')
  })
  it('X10: is refused when two headers stand there, or it is over 8 KB', () => {
    assert.equal(of('Authorization', 'Bearer a.b.c', 'authorization', 'Bearer a.b.c'), 'TOKEN_MALFORMED')
    assert.equal(of('Authorization', `Bearer ${'a'.repeat(MAX_TOKEN + 1)}`), 'TOKEN_MALFORMED')
    assert.equal(of('Authorization', 'Bearer a b'), 'TOKEN_MALFORMED')
    assert.equal(judge.judge('a'.repeat(MAX_TOKEN + 1), county), 'TOKEN_MALFORMED')
  })
})

describe('a good token', () => {
  it('gives the principal, then synchronously', async () => {
    const token = await signToken(c, 'county', {
      scopes: ['his.bill', 'x'],
      project: 'p-1',
      user: 'h',
      purpose: 'TREAT',
    })
    assert.equal(judge.judge(token, county), 'verify')
    const principal = await judge.verify(token, county)
    assert.ok(typeof principal !== 'string')
    assert.deepEqual(principal.scopes, ['his.bill', 'x'])
    assert.deepEqual(principal.roles, ['doctor'])
    assert.equal(principal.project, 'p-1')
    assert.equal(principal.scenario, 'treatment')
    assert.equal(judge.judge(token, county), principal)
  })
  it('may spell roles and audience as word or list, and leave nbf and jti out', async () => {
    assert.equal(await codeOf(await forge(claims({ roles: undefined, role: 'nurse', aud: ['x', AUDIENCE] }))), 'ok')
    assert.equal(await codeOf(await forge(claims({ scope: ['a', 'b'], nbf: NOW - 5 }))), 'ok')
    assert.equal(await codeOf(await forge(claims(), { kid: undefined, typ: 'application/at+jwt', x5t: 'abc' })), 'ok')
  })
})

describe('bound to certificate and institution', () => {
  it('X05: institution A’s token over institution B’s certificate is TOKEN_CERT_MISMATCH', async () => {
    const token = await signToken(c, 'teaching')
    assert.equal(await codeOf(token), 'TOKEN_CERT_MISMATCH')
    assert.equal(judge.judge(token, county), 'TOKEN_CERT_MISMATCH')
  })
  it('X06: a token without cnf is refused', async () => {
    assert.equal(await codeOf(await signToken(c, 'county', { thumbprint: null })), 'TOKEN_CERT_MISMATCH')
    for (const cnf of [
      null,
      {},
      'x',
      { 'x5t#S256': '' },
      { 'x5t#S256': 1 },
      { jkt: county.thumbprint },
      { 'x5t#S256': `${county.thumbprint}=` },
    ])
      assert.equal(await codeOf(await forge(claims({ cnf }))), 'TOKEN_CERT_MISMATCH', JSON.stringify(cnf))
    assert.equal(
      await codeOf(await forge(claims({ cnf: { 'x5t#S256': '' } })), { thumbprint: '' }),
      'TOKEN_CERT_MISMATCH',
    )
  })
  it('the institution claim must be the certificate’s', async () => {
    assert.equal(await codeOf(await forge(claims({ inst: 'teaching' }))), 'TOKEN_INSTITUTION_MISMATCH')
  })
})

describe('X07, X08: algorithms', () => {
  it('refuses none in every spelling, with and without a signature', async () => {
    for (const alg of ['none', 'None', 'nOnE', 'NONE', '', 'ES256 ', null, 1, undefined])
      for (const signature of ['', 'AA'])
        assert.equal(await codeOf(`${b64({ alg })}.${b64(claims())}.${signature}`), 'TOKEN_ALG_REJECTED', String(alg))
  })
  it('refuses HS256 signed with the public key, in each of its forms', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'rsa' }
    const set = await importKeySet([{ issuer: c.issuer.issuer, jwks: [jwk as webcrypto.JsonWebKey] }], crypto)
    const rsa = new TokenJudge({ audience: AUDIENCE }, () => set)
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      publicKey.export({ type: 'pkcs1', format: 'pem' }),
      JSON.stringify(jwk),
    ]
    for (const secret of secrets) {
      const text = `${b64({ alg: 'HS256', kid: 'rsa' })}.${b64(claims())}`
      const token = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
      assert.equal(await rsa.verify(token, county), 'TOKEN_ALG_REJECTED')
    }
  })
  it('holds every key to its one algorithm', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' } as webcrypto.JsonWebKey
    const set = await importKeySet([{ issuer: c.issuer.issuer, jwks: [jwk] }], crypto)
    const rsa = new TokenJudge({ audience: AUDIENCE }, () => set)
    const signed = (alg: string, key: KeyObject, padding?: number): string => {
      const text = `${b64({ alg, kid: 'rsa' })}.${b64(claims())}`
      const signature = sign(
        'sha256',
        Buffer.from(text),
        padding === undefined ? key : { key, padding, saltLength: 32 },
      )
      return `${text}.${signature.toString('base64url')}`
    }
    assert.equal(typeof (await rsa.verify(signed('RS256', privateKey), county)), 'object')
    assert.equal(await rsa.verify(signed('PS256', privateKey, 6), county), 'TOKEN_ALG_REJECTED')
    assert.equal(await rsa.verify(signed('RS512', privateKey), county), 'TOKEN_ALG_REJECTED')
    assert.equal(await rsa.verify(signed('ES256', privateKey), county), 'TOKEN_ALG_REJECTED')
  })
})

describe('X09: keys come from the configured set only', () => {
  it('refuses unknown, hostile and misshapen kid', async () => {
    for (const kid of ['other', '../../etc/passwd', 'http://evil/', "' OR 1=1", '__proto__', 'constructor'])
      assert.equal(await codeOf(await forge(claims(), { kid })), 'TOKEN_SIGNATURE_INVALID', kid)
    for (const kid of [1, null, {}, []]) assert.equal(await codeOf(await forge(claims(), { kid })), 'TOKEN_MALFORMED')
  })
  it('refuses headers that bring a key or demand understanding', async () => {
    for (const header of [
      { jwk: c.issuer.jwks.keys[0] },
      { jku: 'https://evil/' },
      { x5u: 'https://evil/' },
      { x5c: ['x'] },
      { crit: ['b64'], b64: false },
      { crit: ['exp'] },
      { zip: 'DEF' },
      { typ: 'JWE' },
      { typ: 1 },
      { other: 1 },
    ])
      assert.equal(await codeOf(await forge(claims(), header)), 'TOKEN_MALFORMED', JSON.stringify(header))
  })
  it('refuses a key of another consortium', async () => {
    const other = await mint({ institutions: ['county'] })
    assert.equal(await codeOf(await signToken(other, 'county')), 'TOKEN_SIGNATURE_INVALID')
  })
})

describe('X10: times, issuer, audience, claims', () => {
  it('judges times on every call, with the tolerance', async () => {
    const token = await forge(claims({ nbf: NOW }))
    assert.equal(await codeOf(token), 'ok')
    const at = (seconds: number): unknown => {
      const v = judge.judge(token, { ...county, now: (NOW + seconds) * 1000 })
      return typeof v === 'string' ? v : 'ok'
    }
    assert.deepEqual(
      [at(-31), at(-30), at(0), at(629), at(630), at(9999)],
      ['TOKEN_NOT_YET_VALID', 'ok', 'ok', 'ok', 'TOKEN_EXPIRED', 'TOKEN_EXPIRED'],
    )
  })
  it('has an exact code for each fault', async () => {
    const cases: readonly [Record<string, unknown>, string][] = [
      [{ exp: NOW - 100, iat: NOW - 200 }, 'TOKEN_EXPIRED'],
      [{ iat: NOW + 100 }, 'TOKEN_NOT_YET_VALID'],
      [{ nbf: NOW + 100 }, 'TOKEN_NOT_YET_VALID'],
      [{ iss: 'https://evil' }, 'TOKEN_ISSUER'],
      [{ iss: undefined }, 'TOKEN_CLAIMS'],
      [{ aud: 'other' }, 'TOKEN_AUDIENCE'],
      [{ aud: [] }, 'TOKEN_AUDIENCE'],
      [{ aud: undefined }, 'TOKEN_CLAIMS'],
      [{ exp: String(NOW + 600) }, 'TOKEN_CLAIMS'],
      [{ exp: undefined }, 'TOKEN_CLAIMS'],
      [{ exp: NOW + 3601 }, 'TOKEN_CLAIMS'],
      [{ exp: 1e300 }, 'TOKEN_CLAIMS'],
      [{ exp: NOW }, 'TOKEN_CLAIMS'],
      [{ iat: undefined }, 'TOKEN_CLAIMS'],
      [{ iat: NOW - 3600, exp: NOW + 600 }, 'TOKEN_CLAIMS'],
      [{ nbf: 'now' }, 'TOKEN_CLAIMS'],
      [{ sub: undefined }, 'TOKEN_CLAIMS'],
      [{ inst: undefined }, 'TOKEN_CLAIMS'],
      [{ inst: ['county'] }, 'TOKEN_CLAIMS'],
      [{ roles: [1] }, 'TOKEN_CLAIMS'],
      [{ roles: { doctor: true } }, 'TOKEN_CLAIMS'],
      [{ scope: 1 }, 'TOKEN_CLAIMS'],
      [{ scn: 'a\r\nx-evil: 1' }, 'TOKEN_CLAIMS'],
      [{ sub: '张三' }, 'TOKEN_CLAIMS'],
      [{ usr: 'a b' }, 'TOKEN_CLAIMS'],
    ]
    for (const [change, code] of cases)
      assert.equal(await codeOf(await forge(claims(change))), code, JSON.stringify(change))
    for (const payload of [[], 'x', null, 1])
      assert.equal(await codeOf(await forge(payload === 'x' ? 'x' : payload)), 'TOKEN_CLAIMS')
    assert.equal(await codeOf(await forge(claims({ exp: NOW + 3600 }))), 'ok')
  })
  it('takes one spelling of a compact JWS', async () => {
    const token = await forge(claims())
    const [h, p, s] = token.split('.') as [string, string, string]
    for (const bad of [
      '',
      '.',
      '..',
      'a',
      `${h}.${p}`,
      `${token}.`,
      `${token}.x`,
      `${h}.${p}.${s}=`,
      `${h}.${p}.${s}\n`,
      ` ${token}`,
      `${h}.${p}.${s.slice(0, -1)}`,
      `${h}.${p} .${s}`,
      `${b64('[]')}.${p}.${s}`,
      `${b64('x')}.${p}.${s}`,
    ])
      assert.ok(['TOKEN_MALFORMED', 'TOKEN_ALG_REJECTED'].includes(await codeOf(bad)), bad)
    assert.equal(await codeOf(`${h}.${p}.${s.startsWith('A') ? 'B' : 'A'}${s.slice(1)}`), 'TOKEN_SIGNATURE_INVALID')
    assert.equal(await codeOf(`${h}.${b64(claims({ inst: 'x' }))}.${s}`), 'TOKEN_SIGNATURE_INVALID')
    assert.equal(await codeOf(`${h}.${p}.`), 'TOKEN_MALFORMED')
    assert.equal(await codeOf(`${h}.${p}.${Buffer.alloc(64).toString('base64url')}`), 'TOKEN_SIGNATURE_INVALID')
  })
})

describe('the cache of verified tokens', () => {
  it('keeps nothing about refused tokens', async () => {
    const own = new TokenJudge({ audience: AUDIENCE }, () => keys)
    await own.verify('a.b.c', county)
    await own.verify(await forge(claims({ exp: 'x' })), county)
    assert.equal(own.size, 0)
  })
  it('is bounded', async () => {
    const own = new TokenJudge({ audience: AUDIENCE, cacheSize: 4 }, () => keys)
    for (let i = 0; i < 12; i++) {
      await own.verify(await signToken(c, 'county', { tokenId: `t${i}` }), county)
      assert.ok(own.size <= 4)
    }
  })
  it('forgets everything when the key set changes', async () => {
    let set = keys
    const own = new TokenJudge({ audience: AUDIENCE }, () => set)
    const token = await signToken(c, 'county')
    await own.verify(token, county)
    assert.equal(typeof own.judge(token, county), 'object')
    set = { version: 'next', keys: [] }
    assert.equal(own.judge(token, county), 'verify')
    assert.equal(await own.verify(token, county), 'TOKEN_SIGNATURE_INVALID')
  })
  it('judges anew when the set is swapped during a verification', async () => {
    let set = keys
    const own = new TokenJudge({ audience: AUDIENCE }, () => set)
    const running = own.verify(await signToken(c, 'county'), county)
    set = { version: 'gone', keys: [] }
    assert.equal(await running, 'TOKEN_SIGNATURE_INVALID')
    assert.equal(own.size, 0)
  })
  it('shares one verification among equal tokens in flight', async () => {
    const own = new TokenJudge({ audience: AUDIENCE }, () => keys)
    const token = await signToken(c, 'county')
    const all = await Promise.all(Array.from({ length: 20 }, () => own.verify(token, county)))
    assert.equal(new Set(all).size, 1)
    const teaching = { ...county, thumbprint: 'other' }
    assert.deepEqual(await Promise.all([own.verify(token, teaching), own.verify(token, county)]), [
      'TOKEN_CERT_MISMATCH',
      all[0],
    ])
  })
})
