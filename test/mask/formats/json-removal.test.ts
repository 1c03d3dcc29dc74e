/** Taking values out of JSON texts: against a model on parsed values, byte by byte for what stays. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Edits } from '../../../src/base/splice.ts'
import { type Flags, Removal } from '../../../src/mask/formats/json-removal.ts'
import { Read, rulesOf } from './fixture.ts'

type Value = { raw: string; start: number; end: number } & (
  | { kind: 'scalar' }
  | { kind: 'array'; items: Value[] }
  | { kind: 'object'; members: [string, Value][] }
)

function generator(seed: number) {
  const random = (n: number): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n
  const blank = () => ['', '', ' ', '\n  ', '\t', '\r\n'][random(6)]!
  const scalars = ['1.10', '"张三"', 'true', '-0', '"a\\"b"', 'null', '1E+2', '""', '"]},[{"']
  const keys = ['a', 'b\\"', '名', 'resource', '_x', '']
  let text = ''
  function value(depth: number): Value {
    const start = text.length
    const sort = depth === 0 ? 2 : random(depth > 4 ? 1 : 3)
    let made: Value
    if (sort === 0) {
      text += scalars[random(scalars.length)]!
      made = { kind: 'scalar', raw: '', start, end: 0 }
    } else if (sort === 1)
      made = { kind: 'array', items: list('[', ']', () => value(depth + 1)), raw: '', start, end: 0 }
    else {
      let n = 0
      const member = (): [string, Value] => {
        const key = `${keys[random(keys.length)]}${n++}`
        text += `"${key}"${blank()}:${blank()}`
        return [JSON.parse(`"${key}"`), value(depth + 1)]
      }
      made = { kind: 'object', members: list('{', '}', member), raw: '', start, end: 0 }
    }
    made.end = text.length
    made.raw = text.slice(start)
    return made
  }
  function list<T>(open: string, close: string, one: () => T): T[] {
    text += open + blank()
    const out: T[] = []
    for (let n = random(5); n > 0; n--) {
      out.push(one())
      text += blank() + (n > 1 ? `,${blank()}` : '')
    }
    text += close
    return out
  }
  function document(): { root: Value; text: string } {
    text = blank()
    const root = value(0)
    return { root, text: text + blank() }
  }
  return { random, document }
}

const NOTHING = Symbol('nothing')

/** What JSON.parse of the output must give. */
function model(v: Value, gone: ReadonlySet<Value>, cascade: boolean, top = true): unknown {
  if (v.kind === 'scalar') return JSON.parse(v.raw)
  if (v.kind === 'array') {
    const items = v.items.map((i) => {
      if (gone.has(i)) return i.kind === 'scalar' ? null : NOTHING
      return model(i, gone, cascade, false)
    })
    const left = items.filter((i) => i !== NOTHING)
    const touched = v.items.some((i, k) => gone.has(i) || items[k] === NOTHING)
    return cascade && touched && left.every((i) => i === null) ? NOTHING : left
  }
  const members = v.members.flatMap(([key, m]) => {
    const value = gone.has(m) ? NOTHING : model(m, gone, cascade, false)
    return value === NOTHING ? [] : [[key, value]]
  })
  return cascade && !top && members.length === 0 && v.members.length > 0 ? NOTHING : Object.fromEntries(members)
}

/** Raw scalars that must stand in the output, in order. */
function keptScalars(v: Value, gone: ReadonlySet<Value>): string[] {
  if (gone.has(v)) return []
  if (v.kind === 'scalar') return v.raw === 'null' ? [] : [v.raw]
  return (v.kind === 'array' ? v.items : v.members.map(([, m]) => m)).flatMap((c) => keptScalars(c, gone))
}

function everyValue(v: Value): Value[] {
  const below = v.kind === 'scalar' ? [] : v.kind === 'array' ? v.items : v.members.map(([, m]) => m)
  return below.flatMap((b) => [b, ...everyValue(b)])
}

