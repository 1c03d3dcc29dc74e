/** Whatever the upstream does: a coded answer (or a reset where bytes had gone), no original byte, a record, and the next call works. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import zlib from 'node:zlib'
import { rulesParts, throwing } from '../fixtures/plans.ts'
import { eventually } from '../fixtures/road.ts'
import { type Answer, json, type Scene, startScene } from '../fixtures/scene.ts'

const CANARY = '欧阳金丝雀'
const BODY = JSON.stringify({ brxm: CANARY, sfzh: '500103199003070025' })
const coded = (encoding: string, bytes: Buffer): Answer => json(bytes, { 'content-encoding': encoding })

const TABLE: readonly {
  readonly name: string
  readonly answer: Answer
  readonly status: number
  readonly code: string
}[] = [
  { name: 'invalid JSON', answer: json(`{"brxm":"${CANARY}"`), status: 502, code: 'UPSTREAM_UNMASKABLE' },
  { name: 'two documents', answer: json(`${BODY}${BODY}`), status: 502, code: 'UPSTREAM_UNMASKABLE' },
  {
    name: 'text/plain',
    answer: json(BODY, { 'content-type': 'text/plain' }),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  {
    name: 'image/png over JSON',
    answer: json(BODY, { 'content-type': 'image/png' }),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  { name: 'no content type', answer: (_s, _i, o) => void o.end(BODY), status: 502, code: 'UPSTREAM_UNMASKABLE' },
  {
    name: 'two content types',
    answer: (_s, _i, o) => void o.setHeader('content-type', ['application/json', 'text/html']).end(BODY),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  {
    name: 'X28: 206',
    answer: json(BODY, { 'content-range': 'bytes 0-9/100' }, 206),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  { name: 'unknown coding', answer: coded('compress', Buffer.from(BODY)), status: 502, code: 'UPSTREAM_UNMASKABLE' },
  {
    name: 'three codings',
    answer: coded('gzip, gzip, gzip', zlib.gzipSync(zlib.gzipSync(zlib.gzipSync(BODY)))),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  {
    name: 'corrupt gzip',
    answer: coded('gzip', Buffer.concat([zlib.gzipSync(BODY).subarray(0, 20), Buffer.alloc(30, 1)])),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  {
    name: 'gzip with bytes behind it',
    answer: coded('gzip', Buffer.concat([zlib.gzipSync(BODY), Buffer.from(BODY)])),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  {
    name: 'plain bytes called gzip',
    answer: coded('gzip', Buffer.from(BODY)),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  { name: 'gzip bytes called identity', answer: json(zlib.gzipSync(BODY)), status: 502, code: 'UPSTREAM_UNMASKABLE' },
  {
    name: 'gzip bomb',
    answer: coded('gzip', zlib.gzipSync(Buffer.alloc(64 << 20, 32))),
    status: 502,
    code: 'UPSTREAM_TOO_LARGE',
  },
  {
    name: 'brotli bomb',
    answer: coded(
      'br',
      zlib.brotliCompressSync(Buffer.alloc(64 << 20, 32), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ),
    status: 502,
    code: 'UPSTREAM_TOO_LARGE',
  },
  { name: '50 MB body', answer: json(Buffer.alloc(50 << 20, 32)), status: 502, code: 'UPSTREAM_TOO_LARGE' },
  {
    name: '100,000 deep',
    answer: json('['.repeat(100_000) + ']'.repeat(100_000)),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  {
    name: 'not UTF-8',
    answer: json(Buffer.concat([Buffer.from('{"brxm":"'), Buffer.from([0xff, 0xb7]), Buffer.from('"}')])),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
  {
    name: 'cut off mid-body',
    answer: (_s, _i, o) => {
      o.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      o.write(BODY)
      setTimeout(() => o.destroy(), 10)
    },
    status: 502,
    code: 'UPSTREAM_INVALID',
  },
  { name: 'no answer in time', answer: () => {}, status: 504, code: 'UPSTREAM_TIMEOUT' },
  { name: 'connection closed', answer: (_s, _i, o) => void o.socket?.destroy(), status: 502, code: 'UPSTREAM_INVALID' },
  {
    name: 'X61: error page with a name and SQL',
    answer: (_s, _i, o) => void o.writeHead(500, { 'content-type': 'text/html' }).end(`<p>SELECT ${CANARY}</p>`),
    status: 502,
    code: 'UPSTREAM_UNMASKABLE',
  },
]

describe('failures of the upstream', () => {
  let scene: Scene
  before(async () => void (scene = await startScene()))
  after(() => scene.close())

  for (const row of TABLE) {
    test(row.name, async () => {
      scene.answer = row.answer
      const seen = scene.road.journal.records.length
      const told = await scene.ask()
      assert.equal(told.status, row.status)
      assert.ok(!told.text.includes(CANARY), 'an original byte was sent')
      assert.ok(!told.text.includes('500103199003070025'))
      assert.equal(told.json['code'], row.code)
      await eventually(() => scene.road.journal.records.length === seen + 1)
      const record = scene.road.journal.records.at(-1)!
      assert.equal(record.code, row.code)
      assert.equal(record.status, row.status)
      assert.ok(!JSON.stringify(record).includes(CANARY))
      await eventually(() => scene.road.budget.used === 0)
      scene.answer = json('{"brxm":"李四"}')
      assert.equal((await scene.ask()).status, 200)
      await eventually(() => scene.road.journal.records.length === seen + 2)
    })
  }

  test('nobody listens: 503 UPSTREAM_DOWN', async () => {
    const down = await startScene({ upstream: 'http://127.0.0.1:1' })
    try {
      const told = await down.ask()
      assert.equal(told.status, 503)
      assert.equal(told.json['code'], 'UPSTREAM_DOWN')
      assert.ok(told.headers['retry-after'])
    } finally {
      await down.close()
    }
  })

  test('X61: error bodies of the right type are masked like any other, redirects are not followed, Location is dropped', async () => {
    scene.answer = json(`{"brxm":"${CANARY}","unknown":"患者${CANARY}不存在"}`, {}, 404)
    const missing = await scene.ask({ role: 'researcher' })
    assert.equal(missing.status, 404)
    assert.ok(!missing.text.includes(CANARY), missing.text)
    scene.answer = json('{"brxm":"x"}', { location: `/patients/${CANARY.length}/500103199003070025` }, 302)
    const moved = await scene.ask()
    assert.equal(moved.status, 302)
    assert.equal(moved.headers['location'], undefined)
  })

  test('X24: every coding of a good body is taken off, and the reply is identity', async () => {
    for (const [name, pack] of [
      ['gzip', zlib.gzipSync],
      ['deflate', zlib.deflateSync],
      ['deflate', zlib.deflateRawSync],
      ['br', zlib.brotliCompressSync],
      ['zstd', zlib.zstdCompressSync],
    ] as const) {
      scene.answer = coded(name, pack(Buffer.from('{"brxm":"张三","lab":1}')))
      const told = await scene.ask()
      assert.equal(told.status, 200, name)
      assert.equal(told.headers['content-encoding'], undefined)
      assert.equal(told.json['brxm'], '张三')
    }
  })
})

test('a method that throws: 502 MASK_FAILED with our body and no byte of the original', async () => {
  const parts = rulesParts()
  const fault = (): never => {
    throw new Error(`cannot mask ${CANARY}`)
  }
  const scene = await startScene({ parts: { compilePlan: (request) => throwing(parts.compilePlan(request), fault) } })
  try {
    scene.answer = json(BODY)
    const told = await scene.ask({ role: 'researcher' })
    assert.equal(told.status, 502)
    assert.equal(told.json['code'], 'MASK_FAILED')
    assert.ok(!told.body.includes(CANARY))
    const pushed = await scene.ask({
      method: 'POST',
      path: '/teaching/shares',
      headers: { 'content-type': 'application/json' },
      body: BODY,
    })
    assert.equal(pushed.status, 500)
    assert.equal(pushed.json['code'], 'MASK_FAILED')
    await eventually(() => scene.road.journal.records.length === 2)
    assert.equal(scene.road.journal.records[1]!.code, 'MASK_FAILED_REQUEST')
    assert.ok(!JSON.stringify(scene.road.log.lines).includes(CANARY))
    assert.equal(scene.upstream.requests.length, 1)
  } finally {
    await scene.close()
  }
})

test('a fault of the road itself is INTERNAL, and the log tells its place but not its words', async () => {
  const scene = await startScene({
    parts: {
      compilePlan: () => {
        throw new TypeError(`fault over ${CANARY}`)
      },
    },
  })
  try {
    const told = await scene.ask()
    assert.equal(told.status, 500)
    assert.equal(told.json['code'], 'INTERNAL')
    const line = scene.road.log.lines.find((l) => l.event === 'call.fault')
    assert.equal(line?.problem, 'TypeError')
    assert.ok(!JSON.stringify(scene.road.log.lines).includes(CANARY))
  } finally {
    await scene.close()
  }
})

test('a journal that cannot be written refuses calls and recovers by itself', async () => {
  const scene = await startScene()
  try {
    scene.road.journal.writable = false
    const told = await scene.ask()
    assert.equal(told.status, 503)
    assert.equal(told.json['code'], 'AUDIT_UNAVAILABLE')
    assert.equal(scene.upstream.requests.length, 0)
    scene.road.journal.writable = true
    assert.equal((await scene.ask()).status, 200)
    // it fails between the check at the door and the opening line
    scene.answer = (_s, _i, o) => {
      scene.road.journal.writable = false
      json(BODY)(_s, _i, o)
    }
    const late = await scene.ask()
    assert.equal(late.json['code'], 'AUDIT_UNAVAILABLE')
    assert.ok(!late.text.includes(CANARY))
  } finally {
    await scene.close()
  }
})

test('a role without a policy is refused before anything is forwarded', async () => {
  const scene = await startScene()
  try {
    const told = await scene.ask({ role: 'nurse' })
    assert.equal(told.status, 403)
    assert.equal(told.json['code'], 'ROLE_DENIED')
    assert.equal(scene.upstream.requests.length, 0)
  } finally {
    await scene.close()
  }
})
