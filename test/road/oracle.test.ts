/** No oracle (design 3.2): what a caller may not know, no answer tells; the record always has the exact code. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signToken } from '../fixtures/consortium.ts'
import { ask, eventually, type Told } from '../fixtures/road.ts'
import { type Scene, startScene } from '../fixtures/scene.ts'

const PATHS = [
  '/teaching/records/1',
  '/teaching/nothing/1',
  '/teaching/off',
  '/teaching/hl7',
  '/teaching/fhir/Patient/1',
  '/elsewhere/x',
  '/',
]

/** Everything of an answer but what is different for every call. */
const shape = ({ status, headers, text }: Told): string => {
  const { date: _date, 'veilgate-call-id': id, ...rest } = headers
  return JSON.stringify([status, rest, text.replaceAll(String(id), 'ID')])
}

describe('X62: no oracle', () => {
  let scene: Scene
  before(async () => void (scene = await startScene()))
  after(() => scene.close())
  const lastCode = async (told: Told): Promise<string | null> => {
    const id = told.headers['veilgate-call-id']
    await eventually(() => scene.road.journal.records.some((r) => r.id === id))
    return scene.road.journal.records.find((r) => r.id === id)!.code
  }

  test('without a token every path and method gives one 401', async () => {
    const shapes = new Set<string>()
    for (const path of PATHS)
      for (const method of ['GET', 'POST', 'DELETE']) {
        const told = await scene.ask({ path, method, token: null })
        assert.equal(told.json['code'], 'TOKEN_MISSING')
        assert.equal(told.headers['www-authenticate'], 'Bearer')
        shapes.add(shape(told))
      }
    assert.equal(shapes.size, 1)
  })

  test('a method that is answered here, and a call without an answer body, tell no paths apart either', async () => {
    const foreign = await scene.token('doctor', ['elsewhere.other'])
    for (const token of [null, foreign])
      for (const method of ['OPTIONS', 'HEAD', 'PUT', 'TRACE']) {
        const shapes = new Set<string>()
        for (const path of PATHS) shapes.add(shape(await scene.ask({ path, method, token })))
        assert.equal(shapes.size, 1, `${method} ${[...shapes]}`)
      }
  })

  test('whatever is wrong with a token, the wire says TOKEN_INVALID and the record says what', async () => {
    const { consortium } = scene.road
    const sign = (change: object) => signToken(consortium, 'county', { scopes: ['his.record'], ...change })
    const now = Math.floor(Date.now() / 1000)
    const good = await sign({})
    const [head, payload, signature] = good.split('.') as [string, string, string]
    const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const cases: [string, string][] = [
      ['TOKEN_MALFORMED', 'not-a-token'],
      ['TOKEN_ALG_REJECTED', `${b64({ alg: 'none' })}.${payload}.`],
      ['TOKEN_ALG_REJECTED', `${b64({ alg: 'HS256' })}.${payload}.${signature}`],
      ['TOKEN_SIGNATURE_INVALID', `${head}.${payload}.${'A'.repeat(signature.length)}`],
      ['TOKEN_EXPIRED', await sign({ issuedAt: now - 4000, lifetimeSeconds: 600 })],
      ['TOKEN_AUDIENCE', await sign({ audience: 'other' })],
      ['TOKEN_CERT_MISMATCH', await sign({ thumbprint: null })],
      ['TOKEN_CERT_MISMATCH', await signToken(consortium, 'research', { scopes: ['his.record'] })],
      [
        'TOKEN_INSTITUTION_MISMATCH',
        await sign({ institution: 'research', thumbprint: consortium.clients.get('county')!.thumbprint }),
      ],
    ]
    const shapes = new Set<string>()
    for (const [code, token] of cases)
      for (const path of PATHS) {
        const told = await scene.ask({ path, token })
        assert.equal(told.status, 401, code)
        assert.equal(told.json['code'], 'TOKEN_INVALID', code)
        assert.equal(await lastCode(told), code)
        shapes.add(shape(told))
      }
    assert.equal(shapes.size, 1)
    assert.equal(scene.upstream.requests.length, 0)
  })

  test('a token without permission on a provider learns nothing of its paths', async () => {
    const token = await scene.token('doctor', ['elsewhere.other'])
    const shapes = new Set<string>()
    for (const path of PATHS)
      for (const method of ['GET', 'POST', 'DELETE']) {
        const told = await scene.ask({ path, method, token })
        assert.equal(told.status, 403)
        assert.equal(told.json['code'], 'TOKEN_PERMISSION')
        shapes.add(shape(told))
      }
    assert.equal(shapes.size, 1)
  })

  test('with some permission on the provider: 404, 405 with Allow, 410, 503; an owner-less path stays 403', async () => {
    const told = async (path: string, method = 'GET') => scene.ask({ path, method })
    assert.equal((await told('/teaching/nothing/1')).json['code'], 'INTERFACE_NOT_FOUND')
    const wrong = await told('/teaching/records/1', 'DELETE')
    assert.equal(wrong.json['code'], 'METHOD_NOT_ALLOWED')
    assert.equal(wrong.headers['allow'], 'GET, HEAD')
    assert.equal((await told('/teaching/gone')).status, 410)
    assert.equal((await told('/teaching/off')).status, 503)
    const nobody = await told('/elsewhere/x')
    assert.equal(nobody.json['code'], 'TOKEN_PERMISSION')
    assert.equal(await lastCode(nobody), 'INTERFACE_NOT_FOUND')
  })

  test('answers about the connection come first and are the same for every path', async () => {
    const outside = await startScene({
      institutions: [
        'institutions:',
        ...[...scene.road.consortium.clients.values()].map(
          (m) =>
            `  ${m.id}: { zh: x, region: "500230", status: ${m.id === 'research' ? 'suspended' : 'active'}, certificates: [{ sha256: ${m.id === 'teaching' ? '0'.repeat(64) : m.sha256} }], cidrs: [${m.id === 'county' ? '10.0.0.0/8' : '127.0.0.0/8'}] }`,
        ),
        '',
      ].join('\n'),
    })
    try {
      for (const [as, code] of [
        ['county', 'IP_NOT_ALLOWED'],
        ['research', 'INSTITUTION_SUSPENDED'],
        ['teaching', 'CERT_NOT_REGISTERED'],
      ] as const) {
        const shapes = new Set<string>()
        for (const path of PATHS) {
          const told = await ask(outside.road, {
            as,
            path,
            headers: { 'x-forwarded-for': '10.0.0.1', 'x-real-ip': '10.0.0.1' },
          })
          assert.equal(told.json['code'], code)
          shapes.add(shape(told))
        }
        assert.equal(shapes.size, 1)
      }
    } finally {
      await outside.close()
    }
  })

  test('X15: tricks with paths are refused alike, and never reach the upstream', async () => {
    for (const path of [
      '/teaching/../admin',
      '/teaching/%2e%2e/admin',
      '/teaching/%252e',
      '/teaching/..;/x',
      '/teaching\\x',
      '//teaching/records/1',
      '/teaching/records/1/',
      '/teaching/records/a%2Fb',
      '/teaching/records/%00',
      '/teaching/records/1;jsessionid=2',
      '/teaching/records/%c0%ae',
      '/teaching/records/1%20',
      '/teaching/records/1.',
    ]) {
      const told = await scene.ask({ path })
      assert.equal(told.json['code'], 'BAD_PATH_ENCODING', path)
    }
    for (const path of ['/teaching/records?no=1&no=2', '/teaching/records?no[]=1', '/teaching/records?no=1%262'])
      assert.equal((await scene.ask({ path })).json['code'], 'DUPLICATE_PARAMETER', path)
    assert.equal((await scene.ask({ path: '/teaching/records?no=1&_method=DELETE' })).status, 400)
    assert.equal((await scene.ask({ path: '/TEACHING/records/1' })).json['code'], 'TOKEN_PERMISSION')
    assert.equal(scene.upstream.requests.length, 0)
  })

  test('X20, X60: the record of a refused call has no path value, query or token', async () => {
    const told = await scene.ask({ path: '/teaching/records/500103199003070025?q=13800138000', token: 'canary-token' })
    await lastCode(told)
    const all = JSON.stringify(scene.road.journal.records)
    for (const secret of ['500103199003070025', '13800138000', 'canary-token']) assert.ok(!all.includes(secret))
  })
})
