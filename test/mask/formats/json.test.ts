/** Plain JSON: keys, scopes, labels, paths, keys that are payload, numbers, rows and records. */

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { finish } from '../../../src/base/steps.ts'
import { formatOf } from '../../../src/mask/formats/index.ts'
import { matchKey } from '../../../src/mask/formats/json-key.ts'
import { parseJsonPath } from '../../../src/mask/formats/json-path.ts'
import { ALL, BOUND, type Line, Read, rulesOf } from './fixture.ts'

const read = (lines: readonly Line[], payload: unknown, interest = ALL, options = {}) =>
  new Read('json', rulesOf('json', lines), payload, interest, options)
const key = (name: string, scope?: string) => (scope === undefined ? { key: name } : { key: name, in: scope })

describe('HIS keys', () => {
  it('match in every spelling (X29)', () => {
    const spellings = [
      'patientname',
      'PatientName',
      'PATIENT_NAME',
      'patient-name',
      ' patientName ',
      'ｐａｔｉｅｎｔｎａｍｅ',
      'p\u0430tientName',
      'pa\u200btientname',
      'patient.name',
      'patient name',
    ]
    for (const name of spellings) {
      for (const interest of [ALL, BOUND]) {
        assert.deepEqual(
          read([['person-name', key('patientname')]], { data: [{ [name]: 'V' }] }, interest).bound('"V"'),
          ['person-name whole'],
          name,
        )
      }
    }
    assert.equal(matchKey('患者 姓名'), '患者姓名')
    assert.deepEqual(read([['x', key('姓名')]], '{"\\u59d3\\u540d":"V"}').bound('"V"'), ['x whole'])
  })

  it('hold in arrays of scalars, at any depth, for every duplicate, and not for what lies below', () => {
    const r = read([['mobile', key('phone')]], '{"a":[[{"phone":["1",["2"]],"phone":"3"}]],"phone":{"x":"4"}}')
    for (const raw of ['"1"', '"2"', '"3"']) assert.deepEqual(r.bound(raw), ['mobile whole'], raw)
    assert.deepEqual(r.bound('"4"'), [])
  })

  it('hold in their scope only', () => {
    const lines: Line[] = [
      ['person-name', key('xm', 'patient')],
      ['lab-item', key('xm')],
    ]
    const r = read(lines, { PATIENT: [{ base: { xm: 'A' } }], xm: 'B' })
    assert.deepEqual(r.bound('"A"'), ['person-name whole'])
    assert.deepEqual(r.bound('"B"'), ['lab-item whole'])
  })

  it('bind the value of a pair by its label, whichever comes first', () => {
    const lines: Line[] = [
      ['resident-id', { pair: '身份证号' }],
      ['person-name', { pair: '姓名' }],
    ]
    for (const [label, value] of [
      ['name', 'value'],
      ['label', 'val'],
      ['KEY', 'Value'],
    ] as const) {
      const r = read(
        lines,
        [
          { [label]: '身份证号', [value]: 'A' },
          { [value]: 'B', [label]: '血型' },
        ],
        BOUND,
      )
      assert.deepEqual(r.bound('"A"').toSorted(), ['person-name whole if', 'resident-id whole if'])
      const id = r.site('"A"').candidates.find((c) => c.element.id === 'resident-id')!
      const { test, scope } = r.reader.layout.conditions[id.condition]!
      assert.ok(test('身份证号') && test(' 身份证_号') && !test('血型'))
      assert.ok(r.site('"身份证号"').witnesses.includes(id.condition))
      assert.ok(r.reader.layout.scopes[scope])
    }
  })

  it('know pinyin keys as another form of the name', () => {
    const r = read([['person-name', key('xmpy')]], { xmpy: 'ZHANGSAN' })
    assert.deepEqual(r.bound('"ZHANGSAN"'), ['person-name echo'])
    assert.equal(r.replace('"ZHANGSAN"', 'Z**'), false)
  })

  it('survive names of the language itself (X31)', () => {
    const r = read([['x', key('constructor')]], '{"__proto__":{"toString":"A"},"constructor":"B"}')
    assert.deepEqual(r.bound('"A"'), [])
    assert.deepEqual(r.bound('"B"'), ['x whole'])
  })
})

