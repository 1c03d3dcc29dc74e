/**
 * What the console shows and what it never does: strict headers on every answer, markup as data (X66), nothing of a pasted
 * text in store, log, audit events or errors (X60, X62).
 */
import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { consortium } from '../fixtures/consortium.ts'
import { activateRules, type Browser, type Console, startConsole } from './fixtures/console.ts'

const XSS = `<img src=x onerror=alert(1)><script>alert(1)</script>`
const CANARY = { name: '欧阳金丝雀', id: '110101199003074514', mobile: '13912345678' }
const SCRIPT = `export {}${'\n// the same line again'.repeat(50)}\n`
let at: Console
let lin: Browser
before(async () => {
  at = await startConsole([
    { path: 'index.html', bytes: Buffer.from('<!doctype html><script src="./assets/main-AbCd1234.js"></script>') },
    { path: 'assets/main-AbCd1234.js', bytes: Buffer.from(SCRIPT) },
    { path: 'assets/map.map', bytes: Buffer.from('{}') },
  ])
  await activateRules(at)
  lin = await at.person('lin.wei', 'editor', 'approver')
})
after(() => at.close())

/** As the bytes came: nothing is unpacked. */
async function getRaw(path: string, headers: Readonly<Record<string, string>>) {
  const { ca } = await consortium()
  const options = { host: '127.0.0.1', port: at.port, path, ca, servername: 'localhost', agent: false, headers }
  return new Promise<{ headers: IncomingHttpHeaders; bytes: Buffer }>((resolve, reject) => {
    const request = https.get(options, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('end', () => resolve({ headers: reply.headers, bytes: Buffer.concat(chunks) }))
    })
    request.on('error', reject)
  })
}

const STRICT: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*script-src 'self';.*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'x-frame-options': /^DENY$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
}

test('every answer has the strict headers: pages, data, refusals, what is not there', async () => {
  for (const path of [
    '/',
    '/assets/main-AbCd1234.js',
    '/api/session',
    '/api/nothing',
    '/nothing',
    '/api/rules/active',
    '/%00',
  ]) {
    const { headers } = await lin.get(path)
    for (const [name, value] of Object.entries(STRICT)) assert.match(String(headers[name]), value, `${path} ${name}`)
    assert.ok(!/unsafe-(?:inline|eval)/.test(String(headers['content-security-policy'])))
    assert.equal(headers['x-powered-by'], undefined)
    assert.equal(headers['access-control-allow-origin'], undefined)
  }
})

test('pages: what was built and nothing beside it', async () => {
  const page = await at.browser().get('/')
  assert.deepEqual(
    [page.status, page.headers['content-type'], page.headers['cache-control']],
    [200, 'text/html; charset=utf-8', 'no-cache'],
  )
  const asset = await at.browser().get('/assets/main-AbCd1234.js')
  assert.match(String(asset.headers['cache-control']), /immutable/)
  assert.equal(page.headers['content-encoding'], undefined)
  for (const encoding of ['gzip', 'br, gzip;q=0.8, *;q=0.1']) {
    const packed = await getRaw('/assets/main-AbCd1234.js', { 'accept-encoding': encoding })
    assert.deepEqual([packed.headers['content-encoding'], packed.headers['vary']], ['gzip', 'accept-encoding'])
    assert.equal(gunzipSync(packed.bytes).toString('utf8'), SCRIPT)
    assert.equal(Number(packed.headers['content-length']), packed.bytes.length)
  }
  for (const encoding of ['identity', 'gzip;q=0', 'x-gzip2', '']) {
    const plain = await getRaw('/assets/main-AbCd1234.js', { 'accept-encoding': encoding })
    assert.deepEqual([plain.headers['content-encoding'], plain.headers['vary']], [undefined, 'accept-encoding'])
    assert.equal(plain.bytes.toString('utf8'), SCRIPT, encoding)
  }
  for (const path of [
    '/assets/map.map',
    '/index.html',
    '/../package.json',
    '/..%2fpackage.json',
    '/assets',
    '/assets/',
    '/assets/%2e%2e/x',
  ])
    assert.equal((await at.browser().get(path)).status, 404, path)
  assert.equal((await at.browser().ask('POST', '/', {})).status, 404)
})