function outermost(gone: ReadonlySet<Value>): Value[] {
  const sorted = [...gone].toSorted((a, b) => a.start - b.start || b.end - a.end)
  let end = -1
  return sorted.filter((v) => {
    if (v.start < end) return false
    end = v.end
    return true
  })
}

function apply(text: string, gone: ReadonlySet<Value>, cascade: boolean): string {
  const source = Buffer.from(text)
  const offset = (i: number) => Buffer.byteLength(text.slice(0, i))
  const flags: Flags = { required: false, aligned: false, extension: false }
  const removal = new Removal(source, { cascade, lines: false, flags: () => flags })
  const edits = new Edits()
  for (const v of outermost(gone)) removal.add(offset(v.start), offset(v.end), v.kind === 'scalar')
  for (const cut of removal.cuts()) edits.cut(cut.start, cut.end, cut.text)
  return edits.apply(source).toString('utf8')
}

describe('removal from JSON', () => {
  for (const cascade of [false, true]) {
    it(`leaves what the model leaves, byte for byte (${cascade ? 'FHIR' : 'HIS'})`, () => {
      const { random, document } = generator(cascade ? 11 : 5)
      for (let round = 0; round < 1500; round++) {
        const { root, text } = document()
        const gone = new Set(everyValue(root).filter((v) => v.kind !== 'array' && random(3) === 0))
        const out = apply(text, gone, cascade)
        const shown = `${text}\n${out}`
        let parsed: unknown
        assert.doesNotThrow(() => (parsed = JSON.parse(out)), shown)
        const expected = model(root, gone, cascade)
        assert.deepEqual(parsed, expected, shown)
        let at = 0
        for (const raw of keptScalars(root, gone)) {
          at = out.indexOf(raw, at)
          assert.ok(at >= 0, shown)
          at += raw.length
        }
      }
    })
  }

  it('takes a member with one comma and keeps the layout of the rest', () => {
    const pretty = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}'
    const rules = rulesOf('json', [['x', '$.no']])
    const without = (...raws: string[]) => {
      const read = new Read('json', rules, pretty)
      for (const raw of raws) read.remove(raw)
      return read.finish()
    }
    assert.equal(without('1'), '{\n  "b": 2,\n  "c": 3\n}')
    assert.equal(without('2'), '{\n  "a": 1,\n  "c": 3\n}')
    assert.equal(without('3'), '{\n  "a": 1,\n  "b": 2\n}')
    assert.equal(without('1', '3'), '{\n  "b": 2\n}')
    assert.equal(without('1', '2', '3'), '{\n  \n}')
    assert.equal(without(), pretty)
  })

  it('drops the new name of a key that goes with its value, and a second removal inside a removed scope', () => {
    const read = new Read('json', rulesOf('json', [['x', '$.no']]), '{"13812345678":"v","b":1}')
    assert.deepEqual(read.keys(), ['"13812345678"'])
    read.doc.replaceKey(read.edits, 1, 14, '?abcdef')
    read.remove('"v"')
    assert.equal(read.finish(), '{"b":1}')
  })

  it('writes null for a scalar that is the whole payload', () => {
    const read = new Read('json', rulesOf('json', [['x', '$.no']]), ' "v" ')
    assert.equal(read.remove('"v"').finish(), ' null ')
  })
})