describe('JSONPath', () => {
  it('is refused with the offset of the mistake', () => {
    const wrong: [string, number][] = [
      ['a.b', 0],
      ['$', 1],
      ['$.', 2],
      ['$.a[0]', 4],
      ['$.a[1:2]', 4],
      ["$['a'", 5],
      ["$['a]", 5],
      ['$.a[?(@.b = "x")]', 10],
      ["$.a[?(@.b == 'x']", 16],
      ["$.a[?b == 'x']", 5],
      ["$.a[?@.b == 'x'][?@.c == 'y']", 0],
      ['$.a b', 3],
    ]
    for (const [text, offset] of wrong) {
      const parsed = parseJsonPath(text)
      assert.ok('error' in parsed, text)
      assert.equal(parsed.offset, offset, `${text}: ${parsed.error}`)
    }
    assert.notEqual(formatOf('json').check({ path: null, key: '_-', within: null, pair: null }), null)
  })

  const selected = (path: string, payload: unknown) => {
    const r = read([['x', path]], payload, BOUND)
    return ['"1"', '"2"', '"3"', '"4"'].filter((raw) => r.leaf(raw) >= 0 && r.bound(raw).length > 0)
  }

  it('selects members, items, descendants and what a filter tells', () => {
    assert.deepEqual(selected('$.a.b', { a: { b: '1', c: '2' }, b: '3' }), ['"1"'])
    assert.deepEqual(selected('$[\'a\']["b c"]', { a: { 'b c': '1' }, 'b c': '2' }), ['"1"'])
    assert.deepEqual(selected('$.a[*].b', { a: [{ b: '1' }, { b: '2' }], b: '3' }), ['"1"', '"2"'])
    assert.deepEqual(selected('$.a.b', { a: [{ b: '1' }] }), [], 'names do not see through arrays')
    assert.deepEqual(selected('$..b', { a: [{ b: '1' }], b: '2', c: { d: { b: '3' } }, x: '4' }), ['"1"', '"2"', '"3"'])
    assert.deepEqual(selected('$.*', { a: '1', b: { c: '2' } }), ['"1"', '"2"'])
    assert.deepEqual(selected('$[*]', ['1', '2']), ['"1"', '"2"'])
  })

  it('binds everything below what it selects, less narrowly than what is bound there', () => {
    const lines: Line[] = [
      ['address', '$.home'],
      ['postcode', key('zip')],
    ]
    const r = read(lines, { home: { street: '1', deep: [{ x: '2' }], zip: '3' } })
    assert.deepEqual(r.bound('"1"'), ['address whole'])
    assert.deepEqual(r.bound('"2"'), ['address whole'])
    assert.deepEqual(r.bound('"3"'), ['postcode whole'])
  })

  it('gives a filter its condition, in the object it stands on', () => {
    const r = read([['x', "$.list[?(@.t.k == 'v')].a"]], { list: [{ t: { k: 'v' }, a: '1' }, { a: '2' }] }, BOUND)
    assert.deepEqual(r.bound('"1"'), ['x whole if'])
    assert.deepEqual(r.site('"v"').witnesses, [r.site('"1"').candidates[0]!.condition])
    assert.equal(r.scopes().length, 2)
  })
})

describe('keys that are payload', () => {
  const keys = (payload: object | string, lines: readonly Line[] = [['x', key('a')]], options = {}) =>
    read(lines, payload, ALL, options).keys()

  it('are those with six digits, a detector hit, and in strict plans any odd character', () => {
    assert.deepEqual(keys({ abc: 1, a1b2c3: 1, 'x-y.z_1': 1, K12345: 1, '': 1 }), [])
    assert.deepEqual(
      keys({ '500103199003070025': {}, MR123456: 1, '１２３４５６': 1, '138 1234 5678': 1, 渝A12345: 1, 'a@b.com': 1 })
        .length,
      6,
    )
    assert.deepEqual(keys({ 备注: 1, 'a b': 1 }), [])
    assert.deepEqual(keys({ 备注: 1, 'a b': 1, ok: 1 }, [['x', key('a')]], { strictKeys: true }), ['"备注"', '"a b"'])
    assert.deepEqual(keys('{"\\u0031\\u0032\\u0033456":1}'), ['"\\u0031\\u0032\\u0033456"'])
  })

  it('are not those that are bound, and are found where nothing else matters', () => {
    assert.deepEqual(keys({ 姓名: 1 }, [['x', key('姓名')]], { strictKeys: true }), [])
    const r = read([['x', '$.a']], { b: { c: [{ '500103199003070025': 1, 备注: 1, z: 1 }] } }, BOUND)
    assert.deepEqual(r.keys(), ['"500103199003070025"'])
    assert.equal(r.tape.count, 1)
  })
})

