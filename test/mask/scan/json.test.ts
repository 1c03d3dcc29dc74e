/** The JSON scanner: the grammar of RFC 8259, refusals with their offset, and its own look-ahead. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../../src/base/errors.ts'
import { formatOf } from '../../../src/mask/formats/index.ts'
import { LEAF, Tape, TYPE_MASK } from '../../../src/mask/tape.ts'
import { ALL, BOUND, HINTS, LIMITS, OPTIONS, Read, rulesOf } from '../formats/fixture.ts'
import { REFUSED_I } from './json-test-suite.ts'

const CORPORA = process.env['VEILGATE_CORPORA'] ?? '../shared/corpora'
const absent = existsSync(CORPORA) ? false : `no corpora at ${CORPORA}: set VEILGATE_CORPORA`
const NONE = rulesOf('json', [['nowhere', '$.no.such.place']])
const readers = [ALL, BOUND].map((interest) => formatOf('json').compile(NONE, OPTIONS, interest))

/** `ok`, or the code and offset; the same whether everything or nothing is of interest. */
function scan(bytes: Buffer | string, limits = LIMITS): string {
  const answers = readers.map((reader) => {
    try {
      reader.read(Buffer.from(bytes), new Tape(), limits, HINTS)
      return 'ok'
    } catch (error) {
      assert.ok(isGatewayError(error), String(error))
      return `${error.code} ${error.hints.offset ?? ''}`.trim()
    }
  })
  assert.equal(answers[0], answers[1])
  return answers[0]!
}

describe('JSON scanner', () => {
  it('accepts and refuses what JSONTestSuite says', { skip: absent }, () => {
    const folder = join(CORPORA, 'json/nst-parsing')
    const count: Record<string, number> = { y: 0, n: 0, i: 0 }
    for (const name of readdirSync(folder).filter((n) => /^[yni]_.*\.json$/.test(n))) {
      const sort = name[0]!
      count[sort]!++
      const accepted = scan(readFileSync(join(folder, name))) === 'ok'
      assert.equal(accepted, sort === 'y' || (sort === 'i' && !REFUSED_I.has(name)), name)
    }
    assert.deepEqual(count, { y: 95, n: 188, i: 35 })
  })

  it('agrees with JSON.parse on mangled documents', () => {
    const base = '{"a":[1,-0.5e+3,"x\\u00e9\\n",true,false,null,{}],"b":{"c":"\\ud83d\\ude00"},"d":[[],{"e":0}]}'
    const chars = '{}[],:"\\u0aEe+-.1tfn \n\u0000é'
    let seed = 7
    const random = (n: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % n
    for (let round = 0; round < 4000; round++) {
      const at = random(base.length)
      const kept = random(3) === 0 ? at + 1 : at
      const text =
        base.slice(0, at) + (random(4) === 0 ? '' : chars[random(chars.length)]!) + base.slice(kept + random(2))
      let valid = true
      try {
        JSON.parse(text)
      } catch {
        valid = false
      }
      assert.equal(scan(text) === 'ok', valid, text)
    }
  })

  it('tells the offset of what it refuses', () => {
    assert.equal(scan(''), 'PAYLOAD_UNPARSEABLE 0')
    assert.equal(scan('{"a":1,}'), 'PAYLOAD_UNPARSEABLE 7')
    assert.equal(scan('{"a":1} x'), 'PAYLOAD_UNPARSEABLE 8')
    assert.equal(scan('[1,2'), 'PAYLOAD_UNPARSEABLE 4')
    assert.equal(scan('{"a":NaN}'), 'PAYLOAD_UNPARSEABLE 5')
    assert.equal(scan('/* c */{}'), 'PAYLOAD_UNPARSEABLE 0')
    assert.equal(scan('{}{}'), 'PAYLOAD_UNPARSEABLE 2')
    assert.equal(scan('["\\x"]'), 'PAYLOAD_UNPARSEABLE 2')
  })

  it('accepts a byte order mark, scalars and arrays at the top', () => {
    for (const text of ['\ufeff{}', '"x"', ' 1.10 ', 'null', '[]', '\r\n\t[ ]\n']) assert.equal(scan(text), 'ok', text)
    assert.equal(scan(' \ufeff{}'), 'PAYLOAD_UNPARSEABLE 1')
  })

  it('bounds depth and size, whatever the nesting', () => {
    assert.equal(scan('['.repeat(1024) + ']'.repeat(1024)), 'ok')
    assert.equal(scan('['.repeat(100_000)), 'PAYLOAD_TOO_DEEP 1024')
    assert.equal(scan('{"a":'.repeat(100_000)), 'PAYLOAD_TOO_DEEP 5120')
    assert.equal(scan('['.repeat(100_000) + ']'.repeat(100_000), { maxDepth: 200_000, maxBytes: 1 << 20 }), 'ok')
    assert.equal(scan('[1,2,3]', { maxDepth: 9, maxBytes: 6 }), 'BODY_TOO_LARGE')
  })

  it('refuses charsets other than UTF-8', () => {
    const read = (charset: string | null, entryCharset: string | null = null) =>
      readers[0]!.read(Buffer.from('{}'), new Tape(), LIMITS, { charset, entryCharset })
    read('UTF-8')
    read('us-ascii')
    for (const hints of [['gb18030'], ['utf-8', 'gbk'], ['utf-16']] as const) {
      assert.throws(() => read(hints[0], hints[1] ?? null), { code: 'UNSUPPORTED_CHARSET' })
    }
  })

  it('finds keys of any length among others, and again when they come back', () => {
    const names = Array.from({ length: 900 }, (_, i) => `k${'x'.repeat(i % 80)}${i}`)
    const lines = names.map((name, i) => [`e${i}`, { key: name }] as const)
    const payload = names.map((name, i) => ({ [name]: `v${i}`, [`${name}y`]: 'no' }))
    const read = new Read('json', rulesOf('json', lines), [...payload, ...payload])
    for (const i of [0, 7, 79, 80, 500, 899]) {
      assert.deepEqual(read.bound(`"v${i}"`), [`e${i} whole`])
      assert.deepEqual(read.bound(`"v${i}"`, 1), [`e${i} whole`])
    }
  })

  it('tells names apart that are guessed while their table begins anew', () => {
    // an object inside another has more names than their table has room for: it begins anew with the outer one half read
    const name = (n: number): string => `${n}-a-long-name-of-a-row-${n}`
    const keys = [5, 299, 301, 399].map((n) => [`e${n}`, { key: name(n) }] as const)
    const reader = formatOf('json').compile(rulesOf('json', keys), OPTIONS, BOUND)
    const members = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `"${name(from + i)}":"${from + i}"`).join()
    for (const inner of ['', '', members(1000, 1131), '', members(2000, 2131)]) {
      const row = `{${members(0, 300)},"in":{${inner}},${members(300, 400)}}`
      const source = Buffer.from(`{"in":{"in":${row},"on":${row}}}`)
      const tape = new Tape()
      reader.read(source, tape, LIMITS, HINTS)
      const found = Array.from({ length: tape.count }, (_, i) => i << 2)
        .filter((at) => (tape.words[at]! & TYPE_MASK) === LEAF)
        .map((at) => Number(source.toString('latin1', tape.words[at + 2]! + 1, tape.words[at + 3]! - 1)))
      assert.deepEqual(found, [5, 299, 301, 399, 5, 299, 301, 399])
    }
  })

  it('takes a name that is cut short for no name it knows', () => {
    const reader = formatOf('json').compile(NONE, OPTIONS, ALL)
    const whole = '{"a-rather-long-name":1,"another-long-name-of-it":2}'
    for (let round = 0; round < 3; round++) {
      reader.read(Buffer.from(whole), new Tape(), LIMITS, HINTS)
      for (let end = 0; end < whole.length; end++)
        assert.throws(() => reader.read(Buffer.from(whole.slice(0, end)), new Tape(), LIMITS, HINTS), isGatewayError)
    }
  })

  it('keeps its memory in bounds when every key is new', () => {
    const reader = formatOf('json').compile(rulesOf('json', [['a', { key: 'a' }]]), OPTIONS, ALL)
    for (let round = 0; round < 3; round++) {
      const members = Array.from({ length: 50_000 }, (_, i) => `"k${round}_${i}":1`)
      reader.read(Buffer.from(`{${members.join()}}`), new Tape(), LIMITS, HINTS)
    }
    assert.ok(reader.layout.sites.length < 10)
  })
})

