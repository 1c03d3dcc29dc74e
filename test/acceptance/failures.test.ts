/**
 * What an upstream can do to a served gateway: every failure is a coded answer with a record, no original byte goes out,
 * the process lives and its memory stays within idle + 128 MiB + the buffers its limits allow.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import zlib from 'node:zlib'
import { scaled } from '../fixtures/scale.ts'
import { type Answer, json } from '../fixtures/scene.ts'
import { leaks, PERSON, told } from './fixtures/canary.ts'
import { canariesIn, placesOf } from './fixtures/places.ts'
import { type PlainScene, startPlainScene, until } from './fixtures/plain-scene.ts'

const MIB = 1 << 20
const BUFFERED = 96 * MIB
const ALLOWED = 128 * MIB + BUFFERED
const RECORD = JSON.stringify({ brxm: PERSON.name, sfzh: PERSON.residentId, bz: PERSON.note })
const coded = (coding: string, body: Buffer): Answer => json(body, { 'content-encoding': coding })

/** The test's own memory must not hold what it sends: one chunk again and again. */
function endless(chunk: Buffer, times: number, headers: Record<string, string> = {}): Answer {
  return async (_seen, _incoming, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json', ...headers })
    for (let i = 0; i < times && !outgoing.destroyed; i++)
      if (!outgoing.write(chunk))
        await new Promise<void>((resolve) => {
          outgoing.once('drain', resolve)
          outgoing.once('close', resolve)
        })
    outgoing.end()
  }
}

/** gzip (RFC 1952) of so many MiB of blanks: about a thousandth of that in bytes. */
function bomb(mebibytes: number): Buffer {
  const block = zlib.deflateRawSync(Buffer.alloc(MIB, 32), { finishFlush: zlib.constants.Z_FULL_FLUSH, level: 9 })
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
  return Buffer.concat([head, ...Array.from({ length: mebibytes }, () => block), Buffer.from([3, 0]), Buffer.alloc(8)])
}

interface Row {
  readonly path?: string
  readonly answer: () => Answer
  readonly status: number
  readonly code: string
}
const unmaskable = (answer: () => Answer): Row => ({ answer, status: 502, code: 'UPSTREAM_UNMASKABLE' })
const tooLarge = (answer: () => Answer, path = '/teaching/large/1'): Row => ({
  path,
  answer,
  status: 502,
  code: 'UPSTREAM_TOO_LARGE',
})

const BOMB = 'X25: a gzip bomb of 10 MB that would become 10 GB'
const BROTLI = 'X25: a brotli bomb'

const TABLE: Readonly<Record<string, Row>> = {
  refused: { path: '/teaching/down/1', answer: () => json(RECORD), status: 503, code: 'UPSTREAM_DOWN' },
  'timed out': { answer: () => () => {}, status: 504, code: 'UPSTREAM_TIMEOUT' },
  'timed out in the middle of the body': { answer: () => slow, status: 504, code: 'UPSTREAM_TIMEOUT' },
  'cut off in the middle of the body': { answer: () => cut, status: 502, code: 'UPSTREAM_INVALID' },
  'cut off without a declared length': { answer: () => cutChunked, status: 502, code: 'UPSTREAM_INVALID' },
  'wrong content type': unmaskable(() => json(RECORD, { 'content-type': 'text/html' })),
  'invalid JSON': unmaskable(() => json(`${RECORD.slice(0, -1)},`)),
  'corrupt gzip': unmaskable(() =>
    coded('gzip', Buffer.concat([zlib.gzipSync(RECORD).subarray(0, -12), Buffer.from(RECORD)])),
  ),
  'a partial answer, 206': unmaskable(() => json(RECORD, { 'content-range': 'bytes 0-9/20' }, 206)),
  'unknown encoding': unmaskable(() => coded('compress', Buffer.from(RECORD))),
  [BOMB]: tooLarge(() => coded('gzip', bomb(scaled(10_240, 1024)))),
  [BROTLI]: tooLarge(() =>
    coded(
      'br',
      zlib.brotliCompressSync(Buffer.alloc(256 * MIB, 32), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ),
  ),
  '50 MB body': tooLarge(() =>
    endless(Buffer.from(`${RECORD}\n`.repeat(8000)), Math.ceil((50 * MIB) / (Buffer.byteLength(RECORD) * 8000))),
  ),
  '50 MB body under a declared length': tooLarge(() => json(Buffer.alloc(50 * MIB, 32))),
  'X25: 50 MB in one string': tooLarge(() => endless(Buffer.alloc(MIB, 'a'), 50)),
  '100,000 levels of nesting': unmaskable(() =>
    json(`${'[{"a":'.repeat(50_000)}"${PERSON.name}"${'}]'.repeat(50_000)}`),
  ),
  'nesting that never ends': { path: '/teaching/large/1', ...unmaskable(() => json('['.repeat(20 * MIB))) },
}

function slow(...[_seen, _incoming, outgoing]: Parameters<Answer>): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' }).write(RECORD.slice(0, -1))
}

