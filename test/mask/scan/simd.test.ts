/** The WebAssembly scanner against the TypeScript one: same tape, same rows, same refusals with the same offset. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { fhirBundle, hisList } from '../../../bench/payloads.ts'
import { compileScanner } from '../../../scripts/wasm.ts'
import { isGatewayError } from '../../../src/base/errors.ts'
import { formatOf } from '../../../src/mask/formats/index.ts'
import { allowSimd, simd } from '../../../src/mask/scan/simd.ts'
import { Tape } from '../../../src/mask/tape.ts'
import { scaled } from '../../fixtures/scale.ts'
import { ALL, BOUND, HINTS, LIMITS, OPTIONS, rulesOf } from '../formats/fixture.ts'

const CORPORA = process.env['VEILGATE_CORPORA'] ?? '../shared/corpora'
const absent = existsSync(CORPORA) ? false : `no corpora at ${CORPORA}: set VEILGATE_CORPORA`

const HIS = rulesOf('json', [
  ['person-name', { key: 'brxm' }],
  ['person-name', { key: 'xm', in: 'patient' }],
  ['person-name', '$.data.list[*].name'],
  ['mobile', { key: 'lxdh' }],
  ['mobile', "$.data['a.b'].tel"],
  ['nowhere', '$.x[*].y'],
])
const FHIR = rulesOf('fhir', [
  ['person-name', 'Patient.name'],
  ['note', 'Observation.note.text'],
  ['mobile', "Patient.telecom.where(system = 'phone').value"],
  ['nowhere', 'Bundle.entry.search.mode'],
])

type Reader = ReturnType<ReturnType<typeof formatOf>['compile']>
const pair = (make: () => Reader): { readonly fast: Reader; readonly plain: Reader } => ({
  fast: make(),
  plain: make(),
})
const PAIRS = [ALL, BOUND].flatMap((interest) => [
  pair(() => formatOf('json').compile(HIS, OPTIONS, interest)),
  pair(() => formatOf('fhir').compile(FHIR, OPTIONS, interest)),
])
const LINES = pair(() => formatOf('ndjson').compile(HIS, OPTIONS, ALL))

/** Everything a reader leaves behind, or how it refused. */
function readBy(reader: Reader, bytes: Buffer, fast: boolean, limits = LIMITS): unknown {
  allowSimd(fast)
  const tape = new Tape()
  try {
    const rows = reader.read(bytes, tape, limits, HINTS).rows()
    return { rows, tape: [...tape.words.subarray(0, tape.length)] }
  } catch (error) {
    assert.ok(isGatewayError(error), String(error))
    return { code: error.code, offset: error.hints.offset }
  } finally {
    allowSimd(true)
  }
}

function same(bytes: Buffer | string, pairs = PAIRS, limits = LIMITS): void {
  const payload = Buffer.from(bytes as Buffer)
  for (const { fast, plain } of pairs)
    assert.deepEqual(
      readBy(fast, payload, true, limits),
      readBy(plain, payload, false, limits),
      payload.toString('latin1', 0, 400),
    )
}

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* files(path)
    else if (/\.(?:json|ndjson)$/.test(name) && statSync(path).size < 400_000) yield path
  }
}

let seed = 11
const random = (n: number): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return Math.floor((seed / 2 ** 32) * n)
}

function mangled(source: Buffer): Buffer {
  const bytes = Buffer.from(source)
  const at = random(bytes.length)
  switch (random(5)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(3))])
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from('{}[],:"\\u00e9 \n\t0-1e+.tfn\u0001é'.slice(random(30))),
        bytes.subarray(at),
      ])
    case 3:
      bytes[at] = '"\\{}[],:0 \n\u0000'.charCodeAt(random(12))
      return bytes
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(bytes.length))])
  }
}