describe('resourceType', () => {
  const rules = rulesOf('fhir', [['person-name', 'Patient.name']])

  it('is found wherever it stands, and however it is written', () => {
    for (const type of ['"resourceType":"Patient"', '"resourceTyp\\u0065" : "Pati\\u0065nt"']) {
      const read = new Read('fhir', rules, `{"id":"1","name":[{"text":"n"}],"x":[{}],${type}}`)
      assert.deepEqual(read.bound('"n"'), ['person-name whole'])
    }
  })

  it('is refused when two differ, when it is no text, and in the least interesting resource too', () => {
    for (const type of ['Patient', 'Organization', 'Nothing']) {
      const read = (more: string) => () => new Read('fhir', rules, `{"resourceType":"${type}","a":1${more}}`, BOUND)
      read('')()
      read(`,"resourceType":"${type}"`)()
      assert.throws(read(',"resourceType":"Observation"'), { code: 'PAYLOAD_INVALID' })
      assert.throws(read(',"resource\\u0054ype":"Observation"'), { code: 'PAYLOAD_INVALID' })
      assert.throws(read(',"resourceType":["Patient"]'), { code: 'PAYLOAD_INVALID' })
      assert.throws(read(',"resourceType":null'), { code: 'PAYLOAD_INVALID' })
    }
    assert.throws(() => new Read('fhir', rules, '{"resourceType":7}'), { code: 'PAYLOAD_INVALID' })
  })

  it('costs linear time when it comes last at every level', () => {
    const depth = 400
    const open = '{"id":"1","name":[{"text":"n"}],"contained":['
    const one = open.repeat(depth) + '],"resourceType":"Patient"}'.repeat(depth)
    const text = `{"resourceType":"Bundle","entry":[${Array.from({ length: 8 }, () => `{"resource":${one}}`).join()}]}`
    assert.ok(text.length > 200_000)
    const started = process.cpuUsage()
    const read = new Read('fhir', rules, text, ALL, {})
    const { user } = process.cpuUsage(started)
    assert.deepEqual(read.bound('"n"', 3000), ['person-name whole'])
    assert.ok(user < 1_000_000, `${user} us`)
  })
})