describe('removal from FHIR', () => {
  const rules = rulesOf('fhir', [
    ['person-name', 'HumanName'],
    ['diagnosis', 'Condition.code'],
    ['sex', 'Patient.gender'],
    ['telecom', 'ContactPoint'],
  ])
  const read = (payload: unknown) => new Read('fhir', rules, payload)

  it('leaves no empty object or array, up to the resource', () => {
    const name = { resourceType: 'Patient', id: 'a', name: [{ family: '张', given: ['三', '四'] }], active: true }
    const gone = read(name).remove('"张"').remove('"三"').remove('"四"').finish()
    assert.deepEqual(JSON.parse(gone), { resourceType: 'Patient', id: 'a', active: true })
    const partly = read(name).remove('"张"').remove('"三"').finish()
    assert.deepEqual(JSON.parse(partly).name, [{ given: [null, '四'] }])
    assert.equal(
      read('{"resourceType":"Patient","name":[{"text":"n"}]}').remove('"n"').finish(),
      '{"resourceType":"Patient"}',
    )
  })

  it('keeps primitives and their companions aligned', () => {
    const name = { given: ['三', '四'], _given: [null, { extension: [{ url: 'http://x', valueString: 'SI' }] }] }
    const one = read({ resourceType: 'Patient', name: [name] })
      .remove('"三"')
      .remove('"四"')
      .finish()
    assert.deepEqual(JSON.parse(one).name, [{ _given: name._given }])
    const other = read({ resourceType: 'Patient', name: [name] })
      .remove('"http://x"')
      .remove('"SI"')
      .finish()
    assert.deepEqual(JSON.parse(other).name, [{ given: ['三', '四'] }])
    const both = { given: ['三', '四'], _given: [{ id: 'i' }, { extension: [{ url: 'http://x', valueString: 'SI' }] }] }
    const mixed = read({ resourceType: 'Patient', name: [both] })
      .remove('"http://x"')
      .remove('"SI"')
      .finish()
    assert.deepEqual(JSON.parse(mixed).name, [{ given: ['三', '四'], _given: [{ id: 'i' }, null] }])
  })

  it('takes an extension of which only the url is left, and nothing else that has a url', () => {
    const patient = (...extension: object[]) => ({ resourceType: 'Patient', active: true, extension })
    const first = read(patient({ url: 'http://a', valueString: 's' }))
      .remove('"s"')
      .finish()
    assert.deepEqual(JSON.parse(first), { resourceType: 'Patient', active: true })
    const last = read(patient({ valueString: 's', url: 'http://a' }, { url: 'http://b', valueString: 't' }))
      .remove('"s"')
      .finish()
    assert.deepEqual(JSON.parse(last).extension, [{ url: 'http://b', valueString: 't' }])
    const three = patient({ id: 'i', url: 'http://a', valueString: 's' })
    assert.deepEqual(JSON.parse(read(three).remove('"s"').finish()).extension, [{ id: 'i', url: 'http://a' }])
    const photo = { resourceType: 'Patient', photo: [{ url: 'http://a', title: 't' }] }
    assert.deepEqual(JSON.parse(read(photo).remove('"t"').finish()).photo, [{ url: 'http://a' }])
  })

  it('says why a required element is missing', () => {
    const reason = {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
    }
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } }
    assert.deepEqual(JSON.parse(read(observation).remove('"final"').remove('"x"').finish()), {
      resourceType: 'Observation',
      _status: reason,
      code: reason,
    })
    const list = {
      resourceType: 'CodeSystem',
      status: 'active',
      content: 'complete',
      property: [{ code: 'p', type: 'code' }],
    }
    assert.deepEqual(JSON.parse(read(list).remove('"p"').remove('"code"').finish()).property, [
      { _code: reason, _type: reason },
    ])
    const manifestation = {
      resourceType: 'AllergyIntolerance',
      patient: { display: 'd' },
      reaction: [{ manifestation: [{ text: 'm' }], description: 't' }],
    }
    const out = JSON.parse(read(manifestation).remove('"m"').remove('"d"').finish())
    assert.deepEqual(out.reaction, [{ manifestation: [reason], description: 't' }])
    assert.deepEqual(out.patient, reason)
  })

  it('leaves a companion that already speaks for the required element alone', () => {
    const payload = '{"resourceType":"Observation","status":"final","_status":{"id":"q"},"code":{"text":"x"}}'
    assert.equal(
      read(payload).remove('"final"').finish(),
      '{"resourceType":"Observation","_status":{"id":"q"},"code":{"text":"x"}}',
    )
  })
})
