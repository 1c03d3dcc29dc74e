/**
 * X60 and the reviewer's harness of domain.md 7: one canary person in every position of every format, both ways, and on
 * every way a call can fail; then a search of all that left the gateway and all that stayed in it.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { TOPICS } from '../../src/adapters/record-sink/index.ts'
import { signToken } from '../fixtures/consortium.ts'
import { rulesParts, throwing } from '../fixtures/plans.ts'
import { askRaw, eventually, type Told } from '../fixtures/road.ts'
import { scaled } from '../fixtures/scale.ts'
import { json, startScene } from '../fixtures/scene.ts'
import { kafkaMissing } from '../services/kafka.ts'
import { leaks, PERSON, TEXTS, told } from './fixtures/canary.ts'
import { BAD_ANSWERS, BROKEN_REQUESTS, ODD_REQUESTS } from './fixtures/canary-failures.ts'
import { type CanaryScene, startCanaryScene } from './fixtures/canary-scene.ts'
import { canariesIn, placesOf, topicsOf } from './fixtures/places.ts'
import { fhirDocuments, resources } from './fixtures/planted-fhir.ts'
import { hl7Documents } from './fixtures/planted-hl7.ts'
import { hisDocument, hisVariants, ndjsonDocument } from './fixtures/planted-json.ts'

const TURNS = scaled(10, 1)

interface Kind {
  readonly type: string
  readonly get: string
  readonly send: string
  documents(): readonly (string | Buffer)[]
}

const KINDS: Readonly<Record<string, Kind>> = {
  'HIS JSON': {
    type: 'application/json',
    get: '/teaching/records/1',
    send: '/teaching/records',
    documents: () => [hisDocument(), ...hisVariants()],
  },
  FHIR: {
    type: 'application/fhir+json',
    get: '/teaching/fhir/Bundle/1',
    send: '/teaching/fhir',
    documents: () => fhirDocuments(TURNS),
  },
  NDJSON: {
    type: 'application/x-ndjson',
    get: '/teaching/export/1',
    send: '/teaching/export',
    documents: () => [ndjsonDocument(resources(3).slice(0, 40))],
  },
  'HL7 v2': {
    type: 'application/hl7-v2',
    get: '/teaching/hl7/1',
    send: '/teaching/hl7',
    documents: () => hl7Documents(TURNS),
  },
}

function assertClean(place: string, { body, rawHeaders }: Told): void {
  const found = [
    ...leaks(body),
    ...leaks(rawHeaders.join('\n')),
    ...leaks(Buffer.from(rawHeaders.join('\n'), 'latin1')),
  ]
  assert.equal(found.length, 0, told(place, found.slice(0, 5)))
}

test('the search finds every canary in every spelling', () => {
  for (const text of TEXTS) {
    const bytes = Buffer.from(`x"${text}"y`)
    const spelt: readonly (string | Buffer)[] = [
      bytes,
      bytes.toString('base64'),
      `ab${Buffer.from(`z${text}zz`).toString('base64url')}`,
      bytes.toString('hex'),
      encodeURIComponent(text),
      JSON.stringify(text).replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`),
      text.replace(/[^\0-\x7f]/gu, (c) => `&#${c.codePointAt(0)};`),
      Buffer.from(text, 'utf16le'),
    ]
    for (const hay of spelt) assert.equal(leaks(hay, [text]).length, 1, `${text} in ${hay}`)
  }
})

describe('X60: the canary person', { timeout: 900_000 }, () => {
  let scene: CanaryScene
  before(async () => void (scene = await startCanaryScene()), { timeout: 180_000 })
  after(() => scene?.close())

  for (const [format, kind] of Object.entries(KINDS)) {
    test(`${format}: nothing in an answer, whatever the position`, async () => {
      const documents = kind.documents()
      assert.ok(
        leaks(Buffer.concat(documents.map((d) => Buffer.from(d)))).length >= TEXTS.length - 4,
        'all are planted',
      )
      for (const role of ['strict', 'working'])
        for (const [i, document] of documents.entries()) {
          scene.answer = json(Buffer.from(document), { 'content-type': kind.type })
          const reply = await scene.ask({ role, path: kind.get })
          assert.equal(reply.status, 200, `${format} ${i}: ${reply.text.slice(0, 300)}`)
          assertClean(`${format} ${i} as ${role}`, reply)
        }
    })

    test(`${format}: nothing in what a request brings to its receiver`, async () => {
      scene.answer = json(
        kind.type === 'application/hl7-v2' ? 'MSH|^~\\&|A|B|C|D|20261121||ACK|1|P|2.4\rMSA|AA|1\r' : '{}',
        { 'content-type': kind.type },
      )
      for (const [i, document] of kind.documents().entries()) {
        const body = format === 'FHIR' || format === 'NDJSON' ? withoutIds(String(document)) : document
        const reply = await scene.ask({ method: 'POST', path: kind.send, headers: { 'content-type': kind.type }, body })
        assert.equal(reply.status, 200, `${format} ${i}: ${reply.text.slice(0, 300)}`)
        const seen = scene.upstream.requests.at(-1)!
        assert.equal(seen.method, 'POST')
        const found = leaks(seen.body)
        assert.equal(found.length, 0, told(`${format} ${i} upstream`, found.slice(0, 5)))
      }
    })
  }

  for (const [name, { path = '/teaching/records/1', answer, code }] of Object.entries(BAD_ANSWERS))
    test(`upstream: ${name}`, async () => {
      scene.answer = answer
      const reply = await scene.ask({ path })
      assertClean(name, reply)
      if (code === null) assert.ok(reply.headers['veilgate-receipt'] !== undefined, reply.text)
      else assert.ok(reply.text.includes(code), reply.text)
    })

  for (const [name, request] of Object.entries(ODD_REQUESTS))
    test(`X20: caller: ${name}`, async () => {
      scene.answer = json('{"code":0}')
      const reply = await scene.ask({ path: '/teaching/records/1', ...request })
      assert.ok(reply.status >= 200)
      assertClean(name, reply)
    })

  test('bytes that are no request', async () => {
    for (const bytes of BROKEN_REQUESTS) {
      const { text } = await askRaw(scene.deployment, Buffer.from(bytes, 'latin1'))
      assert.match(text, /^HTTP\/1\.1 4\d\d /)
      assert.equal(leaks(Buffer.from(text, 'latin1')).length, 0, text)
    }
  })

  test('signed tokens with canaries as claims', async () => {
    const { residentId, inpatientNo, mobile, email } = PERSON
    const claims = [
      { audience: residentId },
      { scopes: [inpatientNo, email] },
      { roles: [inpatientNo] },
      { roles: ['strict'], subject: residentId, tokenId: mobile, purpose: email, project: inpatientNo },
      { institution: inpatientNo },
      { roles: [inpatientNo, email] },
    ]
    for (const claim of claims) {
      const token = await signToken(scene.deployment.consortium, 'county', { scopes: ['his'], ...claim })
      scene.answer = json(`{"brxm":"${PERSON.name}"}`)
      assertClean(JSON.stringify(claim), await scene.ask({ path: '/teaching/records/1', token }))
    }
  })

  test('nothing in the stream', { skip: kafkaMissing() }, async () => {
    const wanted = scene.upstream.requests.length
    let topics = await topicsOf(scene.kafka!)
    const counted = (): number => topics.get(TOPICS.calls)!.length
    const signals = (): string => JSON.stringify(topics.get(TOPICS.anomalies))
    // records and signals come a moment after their calls
    for (const until = Date.now() + 20_000; Date.now() < until; topics = await topicsOf(scene.kafka!))
      if (counted() >= wanted && signals().includes('denied-burst')) break
    assert.ok(counted() >= wanted, `${counted()} records of ${wanted} calls`)
    // the one detector, all the way: a burst of refusals becomes a signal in its topic
    assert.match(signals(), /denied-burst/)
    for (const [topic, messages] of topics) {
      const found = leaks(JSON.stringify(messages))
      assert.equal(found.length, 0, told(topic, found.slice(0, 5)))
    }
  })

  test('nothing stays in the gateway: logs, journal, call log, figures, reports, output', async () => {
    const { deployment, serving } = scene
    const wanted = scene.upstream.requests.length
    await eventually(() => deployment.read('veilgate.log').length > 0)
    let places = await placesOf(deployment, serving)
    const records = () =>
      places
        .get('journal lines')!
        .toString()
        .split('\n')
        .filter((line) => line.startsWith('C')).length
    assert.ok(records() >= wanted, `${records()} records of ${wanted} calls`)
    assert.match(places.get('/api/anomalies')!.toString(), /"detector":"denied-burst"/)
    assert.match(places.get('veilgate.log')!.toString(), /"event":"anomaly\.signal"[^\n]*"rule":"denied-burst"/)
    // once more after an orderly end: what is written last lies there then
    const output = serving.output
    assert.equal(await serving.stop(), 0)
    const rest = ['state/calls.sqlite', 'veilgate.log']
    for (const path of rest) assert.ok([...places.keys()].includes(path), path)
    places = new Map([
      ...places,
      ['output at the end', Buffer.from(output())],
      ['log at the end', Buffer.from(deployment.read('veilgate.log'))],
    ])
    assert.equal(canariesIn(places), '')
  })
})

test('a method that throws words with the canary in them', async () => {
  const parts = rulesParts()
  const fault = (): never => {
    throw new Error(`cannot mask ${PERSON.name} ${PERSON.residentId}`)
  }
  const scene = await startScene({ parts: { compilePlan: (request) => throwing(parts.compilePlan(request), fault) } })
  try {
    scene.answer = json(JSON.stringify({ brxm: PERSON.name, sfzh: PERSON.residentId }))
    const reply = await scene.ask({ role: 'researcher' })
    assert.equal(reply.status, 502)
    assert.equal(reply.json['code'], 'MASK_FAILED')
    assertClean('the answer', reply)
    await eventually(() => scene.road.journal.records.length === 1)
    for (const kept of [scene.road.log.lines, scene.road.journal.records, scene.road.metrics.render()])
      assert.equal(leaks(JSON.stringify(kept)).length, 0)
  } finally {
    await scene.close()
  }
})

/** In requests resource ids stay as sent (rules-language.md, Direction): the receiver could not find the patient else. */
function withoutIds(document: string): string {
  const ids = new Set(['id', 'reference', 'fullUrl', 'url', 'location'])
  const lines = document.endsWith('\n') ? document.trimEnd().split('\n') : [document]
  const plain = lines.map((line) =>
    JSON.stringify(JSON.parse(line, (key, value) => (ids.has(key) ? 'Patient/1' : value))),
  )
  return plain.join('\n')
}