function cut(...[_seen, _incoming, outgoing]: Parameters<Answer>): void {
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': 9000 }).write(RECORD)
  setTimeout(() => outgoing.destroy(), 20)
}

function cutChunked(...[_seen, _incoming, outgoing]: Parameters<Answer>): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' }).write(RECORD)
  setTimeout(() => outgoing.destroy(), 20)
}

describe('failures of the upstream, on a served gateway', { timeout: 600_000 }, () => {
  let scene: PlainScene
  let idle = 0
  before(async () => {
    scene = await startPlainScene({ more: `limits: { buffered: ${BUFFERED / MIB}MiB }\n` })
    for (let i = 0; i < 20; i++) assert.equal((await scene.ask()).status, 200)
    idle = process.platform === 'linux' ? scene.serving.memory().now : 0
  })
  after(() => scene?.close())

  const fails = async (role: string, path: string, { answer, status, code }: Row): Promise<void> => {
    scene.answer = answer()
    const reply = await scene.ask({ role, path })
    assert.equal(reply.json['code'], code)
    assert.equal(reply.status, status)
    const found = leaks(Buffer.concat([reply.body, Buffer.from(reply.rawHeaders.join('\n'), 'latin1')]))
    assert.equal(found.length, 0, told('the answer', found))
    const record = await scene.record(reply.headers['veilgate-call-id'])
    assert.equal(record.code, code)
    assert.equal(record.status, status)
    scene.answer = json('{"brxm":"李四"}')
    assert.equal((await scene.ask()).json['brxm'], '李四')
    assert.ok(scene.serving.alive())
  }

  for (const [name, row] of Object.entries(TABLE)) {
    const { path = '/teaching/records/1' } = row
    test(name, () => fails(path.includes('down') ? 'doctor' : 'researcher', path, row))
  }

  // what is not read fails before its first byte just the same
  for (const name of [
    'timed out',
    'wrong content type',
    'corrupt gzip',
    'a partial answer, 206',
    'unknown encoding',
    BOMB,
    BROTLI,
  ])
    test(`passed on unread: ${name}`, () => fails('auditor', '/teaching/records/1', TABLE[name]!))

  test('many at once: each is answered, with a code', async () => {
    const body = bomb(1024)
    scene.answer = coded('gzip', body)
    const replies = await Promise.all(
      Array.from({ length: 24 }, () => scene.ask({ role: 'researcher', path: '/teaching/large/1' })),
    )
    for (const { json: told } of replies) assert.match(String(told['code']), /^(?:UPSTREAM_TOO_LARGE|OVERLOADED)$/)
    assert.ok(replies.some(({ json: told }) => told['code'] === 'UPSTREAM_TOO_LARGE'))
    scene.answer = json('{"brxm":"李四"}')
    await until(async () => (await scene.figure('veilgate_buffered_bytes')) === 0, 'buffers given back')
    assert.equal((await scene.ask()).status, 200)
  })

  test('a reset where bytes had gone', async () => {
    scene.answer = cutChunked
    await assert.rejects(scene.ask({ role: 'auditor' }), /aborted|ECONNRESET|socket hang up/)
    assert.ok(scene.serving.alive())
  })

  test('of all that failed nothing stays: logs, journal, call log, figures, reports, output', async () => {
    const places = await placesOf(scene.deployment, scene.serving)
    assert.match(places.get('journal lines')!.toString(), /UPSTREAM_TOO_LARGE/)
    assert.equal(canariesIn(places), '')
  })

  test('memory stayed within its bound', { skip: process.platform !== 'linux' && 'memory is read from /proc' }, (t) => {
    const { peak } = scene.serving.memory()
    const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`
    const figures = `idle ${mib(idle)}, peak ${mib(peak)}, allowed ${mib(idle + ALLOWED)}`
    t.diagnostic(figures)
    assert.ok(peak <= idle + ALLOWED, figures)
  })
})