test('X66 stored XSS: markup in terms, names and titles comes back as JSON data, never as a page', async () => {
  const { json: draft } = await lin.post('/api/drafts', { title: XSS })
  const csv = `term,replacement,status,author,approver\n${XSS.replaceAll(',', '')},X1,active,zhang,li\n`
  const batch = await lin.ask('POST', `/api/drafts/${draft.id}/dictionaries/diagnosis`, {
    raw: Buffer.from(csv),
    headers: { 'content-type': 'text/csv' },
  })
  assert.equal(batch.status, 200)
  assert.equal(batch.json.entries[0].term, XSS)
  const put = await lin.ask('PUT', `/api/drafts/${draft.id}/file?path=policies/x.yaml`, {
    body: { text: `policy: "${XSS}"\n` },
    headers: { 'if-none-match': '*' },
  })
  const replies = [
    batch,
    put,
    await lin.get('/api/drafts'),
    await lin.get(`/api/rules/${draft.id}/problems`),
    await lin.get(`/api/rules/${draft.id}/file?path=policies/x.yaml`),
    await lin.post(`/api/drafts/${draft.id}/submit`, { reason: XSS }),
    await lin.get(`/api/rules/active/matrix?interface=${encodeURIComponent(XSS)}`),
    await lin.get(`/api/${encodeURIComponent(XSS)}`),
  ]
  for (const { headers } of replies) {
    assert.match(String(headers['content-type']), /^application\/(?:problem\+)?json/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
  }
  for (const { status, text } of replies.slice(5)) if (status >= 400) assert.ok(!text.includes('<script'), text)
  await lin.ask('DELETE', `/api/drafts/${draft.id}`)
})

test('X60: pasted text is in its one reply and nowhere else', async () => {
  const text = JSON.stringify({ brxm: CANARY.name, sfzh: CANARY.id, sjh: CANARY.mobile })
  const request = { text, format: 'json', role: 'researcher', scenario: 'research' }
  const good = await lin.post('/api/rules/active/preview', request)
  assert.ok(good.text.includes(CANARY.mobile), 'the reader sees what was pasted')
  assert.ok(!good.json.after.includes(CANARY.name) && !good.json.after.includes(CANARY.id))
  const others = [
    await lin.post('/api/rules/active/preview', { ...request, unknown: text }),
    await lin.post('/api/rules/active/preview', { ...request, format: text.slice(0, 16) }),
    await lin.post('/api/rules/active/preview', { text, format: 'json' }),
    await lin.post('/api/samples', { title: 'pasted', format: 'json', text }),
    await lin.ask('POST', '/api/rules/active/preview', {
      raw: Buffer.from(`{"text": ${text}`),
      headers: { 'content-type': 'application/json' },
    }),
    await lin.ask('POST', '/api/rules/active/preview', {
      raw: Buffer.from(text),
      headers: { 'content-type': 'text/plain' },
    }),
  ]
  for (const reply of others) {
    assert.ok(reply.status >= 400)
    for (const secret of Object.values(CANARY)) assert.ok(!reply.text.includes(secret), reply.text)
  }
  const kept = JSON.stringify([at.accounts.events(0, 1000), at.log, at.workshop.drafts(), at.workshop.samples()])
  for (const secret of Object.values(CANARY)) assert.ok(!kept.includes(secret))
  const events = at.accounts.events(0, 1000).filter((e) => e.action === 'preview')
  assert.ok(events.some((e) => e.outcome === 'ok' && e.note?.['pasted'] === true))
})

test("a sample is saved without identifiers, or with a person's word that is audited by name and digest", async () => {
  const text = `{"sjh":"${CANARY.mobile}"}`
  const refused = await lin.post('/api/samples', { title: 'a', format: 'json', text })
  assert.deepEqual(
    [refused.status, refused.json.code, refused.json.hits],
    [422, 'SAMPLE_HITS', [{ detector: 'mobile', count: 1 }]],
  )
  const hidden = `{"sjh":"\\u0031\\u0033\\u0039\\u0031\\u0032\\u0033\\u0034\\u0035\\u0036\\u0037\\u0038"}`
  assert.equal((await lin.post('/api/samples', { title: 'a', format: 'json', text: hidden })).json.code, 'SAMPLE_HITS')
  const saved = await lin.post('/api/samples', { title: 'a', format: 'json', text, synthetic: true })
  assert.equal(saved.status, 201)
  const [event] = at.accounts.events(0, 1)
  assert.deepEqual(
    [event!.action, event!.account?.name, event!.note?.['synthetic'], event!.note?.['hits']],
    ['saveSample', 'LIN.WEI', true, 1],
  )
  assert.match(String(event!.note?.['digest']), /^[0-9a-f]{64}$/)
  assert.equal((await lin.get(`/api/samples/${saved.json.id}`)).json.text, text)
  assert.equal((await lin.post('/api/samples', { title: 'a', format: 'csv', text: 'x' })).json.code, 'BAD_BODY')
})

test('bodies are bounded and read behind the gate only', async () => {
  const large = { title: 'x'.repeat(100_000) }
  assert.equal((await lin.post('/api/drafts', large)).json.code, 'BODY_TOO_LARGE')
  assert.equal((await at.browser().post('/api/drafts', large)).json.code, 'NOT_SIGNED_IN')
  assert.equal(
    (await at.browser().post('/api/session', { name: 'a', password: 'x'.repeat(100_000) })).json.code,
    'BODY_TOO_LARGE',
  )
  const gzip = await lin.ask('POST', '/api/drafts', {
    raw: Buffer.from([0x1f, 0x8b]),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  })
  assert.equal(gzip.status, 415)
  for (const body of ['[]', '1', '{"title":"a","__proto__":{"x":1}}', '{"title":1}', ''])
    assert.equal(
      (
        await lin.ask('POST', '/api/drafts', {
          raw: Buffer.from(body),
          headers: { 'content-type': 'application/json' },
        })
      ).json.code,
      'BAD_BODY',
      body,
    )
})