describe('the WebAssembly scanner', () => {
  afterEach(() => allowSimd(true))

  it('is there, and is what its source compiles to', async () => {
    assert.ok(simd() !== null)
    assert.equal(readFileSync('data/json-scanner.json', 'utf8'), await compileScanner())
  })

  it('reads real documents as the other does', { skip: absent }, () => {
    const before = simd()!.done
    let count = 0
    for (const path of files(CORPORA)) {
      same(readFileSync(path))
      count++
    }
    assert.ok(count > 500, `${count} files`)
    // and it was it that read them: what is refused is not counted
    assert.ok(simd()!.done - before > count * 2, `${simd()!.done - before} scans`)
  })

  it('reads mangled documents as the other does', () => {
    const sources = [
      fhirBundle(3000, 3),
      hisList(2000, 5),
      Buffer.from(
        '{"resourceType":"Patient","name":[{"family":"张","given":["三"]}],"telecom":[{"system":"phone","value":"1"}]}',
      ),
      Buffer.from(
        '{ "name" : "x" , "resourceType" : "Patient" , "extension":[{"resourceType":"Observation","note":[{"text":"a"}]}]}',
      ),
      Buffer.from(
        '{"a":[1,-0.5e+3,"x\\u00e9\\n",true,false,null,{}],"b":{"c":"\\ud83d\\ude00"},"d":[[],{"e":0}],"brxm":"张三"}',
      ),
      Buffer.from('[{"xm":"a","xm":"b","patient":{"xm":"张三","\\u0078m":"李四"}},12,"patient",{"13812345678":"x"}]'),
    ]
    for (let round = scaled(30_000, 3000); round > 0; round--) same(mangled(sources[random(sources.length)]!))
  })

  it('knows names of every length, known and new, and many of them', () => {
    for (let n = 0; n < 90; n++)
      same(`[{"${'k'.repeat(n)}":1,"brxm":"a"},{"${'k'.repeat(n)}":2,"brxm":"b"},{"${'9'.repeat(n)}":"x"}]`)
    for (let round = 0; round < 4; round++)
      same(
        JSON.stringify([
          Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`name.${i * (round + 1)}`, `${i}`])),
          { brxm: '张三' },
        ]),
      )
  })

  it('white space, depth, byte order mark, scalars alone', () => {
    for (const text of [
      '',
      ' ',
      '1',
      ' "x" ',
      'tru',
      'null\n',
      '\ufeff{}',
      '\ufeff \t\r\n[ ] ',
      '{"a" \n\t:\r 1 }',
      '[1 ,\n 2\t]',
      '{,}',
      '[,]',
      '[1,]',
      '{"a":1,}',
      '"\t"',
      '01',
      '-',
      '1.',
      '1e',
      '"\\x"',
      '"\\u12g4"',
      '"abc',
    ])
      same(text)
    for (const blanks of [1, 15, 16, 17, 40])
      same(`${' '.repeat(blanks)}{${'\n'.repeat(blanks)}"brxm"${'\t'.repeat(blanks)}:"x"}`)
    for (const depth of [9, 10, 11])
      same(`${'['.repeat(depth)}${']'.repeat(depth)}`, PAIRS, { ...LIMITS, maxDepth: 10 })
    same('['.repeat(1500) + ']'.repeat(1500), PAIRS, { ...LIMITS, maxDepth: 2000 })
  })

  it('strings whose quote stands at every place of a block', () => {
    for (let n = 0; n < 70; n++)
      same(`{"brxm":"${'张'.repeat(n % 23)}${'x'.repeat(n)}","lxdh":"${'\\"'.repeat(n % 9)}${'y'.repeat(n)}"}`)
  })

  it('lines one by one', () => {
    same('{"brxm":"a"}\n\n{"xm":[1,2]}\r\n"x"\n{"lxdh":', [LINES])
    same(Buffer.concat(Array.from({ length: 300 }, (_, i) => Buffer.from(`{"brxm":"n${i}","v":${i}}\n`))), [LINES])
  })

  it('payloads that do not fit its memory, and smaller ones after them', () => {
    const large = hisList(scaled(12_000_000, 9_000_000), 1)
    same(large, [PAIRS[0]!])
    same(hisList(3_000_000, 2), [PAIRS[0]!])
    same(`[${'{},'.repeat(400_000)}1]`, [PAIRS[0]!])
    same(hisList(2000, 3))
  })

  it('begins anew when its memory for names is full', () => {
    for (let round = 0; round < 40; round++) {
      const many = Array.from({ length: 400 }, (_, i) => ({
        [`k${round}x${i}`]: { [`${'n'.repeat(40)}${round}.${i}`]: i },
      }))
      for (let again = 0; again < 3; again++) same(JSON.stringify(many), [PAIRS[0]!])
    }
    const objects = Array.from({ length: 60 }, (_, r) =>
      Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${'m'.repeat(50)}${r}_${i}`, i])),
    )
    for (const object of objects) same(JSON.stringify([object, { brxm: 'x' }]), [PAIRS[0]!])
  })

  it('two tapes at a time keep what is theirs', () => {
    const { fast } = PAIRS[0]!
    const one = new Tape()
    const two = new Tape()
    fast.read(Buffer.from('{"brxm":"a","lxdh":"b"}'), one, LIMITS, HINTS)
    const before = [...one.words.subarray(0, one.length)]
    assert.ok(before.length > 0)
    fast.read(Buffer.from('[{"brxm":"ccc"},{"brxm":"ddd"},{"brxm":"eee"}]'), two, LIMITS, HINTS)
    fast.read(hisList(600_000, 1), new Tape(), LIMITS, HINTS)
    assert.deepEqual([...one.words.subarray(0, one.length)], before)
    assert.ok(two.length > 0)
  })
})
