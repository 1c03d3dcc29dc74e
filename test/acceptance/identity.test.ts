/**
 * Who may not in, on a served gateway that reads its lists and keys from files: the answer on the wire is as design 3.2
 * says, the record has the exact code. Handshakes and oracles are test/road's matter; here it is the record.
 */
import assert from 'node:assert/strict'
import { createHmac, createPublicKey, type JsonWebKey, webcrypto } from 'node:crypto'
import https from 'node:https'
import { after, before, describe, test } from 'node:test'
import tls from 'node:tls'
import { createRoot } from '../../src/pki/issue.ts'
import { AUDIENCE, mint, signToken } from '../fixtures/consortium.ts'
import { type Ask, ask, clientTls, MEMBERS } from '../fixtures/road.ts'
import { type PlainScene, startPlainScene, until } from './fixtures/plain-scene.ts'

const b64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

describe('identity, on a served gateway', { timeout: 120_000 }, () => {
  let scene: PlainScene
  before(async () => {
    // `outside` is registered for another network than the one it calls from
    const institutions: typeof MEMBERS = (from) =>
      MEMBERS(from).replace(/( {2}outside: .*cidrs: )\[[^\]]*\]/, '$1[127.0.0.2/32, "10.0.0.0/8"]')
    scene = await startPlainScene({
      members: ['lost', 'outside', 'unregistered'],
      institutions: (from) => institutions(from).replace(/ {2}unregistered: .*\n/, ''),
    })
  })
  after(() => scene?.close())

  interface Refused {
    readonly status: number
    /** what the wire says */
    readonly shown: string
    /** what the record says */
    readonly code: string
  }
  const refused = async (request: Ask, { status, shown, code }: Refused): Promise<void> => {
    const before = scene.upstream.requests.length
    const told = await ask(scene.deployment, { path: '/teaching/records/1', ...request })
    assert.equal(told.status, status, told.text)
    assert.equal(told.json['code'], shown)
    assert.deepEqual(Object.keys(told.json).sort(), [
      'code',
      'instance',
      'messageEn',
      'messageZh',
      'retryable',
      'status',
      'title',
      'type',
    ])
    const record = await scene.record(told.headers['veilgate-call-id'])
    assert.equal(record.code, code)
    assert.equal(record.decision, 'deny')
    assert.equal(record.status, status)
    assert.equal(scene.upstream.requests.length, before, 'nothing was forwarded')
  }
  const invalid = (code: string): Refused => ({ status: 401, shown: 'TOKEN_INVALID', code })

  test('X01: certificates of another authority never get an HTTP answer, and are counted', async () => {
    const stranger = await mint({ name: 'Another consortium' })
    const own = clientTls(scene.deployment.consortium, 'county')
    const foreign = { ...clientTls(stranger, 'county'), ca: own.ca }
    // the same names all the way up, other keys
    const namesake = await mint({ name: 'Acceptance consortium' })
    const impostor = { ...clientTls(namesake, 'county'), ca: own.ca }
    const issuing = { crypto: webcrypto as webcrypto.Crypto, now: new Date() }
    const self = await createRoot(issuing, { name: 'county', days: 1 })
    const selfSigned = { ...own, cert: self.certificate, key: self.privateKey }
    const candidates = [foreign, impostor, selfSigned, { ...own, cert: undefined, key: undefined }]
    const connect = (options: tls.ConnectionOptions): Promise<never> =>
      new Promise((_resolve, reject) => {
        const socket = tls.connect({ host: '127.0.0.1', port: scene.deployment.port, ...options })
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        socket.on('data', (data) => reject(new Error(`an answer: ${data}`)))
        socket.on('error', reject)
        socket.on('close', () => reject(new Error('closed')))
      })
    const counted = (): Promise<number> => scene.figure('veilgate_refused_connections_total{reason="TLS"}')
    await assert.rejects(counted(), /no figure/)
    for (const [n, options] of (candidates as tls.ConnectionOptions[]).entries()) {
      await assert.rejects(connect(options), (error: Error) => !error.message.startsWith('an answer'))
      await until(async () => (await counted()) === n + 1, 'counted')
    }
    assert.equal((await scene.ask()).status, 200, 'this way of asking does get in with the right certificate')
  })

  test('a certificate that nobody registered', () =>
    refused({ as: 'unregistered' }, { status: 403, shown: 'CERT_NOT_REGISTERED', code: 'CERT_NOT_REGISTERED' }))

  test('an address outside the CIDRs of this very institution, whatever headers claim (X13)', async () => {
    const token = await signToken(scene.deployment.consortium, 'outside', { scopes: ['his'] })
    const spoofed = { 'x-forwarded-for': '10.0.0.1', 'x-real-ip': '127.0.0.2', forwarded: 'for=127.0.0.2' }
    await refused(
      { as: 'outside', token, headers: spoofed },
      { status: 403, shown: 'IP_NOT_ALLOWED', code: 'IP_NOT_ALLOWED' },
    )
    const inside = await ask(scene.deployment, {
      as: 'outside',
      token,
      path: '/teaching/records/1',
      localAddress: '127.0.0.2',
    })
    assert.equal(inside.status, 200)
  })

  test('X02, X04: a certificate revoked in a replaced list, on a new, an open and a resumed connection', async () => {
    const { deployment } = scene
    const token = await signToken(deployment.consortium, 'lost', { scopes: ['his'] })
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
    const request = { as: 'lost', token, path: '/teaching/records/1' }
    assert.equal((await ask(deployment, { ...request, agent })).status, 200)
    const [open] = Object.values(agent.freeSockets).flat()
    assert.ok(open !== undefined, 'the connection is kept open')
    const read = open.bytesRead
    const versions = ['TLSv1.3', 'TLSv1.2'] as const
    const options = (maxVersion: tls.SecureVersion): tls.ConnectionOptions => ({
      ...clientTls(deployment.consortium, 'lost'),
      host: '127.0.0.1',
      port: deployment.port,
      maxVersion,
    })
    const sessions = await Promise.all(versions.map((version) => sessionOf(options(version))))
    await deployment.revoke(['lost'])
    const code = { status: 403, shown: 'CERT_REVOKED', code: 'CERT_REVOKED' }
    await until(async () => (await ask(deployment, request)).status === 403, 'the list is read')
    assert.ok(!open.destroyed)
    await refused({ ...request, agent }, code)
    assert.ok(open.bytesRead > read, 'on that very connection')
    await refused(request, code)
    for (const [i, version] of versions.entries()) {
      const resumed = await resume({ ...options(version), session: sessions[i]! })
      assert.equal(resumed.reused, true, version)
      assert.match(resumed.text, /^HTTP\/1\.1 403 [\s\S]*CERT_REVOKED/)
      const id = /veilgate-call-id: (\S+)/.exec(resumed.text)![1]
      assert.equal((await scene.record(id)).code, 'CERT_REVOKED')
    }
    agent.destroy()
    assert.equal((await scene.ask()).status, 200, 'other members go on')
  })

  test("X05: another institution's token", async () => {
    const { consortium } = scene.deployment
    await refused(
      { token: await signToken(consortium, 'research', { scopes: ['his'] }) },
      invalid('TOKEN_CERT_MISMATCH'),
    )
    const { thumbprint } = consortium.clients.get('county')!
    await refused(
      { token: await signToken(consortium, 'research', { scopes: ['his'], thumbprint }) },
      invalid('TOKEN_INSTITUTION_MISMATCH'),
    )
  })

  test('X06: no cnf', async () =>
    refused({ token: await scene.token('doctor', { thumbprint: null }) }, invalid('TOKEN_CERT_MISMATCH')))

  test('X07: alg none, in every spelling', async () => {
    const [, payload] = (await scene.token()).split('.') as [string, string]
    for (const alg of ['none', 'None', 'nOnE', ''])
      for (const signature of ['', b64('x')])
        await refused(
          { token: `${b64({ alg, typ: 'at+jwt' })}.${payload}.${signature}` },
          invalid('TOKEN_ALG_REJECTED'),
        )
  })

  test('X08: HS256 with the public key as secret', async () => {
    const { issuer } = scene.deployment.consortium
    const [, payload] = (await scene.token()).split('.') as [string, string]
    const jwk = issuer.jwks.keys[0] as JsonWebKey
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    for (const secret of [pem, JSON.stringify(jwk), scene.deployment.read('jwks.json')]) {
      const signed = `${b64({ alg: 'HS256', kid: issuer.kid, typ: 'at+jwt' })}.${payload}`
      const signature = createHmac('sha256', secret).update(signed).digest('base64url')
      await refused({ token: `${signed}.${signature}` }, invalid('TOKEN_ALG_REJECTED'))
    }
  })

  test('X09: keys and addresses named by the token itself', async () => {
    const stranger = await mint({ name: 'Another consortium' })
    const { thumbprint } = scene.deployment.consortium.clients.get('county')!
    await refused(
      { token: await signToken(stranger, 'county', { thumbprint, scopes: ['his'] }) },
      invalid('TOKEN_SIGNATURE_INVALID'),
    )
    const [, payload, signature] = (await scene.token()).split('.') as [string, string, string]
    for (const extra of [
      { jwk: stranger.issuer.jwks.keys[0] },
      { jku: 'http://127.0.0.1:1/jwks' },
      { x5u: 'http://127.0.0.1:1' },
    ])
      await refused({ token: `${b64({ alg: 'ES256', ...extra })}.${payload}.${signature}` }, invalid('TOKEN_MALFORMED'))
  })

  test('X10: expired, not yet valid, for another audience, of another life, twice, too long', async () => {
    const now = Math.floor(Date.now() / 1000)
    const rows: [string, Parameters<PlainScene['token']>[1]][] = [
      ['TOKEN_EXPIRED', { issuedAt: now - 4000, lifetimeSeconds: 3000 }],
      ['TOKEN_NOT_YET_VALID', { issuedAt: now + 600, lifetimeSeconds: 600 }],
      ['TOKEN_AUDIENCE', { audience: `${AUDIENCE}-2` }],
      ['TOKEN_CLAIMS', { lifetimeSeconds: 86_400 }],
      ['TOKEN_CLAIMS', { subject: 'zhang san' }],
    ]
    for (const [code, change] of rows) await refused({ token: await scene.token('doctor', change) }, invalid(code))
    const good = await scene.token()
    await refused(
      { token: null, headers: { authorization: [`Bearer ${good}`, `Bearer ${good}`] } },
      invalid('TOKEN_MALFORMED'),
    )
    await refused({ token: 'A'.repeat(9000) }, invalid('TOKEN_MALFORMED'))
    await refused({ token: null }, { status: 401, shown: 'TOKEN_MISSING', code: 'TOKEN_MISSING' })
    // a token in the query string is no token
    await refused(
      { token: null, path: `/teaching/records/1?access_token=${good}` },
      { status: 401, shown: 'TOKEN_MISSING', code: 'TOKEN_MISSING' },
    )
  })

  test('X15: tricks with paths have BAD_PATH_ENCODING in the record', async () => {
    const token = await scene.token()
    const code = { status: 400, shown: 'BAD_PATH_ENCODING', code: 'BAD_PATH_ENCODING' }
    const paths = [
      '/teaching/../admin',
      '/teaching/%2e%2e/admin',
      '/teaching/%252e%252e/x',
      '/teaching/..;/x',
      '/teaching\\records\\1',
      '//teaching/records/1',
      '/teaching/records/1/',
      '/teaching/records/1.',
      '/teaching/records/1%20',
      '/teaching/records/a%2Fb',
      '/teaching/records/%00',
      '/teaching/records/1;jsessionid=2',
      '/teaching/records/%c0%ae%c0%ae',
      '/teaching/./records/1',
    ]
    for (const path of paths) await refused({ token, path }, code)
    await refused(
      { token, path: '/TEACHING/records/1' },
      { status: 403, shown: 'TOKEN_PERMISSION', code: 'INTERFACE_NOT_FOUND' },
    )
    await refused(
      { token, path: '/teaching/Records/1' },
      { status: 404, shown: 'INTERFACE_NOT_FOUND', code: 'INTERFACE_NOT_FOUND' },
    )
    // the same bytes go upstream: an id with a blank and one of Han
    for (const id of ['a%20b', '%E5%BC%A0']) {
      assert.equal((await scene.ask({ path: `/teaching/records/${id}` })).status, 200)
      assert.equal(scene.upstream.requests.at(-1)!.url, `/api/${id}`)
    }
  })

  test('a good token without permission here', async () => {
    await refused(
      { token: await scene.token('doctor', { scopes: ['other'] }) },
      { status: 403, shown: 'TOKEN_PERMISSION', code: 'TOKEN_PERMISSION' },
    )
    await refused({ token: await scene.token('nurse') }, { status: 403, shown: 'ROLE_DENIED', code: 'ROLE_DENIED' })
    await refused(
      { token: await scene.token('doctor', { scopes: ['his'], roles: ['doctor', 'researcher'] }) },
      { status: 403, shown: 'ROLE_DENIED', code: 'ROLE_DENIED' },
    )
  })
})

const PLAIN = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

function sessionOf(options: tls.ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(options, () => socket.write(PLAIN))
    socket.once('session', (session: Buffer) => {
      resolve(session)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

function resume(options: tls.ConnectionOptions): Promise<{ readonly reused: boolean; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(options, () => socket.write(PLAIN))
    socket.once('data', (data) => {
      resolve({ reused: socket.isSessionReused(), text: data.toString() })
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
