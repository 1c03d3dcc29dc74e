/** X36: a name nobody knows is noted once, under a keyed hash, and its value is unknown all the same. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readDrift } from '../../src/adapters/state/drift.ts'
import { type Io, UsageError } from '../../src/cli/command.ts'
import { showDrift } from '../../src/cli/rules/drift.ts'
import { driftBook } from '../../src/cli/serve/drift-book.ts'
import { type Drift, DriftBook, MAX_ADDRESSES } from '../../src/mask/drift.ts'
import { compilePlan, type FormatName, Pseudonyms } from '../../src/mask/index.ts'
import { asking, RING, TODAY } from './fixtures.ts'
import { mask, rulesOf } from './formats/folded.ts'

const rules = rulesOf()
const pseudonyms = new Pseudonyms(RING)

function seen(
  format: FormatName,
  payloads: readonly string[],
  known: readonly Drift[] = [],
): { texts: string[]; found: string[] } {
  const found: Drift[] = []
  const book = new DriftBook({
    hash: (name) => `00000${name.length}`,
    now: () => 0,
    known,
    found: (d) => found.push(d),
  })
  const plan = compilePlan(rules, asking('outside', format), { pseudonyms, today: () => TODAY, drift: book })!
  return { texts: payloads.map((p) => mask(plan, p)), found: found.map((d) => d.address) }
}

describe('drift', () => {
  it('JSON: unknown names once each; known ones, envelopes and labels never', () => {
    const { texts, found } = seen('json', [
      '{"code":0,"data":{"rows":[{"brxm":"张三","sfzh2":"x"}]}}',
      '{"code":0,"data":{"rows":[{"brxm":"张三","sfzh2":"x","bz9":"y","name":"bz9","value":"z"}]}}',
    ])
    assert.deepEqual(found, ['?000005', '?000003'])
    assert.ok(!texts.join('').includes('"x"'))
  })
  it('names that are payload themselves are one address', () => {
    assert.deepEqual(seen('json', ['{"500103199003070025":{"brxm":"a"},"13812345678":1,"张三":2}']).found, ['?*'])
  })
  it('FHIR: under the type they stand in; HL7: segments nobody defined', () => {
    assert.deepEqual(seen('fhir', ['{"resourceType":"Patient","nickname":"张三"}']).found, ['Patient.?000008'])
    assert.deepEqual(seen('hl7v2', ['MSH|^~\\&|A|B|C|D|20261121||ADT^A01|1|P|2.5.1\rPID|1\rZQQ|张三\r']).found, [
      '?000003',
    ])
  })
  it('what is known is no news, and a payload cannot fill the book', () => {
    assert.deepEqual(
      seen('json', ['{"sfzh2":1}'], [{ interface: 'i', address: '?000005', first: '2026-01-01T00:00:00Z' }]).found,
      [],
    )
    const found: Drift[] = []
    const book = new DriftBook({
      hash: (name) => Buffer.from(name).toString('hex').padStart(6, '0'),
      now: () => 0,
      known: [],
      found: (d) => found.push(d),
    })
    for (let i = 0; i < MAX_ADDRESSES + 50; i++) book.note('i', '', `k${i}`)
    assert.equal(found.length, MAX_ADDRESSES)
    assert.equal(book.count(), MAX_ADDRESSES)
    assert.equal(book.list().length, MAX_ADDRESSES)
  })
})

describe('the book of a state folder', () => {
  const state = mkdtempSync(join(tmpdir(), 'drift-'))
  after(() => rmSync(state, { recursive: true }))
  const told: string[] = []
  const log = { info() {}, error() {}, warn: (event: string) => void told.push(event) }

  it('writes what is new, without the name, and knows it again after a restart', () => {
    const first = driftBook(state, pseudonyms, log)
    first.note('his.x', '', 'sfzh2')
    first.note('his.x', '', 'sfzh2')
    assert.deepEqual(told, ['rules.drift'])
    assert.ok(!readFileSync(join(state, 'drift.ndjson'), 'utf8').includes('sfzh2'))
    driftBook(state, pseudonyms, log).note('his.x', '', 'sfzh2')
    assert.deepEqual(told, ['rules.drift'])
    assert.match(readDrift(state)[0]!.address, /^\?[0-9a-f]{8}$/)
  })
  it('passes over lines that are none', () => {
    writeFileSync(
      join(state, 'drift.ndjson'),
      'x\n{"interface":"a","address":"张三","first":"2026-01-01T00:00:00Z"}\n{"interface":"a","address":"?abcdef","first":"2026-01-01T00:00:00Z"}\n',
    )
    assert.deepEqual(
      readDrift(state).map((d) => d.address),
      ['?abcdef'],
    )
    assert.deepEqual(readDrift(join(state, 'nowhere')), [])
  })
})

describe('veilgate rules drift', () => {
  const state = mkdtempSync(join(tmpdir(), 'drift-'))
  after(() => rmSync(state, { recursive: true }))
  it('prints what the state folder knows', async () => {
    const line = '{"interface":"his.x","address":"?abcdef12","first":"2026-01-01T00:00:00.000Z"}'
    writeFileSync(join(state, 'drift.ndjson'), `${line}\n${line.replace('his.x', 'his.y')}\n`)
    const out: string[] = []
    const io = { out: (text: string) => void out.push(text) } as unknown as Io
    assert.equal(await showDrift([state, '--interface', 'his.y', '--json'], io), 0)
    assert.deepEqual(JSON.parse(out.join('')), [JSON.parse(line.replace('his.x', 'his.y'))])
    await assert.rejects(showDrift([], io), UsageError)
  })
})