describe('HIS values', () => {
  it('write a number that becomes text as the entry says', () => {
    const written = (onTypeConflict: 'string' | 'null' | 'drop', text: string, raw = '13812345678') => {
      const r = read([['x', key('a')]], `{"a":${raw},"b":1.10}`, ALL, { onTypeConflict })
      return r.replace(raw, text) ? r.finish() : r.remove(raw).finish()
    }
    assert.equal(written('string', '138****5678'), '{"a":"138****5678","b":1.10}')
    assert.equal(written('null', '***'), '{"a":null,"b":1.10}')
    assert.equal(written('drop', '***'), '{"b":1.10}')
    for (const how of ['string', 'null', 'drop'] as const) assert.equal(written(how, '12.50'), '{"a":12.50,"b":1.10}')
    assert.equal(written('string', '***', 'true'), '{"a":"***","b":1.10}')
  })

  it('escape what must be, and read escapes', () => {
    const r = read([['x', key('a')]], '{"a":"\\u5f20\\n","b":2}')
    const at = r.leaf('"\\u5f20\\n"') << 2
    const [head, , start, end] = r.tape.words.slice(at, at + 4)
    assert.equal(r.doc.text(head!, start!, end!), '张\n')
    assert.equal(r.doc.plain(head!, start!, end!), false)
    assert.ok(r.replace('"\\u5f20\\n"', 'q"\\\u0001\ud800张'))
    assert.equal(r.finish(), '{"a":"q\\"\\\\\\u0001\\ud800张","b":2}')
  })

  it('know the envelope of an answer at the root only', () => {
    const r = read([], { code: 0, msg: '成功', success: true, data: { code: '1', msg: 'ok' } })
    for (const raw of ['0', '"成功"', 'true']) assert.ok(r.site(raw).structure?.test(JSON.parse(raw).toString()), raw)
    assert.equal(r.site('"ok"').structure, null)
    assert.ok(!r.site('"成功"').structure!.test('张三不存在'))
    assert.ok(!r.site('0').structure!.test('13812345678'))
    assert.equal(read([], [{ code: 0 }]).site('0').structure, null)
  })
})

describe('HIS rows and records', () => {
  it('counts rows at the row path, in the usual envelopes, else one', () => {
    const rows = (payload: unknown, path: string | null = null) =>
      read([['x', '$.no']], payload, BOUND, { rows: path }).doc.rows()
    assert.equal(rows({ data: { rec: [{}, {}, {}] } }, '$.data.rec'), 3)
    assert.equal(rows({ data: { rec: [{}, {}, {}] } }, '$.data.rec[*]'), 3)
    assert.equal(rows({ data: [{}, {}] }), 2)
    assert.equal(rows({ data: { list: [{}] } }), 1)
    assert.equal(rows({ data: [] }), 0)
    assert.equal(rows([{}, {}]), 2)
    assert.equal(rows({ a: 1 }), 1)
  })

  it('takes rows out of their list and lowers the totals', () => {
    const payload = { code: 0, data: { total: 3, list: [{ a: 1 }, { a: 2 }, { a: 3 }] } }
    const r = read([['x', key('a')]], payload, { ...ALL, levelSearch: true }, { rows: '$.data.list' })
    assert.equal(r.scopes().filter((s) => s.flags === 'record').length, 4, 'three rows and what stands around them')
    const out = JSON.parse(r.removeScope('record', 1).removeScope('record', 3).finish())
    assert.deepEqual(out, { code: 0, data: { total: 1, list: [{ a: 2 }] } })
  })

  it('is one record where no rows are told', () => {
    const r = read([['x', key('a')]], { a: 1, data: [{ a: 2 }] }, { ...ALL, levelSearch: true })
    assert.deepEqual(
      r.scopes().map((s) => s.flags),
      ['record'],
    )
  })

  it('gives every leaf its address, and hides keys that are payload', () => {
    const r = read([], '{"a":[{"b c":"1"}],"500103199003070025":{"x":"2"}}')
    const offsets = ['"1"', '"2"'].map((raw) => r.source.indexOf(raw))
    assert.deepEqual(r.doc.addresses([...offsets, 9999]), ['$.a[0]["b c"]', '$.?.x', '?'])
  })
})

describe('JSON conflicts', () => {
  it('are the same key in the same scope, the same label, and the same path', () => {
    const conflicts = (lines: readonly Line[]) =>
      finish(formatOf('json').conflicts(rulesOf('json', lines))).map((c) => c.where)
    assert.deepEqual(
      conflicts([
        ['a', key('xm')],
        ['b', key('XM')],
      ]),
      ['xm'],
    )
    assert.deepEqual(
      conflicts([
        ['a', key('xm', 'p')],
        ['b', key('xm', 'P')],
      ]),
      ['p > xm'],
    )
    assert.deepEqual(
      conflicts([
        ['a', key('xm', 'p')],
        ['b', key('xm')],
      ]),
      [],
    )
    assert.deepEqual(
      conflicts([
        ['a', { pair: '姓名' }],
        ['b', { pair: '姓名' }],
      ]),
      ['pair 姓名'],
    )
    assert.deepEqual(
      conflicts([
        ['a', '$.x[*].y'],
        ['b', '$..y'],
      ]),
      ['$.x[*].y'],
    )
    assert.deepEqual(
      conflicts([
        ['a', '$.x'],
        ['b', key('x')],
        ['c', '$.x', 'his'],
      ]),
      [],
    )
  })
})
